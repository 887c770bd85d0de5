"""What else is done with a loss: solving, descending, looking, choosing, comparing."""
