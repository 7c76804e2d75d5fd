"""From observations to findings, and from findings to a report."""
