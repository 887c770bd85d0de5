"""Losses as they are declared: name, kernel, parameters, shapes; one list a subject."""
