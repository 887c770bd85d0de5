"""docs/accuracy.md: of the rows that were held against a source again, how many were wrong, table by table.

    python benchmarks/accuracy.py [--check]
    python benchmarks/accuracy.py --draw TABLE COUNT SEED

The record is pricing_data/verifications.csv: what was looked at, against which source, on which day, and how that
went. `--draw` prints rows of a table that stand today, drawn by a seed so that nobody chooses them: look each up at its
source, and write what you find as rows of the record. `--check` writes nothing, and says (and leaves with 1) where the
page is not what the record gives.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from math import sqrt
from pathlib import Path
from random import Random

from mlquote.catalog.rows import Verification
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.store.files import bundled_folder, snapshot_from_files

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
Z = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(wrong: int, looked_at: int) -> tuple[float, float]:
    """The 95 % interval of a rate of which `wrong` of `looked_at` were seen.

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
    Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927)
    """
    if looked_at == 0:
        return 0.0, 1.0
    rate, square = wrong / looked_at, Z * Z / looked_at
    middle = rate + square / 2
    half = Z * sqrt(rate * (1 - rate) / looked_at + square / (4 * looked_at))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def drawn(catalog: Snapshot, table: str, count: int, seed: int) -> list[str]:
    """Labels of rows in effect on the day of the release, the same for the same rows and seed."""
    day = datetime.combine(catalog.release.published_on, time(), UTC)
    labels = sorted(TABLE[table].label(row) for row in catalog.effective(table, day))
    return sorted(Random(f"{table}/{seed}").sample(labels, min(count, len(labels))))


def page(catalog: Snapshot) -> str:
    """The page that the record gives."""
    record: Sequence[Verification] = catalog.rows("verifications")
    tables = [name for name in TABLE if any(row.table_name == name for row in record)]
    silent = [f"`{name}`" for name in TABLE if name not in tables and name not in _OURS and catalog.rows(name)]
    summary = [_line(f"`{name}`", [row for row in record if row.table_name == name]) for name in tables]
    samples = [
        _line(f"{sample} | `{name}` | {against}", members)
        for (sample, name, against), members in sorted(_groups(record).items())
    ]
    wrong = [
        f"- {row.sample}: `{row.table_name}` {row.row or f'{row.rows} rows'}: {row.fields}. {row.note}.".rstrip()
        for row in record
        if row.verdict == "wrong"
    ]
    return _PAGE.format(
        summary="\n".join(summary), samples="\n".join(samples), wrong="\n".join(wrong), silent=", ".join(silent)
    )


def _groups(record: Iterable[Verification]) -> dict[tuple[str, str, str], list[Verification]]:
    groups: dict[tuple[str, str, str], list[Verification]] = {}
    for row in record:
        groups.setdefault((row.sample, row.table_name, row.against), []).append(row)
    return groups


def _line(named: str, members: Iterable[Verification]) -> str:
    counts = {"right": 0, "wrong": 0, "unverifiable": 0}
    last = ""
    for row in members:
        counts[row.verdict] += row.rows
        last = max(last, str(row.checked_on or ""))
    looked_at = counts["right"] + counts["wrong"]
    low, high = wilson(counts["wrong"], looked_at)
    rate = f"{counts['wrong'] / looked_at:.1%} [{low:.1%}, {high:.1%}]" if looked_at else "unknown"
    return f"| {named} | {looked_at} | {counts['wrong']} | {rate} | {counts['unverifiable']} | {last} |"


_OURS = frozenset({"judged", "verifications", "doubts", "defaults", "fitted_factors", "efficiency_anchors",
                   "serving_constants", "aliases", "sources"})  # fmt: skip
"""Tables whose rows are our own words and fits, tested elsewhere."""

_PAGE = """# How often a row is wrong

What we hold was copied, so the question is how often the copy, or what it was copied from, is wrong. At each release
rows are drawn by a seed, looked up again and recorded, a row a verdict, in `pricing_data/verifications.csv` (`GET
/v1/catalog/verifications`). This page is made from that record by `benchmarks/accuracy.py`; a rate is of the rows
that could be held against a source, in brackets its 95 % Wilson interval. What is found wrong is mended, and stays
counted.

A match with a named source is transcription, not truth: where one copy was held against another copy, both may be
wrong together. `against` says which it was.

## By table

| table | looked at | wrong | rate | unverifiable | last |
|---|---|---|---|---|---|
{summary}

Nothing was drawn yet from {silent}.

## By sample

| sample | table | against | looked at | wrong | rate | unverifiable | day |
|---|---|---|---|---|---|---|---|
{samples}

## What was wrong

{wrong}

## To verify again

`python benchmarks/accuracy.py --draw token_prices 40 7` prints forty keys that seed 7 draws. Look each up, where you
can at a source that the row was not read from, and write a row a verdict: `right`, `wrong` (with the field, and in
the note what is right) or `unverifiable`. Then run the script without arguments, and mend what was wrong.
"""


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--draw", nargs=3, metavar=("TABLE", "COUNT", "SEED"))
    return parser.parse_args(arguments)


def _lines(catalog: Snapshot, wanted: Sequence[str]) -> Iterator[str]:
    table, count, seed = wanted
    yield from drawn(catalog, table, int(count), int(seed))


def main(arguments: Sequence[str]) -> int:
    """Write the page, hold it to the record, or draw a sample."""
    asked, catalog = _read(arguments), snapshot_from_files(bundled_folder())
    if asked.draw:
        print("\n".join(_lines(catalog, asked.draw)))
        return 0
    made = page(catalog)
    if not asked.check:
        PAGE.write_text(made)
    elif PAGE.read_text() != made:
        print(f"{PAGE.name} is not what verifications.csv gives: run benchmarks/accuracy.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
