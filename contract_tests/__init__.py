"""The contract side of the project: the stateful mock, the checks, the suites, the drift report."""
