"""How many spans a second are decoded, priced and sorted into trees: `python benchmarks/bench_otlp.py [SPANS]`.

One core, one export of spans of eight attributes, each in a trace of its own; what the database does is not in it. The
catalogue is frozen for the garbage collector, as the service freezes it.
"""

import gc
import os
import sys
import time
from datetime import UTC, datetime

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from mlquote.spend.span_bills import read_spans, settled
from mlquote.spend.span_export import spans_of
from mlquote.store.files import bundled_folder, snapshot_from_files

MODELS = ("gpt-4o", "gpt-5", "gpt-4o-mini")
WANTED = 40_000


def export(count: int) -> bytes:
    """An export of so many calls, in protobuf."""
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.add(key="team").value.string_value = "nlp"
    spans = group.scope_spans.add().spans
    for place in range(count):
        span = spans.add(trace_id=os.urandom(16), span_id=os.urandom(8), start_time_unix_nano=1_795_161_600 * 10**9)
        words = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
                 "gen_ai.response.model": MODELS[place % 3], "gen_ai.response.id": f"resp_{place}"}  # fmt: skip
        numbers = {"gen_ai.usage.input_tokens": 1000 + place % 977, "gen_ai.usage.output_tokens": 50 + place % 89,
                   "gen_ai.usage.cache_read.input_tokens": place % 800, "server.port": 443}  # fmt: skip
        for name, word in words.items():
            span.attributes.add(key=name).value.string_value = word
        for name, number in numbers.items():
            span.attributes.add(key=name).value.int_value = number
    return request.SerializeToString()


def main() -> None:
    """Time three rounds and tell the best."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    catalog, now, body = snapshot_from_files(bundled_folder()), datetime.now(UTC), export(count)
    gc.freeze()
    rates = []
    for _ in range(3):
        began = time.process_time()
        read = read_spans(spans_of(body, is_protobuf=True), catalog, now, "team")
        paid = sum(span.is_paid for span in settled((), read.spans).fresh)
        rates.append(count / (time.process_time() - began))
        assert paid == count
    print(f"{max(rates):,.0f} spans/s of one core's time; wanted {WANTED:,}")


if __name__ == "__main__":
    main()
