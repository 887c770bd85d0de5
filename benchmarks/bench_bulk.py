"""Tables of usage priced by columns, beside a scan of the same Parquet and genai-prices row by row, in one run.

    python benchmarks/bench_bulk.py --rows 10000000

Rows name every model of the catalogue that prices all four counts (Zipf), within the time in which those hold. `scan`
reads and touches every column. Our figures are warm: spellings are resolved once a process (`cold_s` has that in it).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.token_models import price_list
from mlquote.spend.delivered.walk import Delivery
from mlquote.spend.usage_groups import Grouping
from mlquote.store.engines.files import Run, bill_of_files
from mlquote.store.engines.logs import columnar_bill
from mlquote.store.engines.parts import PricedParts
from mlquote.store.files import bundled_folder, snapshot_from_files

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_PEER = Path(__file__).parents[1] / ".peers" / "prices" / "bin" / "python"
_PEER_ROWS = 20_000
_PEER_RUN = f"""
import time
from datetime import UTC, datetime
from genai_prices import Usage, calc_price
refs = [("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-5"), ("google", "gemini-2.5-pro"), ("openai", "o3")]
at, started = datetime(2026, 11, 20, tzinfo=UTC), time.perf_counter()
for n in range({_PEER_ROWS}):
    provider, model = refs[n & 3]
    calc_price(Usage(input_tokens=1000 + n, output_tokens=300, cache_read_tokens=500), model_ref=model,
               provider_id=provider, genai_request_timestamp=at)
print((time.perf_counter() - started) / {_PEER_ROWS})
"""
_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


def made(catalog: Snapshot, rows: int, folder: Path) -> Path:
    """A log of so many rows."""
    cards = [c for models in catalog.derived(price_list).cards.values() for c in models.values()]
    cards = [c for c in cards if "standard" in c.processings and not c.windows and _priced(c)]
    random = np.random.default_rng(3)
    weights = 1 / np.arange(1, len(cards) + 1) ** 1.1
    order = random.permutation(len(cards))
    names = [pa.array([getattr(cards[i], field) for i in order]) for field in ("provider", "model")]
    teams = pa.array([f"team-{n}" for n in range(40)])
    writer, start = None, int(datetime(2026, 11, 11, tzinfo=UTC).timestamp() * 1e6)
    file = folder / "usage.parquet"
    for done in range(0, rows, 1_000_000):
        n = min(1_000_000, rows - done)
        chosen = random.choice(len(cards), n, p=weights / weights.sum()).astype(np.int32)
        columns = {"timestamp": pa.array(start + random.integers(0, 12 * 86_400 * 10**6, n), pa.timestamp("us", "UTC"))}
        for field, values in zip(("provider", "model"), names, strict=True):
            columns[field] = pa.DictionaryArray.from_arrays(pa.array(chosen), values).cast(pa.string())
        for count, mean in zip(_COUNTS, (7.5, 5.5, 6.0, 4.0), strict=True):
            columns[count] = pa.array(random.lognormal(mean, 1.2, n).astype(np.int64))
        columns["labels.team"] = pa.DictionaryArray.from_arrays(
            pa.array(random.integers(0, 40, n).astype(np.int32)), teams
        ).cast(pa.string())
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=250_000)
    if writer is not None:
        writer.close()
    return file


def _priced(card: object) -> bool:
    ladder = card.ladder(datetime(2026, 11, 12, tzinfo=UTC))  # type: ignore[attr-defined]
    return all(count in ladder[0].rates for count in _COUNTS)


def scan(file: Path) -> None:
    """Every column read and touched once."""
    sums = ", ".join(f"sum({count})" for count in _COUNTS)
    read = f"read_parquet('{file}')"
    names = 'min(epoch_us(timestamp)), max(provider), max(model), max("labels.team")'
    duckdb.connect().execute(f"SELECT count(*), {names}, {sums} FROM {read}").fetchall()


def taken(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=3_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    said = asked.parse_args()
    catalog = snapshot_from_files(bundled_folder())
    with tempfile.TemporaryDirectory() as folder:
        file = made(catalog, said.rows, Path(folder))

        def bill(by: str) -> Callable[[], object]:
            return lambda: columnar_bill([file], catalog, NOW, Grouping(tuple(filter(None, by.split(",")))))

        cold = taken(bill(""))

        def written() -> None:
            with tempfile.TemporaryDirectory() as out:
                parts = PricedParts(Path(out), [file], {}, NOW)
                bill_of_files([file], catalog, NOW, Grouping(()), Delivery(), Run(out=parts))

        ways = {"totals" if not by else f"by {by}": bill(by) for by in ("", "label.team", "day", "model")}
        ways["rows written"] = written
        found: dict[str, list[float]] = {name: [] for name in ways}
        scans = []
        for _ in range(said.rounds):
            base = taken(lambda: scan(file))
            scans.append(base)
            for name, way in ways.items():
                found[name].append(taken(way) / base)
        base = statistics.median(scans)
        peer = None
        if _PEER.exists():
            run = subprocess.run([_PEER, "-c", _PEER_RUN], capture_output=True, text=True, check=True)
            peer = float(run.stdout) * said.rows
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"rows": said.rows, "scan_s": base, "cold_s": cold, "peak_mib": memory}))
        for name, ratios in found.items():
            ratio = statistics.median(ratios)
            beside = f", {peer / (ratio * base):.0f} x genai-prices row by row" if peer else ""
            print(f"{name:<16} {ratio:.2f} x scan ({min(ratios):.2f} to {max(ratios):.2f}){beside}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
