"""Rules that the hand-written description has to keep."""
