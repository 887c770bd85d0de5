"""Random rows of usage, each priced by an engine and by a single quote: what differs is printed, and fails.

    python benchmarks/bulk_equal.py --rows 100000 --engine duckdb
    python benchmarks/bulk_equal.py --rows 20000 --engine postgresql://postgres@127.0.0.1:5432/postgres
    python benchmarks/bulk_equal.py --rows 5000 --engine spark

Rows are over every meter, mode, tier, provider, region and date of the catalogue, with names as people write them and
some that lead nowhere. Rows left to the reader of lines are priced by the single quote itself, and are counted.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from mlquote.spend.columns.expression import Lane
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.logs import EMBEDDED, ColumnPrices, priced_in
from mlquote.store.files import bundled_folder, snapshot_from_files
from tests.store.engines.random_usage import random_rows
from tests.store.engines.test_logs import unequal_rows, written

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_PART = 20_000


def main() -> int:
    """Compare, part by part."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--engine", default=EMBEDDED)
    asked.add_argument("--seed", type=int, default=0)
    said = asked.parse_args()
    catalog = snapshot_from_files(bundled_folder())
    unequal, by_line, started = 0, 0, time.perf_counter()
    for part in range(0, said.rows, _PART):
        rows = list(random_rows(catalog, min(_PART, said.rows - part), said.seed + part))
        with tempfile.TemporaryDirectory() as folder:
            log = DuckLog()
            log.read_parquet([written(Path(folder), rows)])
            layout = log.layout()
            if layout is None:
                raise SystemExit("the rows are no table of counts")
            log.arrange(layout, None)
            with priced_in(said.engine, log, layout) as engine:
                prices = ColumnPrices(engine, layout, catalog, NOW)
                by_line += sum(lane == Lane.BY_LINE for _, lane, _ in prices.other_rows())
                wrong = unequal_rows(rows, prices, catalog, NOW)
            log.close()
        unequal += len(wrong)
        for told in wrong[:5]:
            print(told)
        done = part + len(rows)
        print(f"{done} rows: {unequal} unequal, {by_line} by line, {time.perf_counter() - started:.0f} s", flush=True)
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
