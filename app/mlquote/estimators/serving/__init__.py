"""Hosting a model oneself: question, layout, operation, energy, dollars."""
