"""Other public tables, read from small ones of the same shape."""
