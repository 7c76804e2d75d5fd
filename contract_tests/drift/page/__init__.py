"""The drift report as one self-contained page: no network, light and dark, usable by keyboard."""
