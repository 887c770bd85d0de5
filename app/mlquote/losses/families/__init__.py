"""The losses themselves, a family a file."""
