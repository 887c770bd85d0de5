"""J(theta), complete in itself: losses, their gradients, weights, penalties, and what is done with a J."""
