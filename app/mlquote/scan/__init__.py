"""What in a repository spends: calls, training configs and servers, found in its files and written as a spec."""
