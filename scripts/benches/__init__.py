"""What ``python3 -m scripts bench`` measures, one subject a file."""
