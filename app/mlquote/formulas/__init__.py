"""The science: numbers in, numbers out."""
