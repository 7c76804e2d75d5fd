"""Requests that Schemathesis derives from the description: examples, coverage, fuzzing and linked walks."""
