"""What should be done for a budget, and what does a lower loss cost: plans, under every law that foretells a loss."""
