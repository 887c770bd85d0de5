"""Answers for eyes. Renderers take plain mappings and learn a unit from the field's suffix."""
