"""What other public tables list now, as candidate rows of ours, and how they stand beside what we hold."""
