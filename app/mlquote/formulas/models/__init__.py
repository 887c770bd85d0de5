"""What a model is in numbers: sizes, parameters, FLOP, caches."""
