"""Which model is meant, and how much arithmetic it is."""
