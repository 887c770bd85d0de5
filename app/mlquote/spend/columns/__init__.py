"""A usage log as columns: what they mean, the price cells that hold for them, the one expression that joins both."""
