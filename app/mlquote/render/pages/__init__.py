"""Answers as pages: HTML written from plain mappings, without a line of script or style in it."""
