"""The counted part of docs/price_differences.md: every price that a public table lists and we hold otherwise, by kind.

    python benchmarks/price_differences.py --from litellm==1.110.2@2026-11-24 --from genai-prices==0.2.3@2026-11-20
    python benchmarks/price_differences.py [--check]

With `--from`, the tables are read by the adapters of `catalog refresh` (pip brings the packages), every difference is
written to price_differences.csv beside this file, and the page is made from it. Without, the page is made anew from
that record; `--check` writes nothing and leaves with 1 where page and record differ, or where the catalogue holds
another figure now than the record says: then compare again.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE, Table
from mlquote.cli.refresh import listing_of
from mlquote.store.files import bundled_folder, snapshot_from_files
from mlquote.upstreams.listing import Listed, Listing
from mlquote.upstreams.review_file import printed

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "price_differences.md"
RECORD = HERE / "price_differences.csv"
BEGIN, END = "<!-- counted: benchmarks/price_differences.py -->", "<!-- end of what is counted -->"
COLUMNS: Final = ("kind", "fact", "held", "listed", "key")
ROUNDED: Final = Decimal("0.015")
"""Two figures that are no further apart than this are one figure, printed with fewer digits."""

KINDS: Final[Mapping[str, str]] = {
    "both list another": "both tables list the same figure and it is not ours: each is named below",
    "contradicted": "the tables contradict each other, and the other one lists our figure",
    "three figures": "the tables contradict each other and us",
    "rounded": "the same figure with fewer digits",
    "one lists another": "one table alone lists it, and not the figure that we hold from a page or an older table",
    "thinking": "thinking tokens with a price of their own: they are billed as output, which we price",
    "by the second": "a price by the second that restates one by the hour, the minute or the token, rounded",
    "no such tier": "a long-context price of a model whose price without it we hold",
    "no such price": "a model that we price, and a meter or a mode of it that we do not",
    "no such model": "a model that we do not price at a seller that we have",
    "no such seller": "a seller that we do not have",
}
"""Every kind of difference, and what it means."""

Facts = Mapping[tuple[str, tuple[object, ...]], Mapping[str, Listed]]


def differences(catalog: Snapshot, when: datetime, facts: Facts) -> Iterator[dict[str, str]]:
    """One row a price of tokens that a table lists and we hold otherwise, or not."""
    sellers = {row.provider for row in catalog.effective("token_prices", when)}
    models = {(row.provider, row.model) for row in catalog.effective("token_prices", when)}
    for (table, key), listed in sorted(facts.items(), key=str):
        row = catalog.held(table, *key, moment=when) if table == "token_prices" else None
        figures = {name: fact.figure for name, fact in listed.items()}
        if table != "token_prices" or (row is not None and set(figures.values()) == {row.usd}):
            continue
        known = (
            _unpriced(TABLE[table], key)
            if key[:2] in models
            else f"no such {'model' if key[0] in sellers else 'seller'}"
        )
        yield {
            "kind": known if row is None else _kind(row.usd, list(figures.values())),
            "fact": "/".join(str(part) for part in key if part not in ("", None)),
            "held": printed(None if row is None else row.usd),
            "listed": "; ".join(f"{name} {printed(figure)}" for name, figure in sorted(figures.items())),
            "key": json.dumps(key),
        }


def _unpriced(table: Table, key: Sequence[object]) -> str:
    named = dict(zip(table.key, key, strict=True))
    if named["meter"] == "reasoning_output":
        return "thinking"
    if named["unit"] == "per_second":
        return "by the second"
    return "no such tier" if named["tier_tokens"] else "no such price"


def _kind(held: Decimal, figures: Sequence[object]) -> str:
    others = [Decimal(str(figure)) for figure in figures if figure != held]
    if all(abs(other - held) <= ROUNDED * held for other in others):
        return "rounded"
    if len(others) < len(figures):
        return "contradicted"
    if len(figures) == 1:
        return "one lists another"
    return "both list another" if len(set(others)) == 1 else "three figures"


def facts_of(listings: Iterable[Listing]) -> Facts:
    """What is listed of each fact, by the table that lists it."""
    facts: dict[tuple[str, tuple[object, ...]], dict[str, Listed]] = defaultdict(dict)
    for listing in listings:
        for place, fact in listing.facts.items():
            facts[place][listing.upstream.name] = fact
    return facts


def page(record: Sequence[Mapping[str, str]]) -> str:
    """The part of the page that the record gives."""
    first, *rows = record
    kinds = Counter(row["kind"] for row in rows)
    lines = [
        f"Of {int(first['held']):,} prices that {first['listed']} list, {int(first['held']) - len(rows):,} are ours "
        f"to the last digit. The other {len(rows):,}:",
        "",
        "| kind | prices | models | an example |",
        "| --- | --- | --- | --- |",
    ]
    for kind, meaning in KINDS.items():
        members = [row for row in rows if row["kind"] == kind]
        named = len({tuple(json.loads(row["key"])[:2]) for row in members})
        lines.append(f"| **{kind}**: {meaning} | {kinds[kind]:,} | {named:,} | {_example(members)} |")
    against = [row for row in rows if row["kind"] in ("both list another", "three figures")]
    lines += ["", "Where both tables stand against us:" if against else "No price stands against both tables.", ""]
    lines += [f"- `{row['fact']}`: {row['held']}, listed {row['listed']}" for row in against]
    return "\n".join(lines).rstrip() + "\n"


def _example(members: Sequence[Mapping[str, str]]) -> str:
    if not members:
        return ""
    row = members[len(members) // 2]
    return (
        f"`{row['fact'].removesuffix('/text/standard/per_million_tokens')}`: {row['held'] or 'none'}; {row['listed']}"
    )


def compared(catalog: Snapshot, when: datetime, sources: Sequence[str]) -> list[dict[str, str]]:
    """The record: how many prices which tables list, then every difference."""
    listings = [listing_of(catalog, when, source) for source in sources]
    facts = {place: listed for place, listed in facts_of(listings).items() if place[0] == "token_prices"}
    names = " and ".join(f"{listing.upstream.name} of {listing.upstream.day}" for listing in listings)
    head = {"kind": "all", "fact": "", "held": str(len(facts)), "listed": names, "key": ""}
    return [head, *differences(catalog, when, facts)]


def moved(catalog: Snapshot, when: datetime, record: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Differences of the record that the catalogue holds another figure of now."""
    for row in record[1:]:
        held = catalog.held("token_prices", *_key(row["key"]), moment=when)
        now = printed(None if held is None else held.usd)
        if now != row["held"]:
            yield f"{row['fact']}: {row['held'] or 'none'} in the record, {now or 'none'} now"


def _key(text: str) -> tuple[object, ...]:
    key = tuple(json.loads(text))
    return key if len(key) == len(TABLE["token_prices"].key) else ()


def main(arguments: Sequence[str]) -> int:
    """Compare, write the page, or hold both to each other and to the catalogue."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--from", dest="sources", action="append", default=[], metavar="NAME==VERSION@DAY")
    asked, catalog = parser.parse_args(arguments), snapshot_from_files(bundled_folder())
    when = datetime.combine(catalog.release.published_on, time(12), UTC)
    if asked.sources:
        with RECORD.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(compared(catalog, when, asked.sources))
    with RECORD.open(newline="") as file:
        record = list(csv.DictReader(file))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    made = f"{before}{BEGIN}\n\n{page(record)}\n{END}{rest.partition(END)[2]}"
    stale = [
        *moved(catalog, when, record),
        *([f"{PAGE.name} is not what the record gives"] * (PAGE.read_text() != made)),
    ]
    if not asked.check:
        PAGE.write_text(made)
        stale.pop() if stale and stale[-1].startswith(PAGE.name) else None
    for words in stale:
        print(words, file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
