"""Paying a provider per token: usage, prices in effect, bills, workloads."""
