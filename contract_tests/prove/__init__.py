"""What the suite is worth: each drift of the mock is planted and has to be found and placed; nothing else may be."""
