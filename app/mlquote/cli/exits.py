"""The exit codes of a verdict: 0 pass (or warn), 1 over budget, 3 could not know."""

PASSED, OVER, UNKNOWN = 0, 1, 3


class OverBudget(Exception):
    """A verdict that failed: what it prints is printed, and the program leaves with 1."""
