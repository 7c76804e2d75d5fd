"""From findings to Overlays that a person may accept: what to write, where it is put, and what accepting does."""
