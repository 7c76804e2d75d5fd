"""What a nightly run does besides running: one issue for each root finding, opened, updated and closed by itself."""
