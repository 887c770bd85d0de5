"""OpenTelemetry spans, where they are asked for: FastAPI's own, sent by the SDK that an extra brings.

FastAPI sets the exporter up when a worker begins, after the fork, from OpenTelemetry's own OTEL_* variables. Where
spans are not asked for nothing of the SDK is imported, and no request asks whether they are.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from starlette.types import Scope

from mlquote.kit.errors import Malformed

SPANS: TelemetryConfig = {"auto_configure": True, "metrics": False, "logs": False, "operation_spans": False}
"""A span a request and nothing else: numbers are in /metrics, lines in the log."""
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_SENDER = "opentelemetry.exporter"


def spans_wanted(environment: Mapping[str, str]) -> TelemetryConfig:
    """What FastAPI is told where MLQUOTE_TRACES=1.

    Raises: Malformed where spans could not be sent anywhere: nobody would notice that they are not
    """
    if not any(environment.get(name) for name in _ENDPOINTS):
        raise Malformed("spans have nowhere to go", pointer="MLQUOTE_TRACES", hint=f"set {_ENDPOINTS[1]}")
    if find_spec(_SENDER) is None:
        raise Malformed("nothing here sends spans", pointer="MLQUOTE_TRACES", hint="pip install 'mlquote[traces]'")
    return SPANS


def trace_of(scope: Scope) -> dict[str, Any]:
    """What a log line says of the span of its request; nothing where there is none."""
    if scope.get("fastapi.telemetry") is None:
        return {}
    return {"trace": format(trace.get_current_span().get_span_context().trace_id, "032x")}
