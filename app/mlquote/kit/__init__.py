"""The shared words: errors, money, units, provenance. This room imports nothing."""
