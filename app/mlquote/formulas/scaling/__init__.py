"""Laws of loss: what a model of N parameters reaches on D tokens, how compute is best split, fits of runs."""
