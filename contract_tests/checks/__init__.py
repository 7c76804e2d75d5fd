"""Checks that look at one exchange: one a file, each ``check(description, operation, exchange)`` → findings."""
