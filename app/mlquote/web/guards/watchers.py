"""The paths of those who watch the service: they hold no key, and they are never told to wait."""

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
