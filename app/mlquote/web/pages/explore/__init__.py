"""Explore: what a query of each of its pages asks of the API's questions, and what the page tells of the answers."""
