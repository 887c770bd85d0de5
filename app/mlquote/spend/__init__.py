"""What it did cost, and may it? Budgets, the ledger, spec files, usage logs: pure, no clock, no session."""
