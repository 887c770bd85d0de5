"""Whole answers, kept: what the service said to these questions it must go on saying, byte for byte."""
