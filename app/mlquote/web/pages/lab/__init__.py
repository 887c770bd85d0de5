"""The loss lab: what a query of each of its pages asks of the losses, and what the page tells of the answers."""
