"""One question many ways: rankings, frontiers, histories."""
