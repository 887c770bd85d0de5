"""mlquote catalog refresh and amend: what other tables list now, reviewed by a person, then written as rows."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed, unknown_name
from mlquote.store.amended import amend as amended
from mlquote.store.files import bundled_folder, snapshot_from_files
from mlquote.store.upstream_files import at_hand, packaged
from mlquote.upstreams.amending import amendments
from mlquote.upstreams.listing import UNIT, Listing, Upstream
from mlquote.upstreams.names import SoldHere
from mlquote.upstreams.registry import ADAPTERS
from mlquote.upstreams.review import Proposal, Review, review_of
from mlquote.upstreams.review_file import printed, rendered, taken_in

out = Console(highlight=False, soft_wrap=True)

_WRITTEN = re.compile(r"(?P<name>[A-Za-z0-9._-]+?)(?:==(?P<version>[^@=]+)|=(?P<path>[^@]+))(?:@(?P<day>\S+))?")
_WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)-.*\.whl")
_FROM = "NAME==VERSION of a package, NAME=PATH or a wheel, with @YYYY-MM-DD where its day is not in the archive"
_LINES_A_KIND = 40
_ORDER = ("changed", "retired", "new", "gone", "new-seller")


@dataclass(frozen=True, slots=True)
class _Source:
    """An upstream as it was asked for."""

    name: str
    version: str
    path: Path | None
    day: date | None


def refresh(
    sources: Annotated[list[str], typer.Option("--from", help=_FROM)],
    since: Annotated[
        list[str] | None, typer.Option(help="an older version of one of them, or NAME for the last that rows name")
    ] = None,
    review: Annotated[Path | None, typer.Option(help="write the review to this CSV file, for `catalog amend`")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="the pricing_data to compare with; default: the bundled one")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day whose rows are compared; default: today")
    ] = None,
) -> None:
    """Show how other public tables differ from the catalogue; nothing is written but the review."""
    when = datetime.combine(as_of or datetime.now(UTC), time(12), UTC)
    catalog = snapshot_from_files(folder or bundled_folder())
    listings = [listing_of(catalog, when, text) for text in sources]
    found = review_of(
        catalog, when, listings, before=[listing_of(catalog, when, _last_read(catalog, text)) for text in since or ()]
    )
    _print(found)
    if review is not None:
        review.write_text(rendered(found), "utf-8")
        out.print(f"wrote {review}: set take to yes or no, then: mlquote catalog amend {review}", markup=False)


def amend(
    review: Annotated[Path, typer.Argument(help="a review of `catalog refresh`, its rows with take = yes are written")],
    folder: Annotated[Path | None, typer.Option(help="the pricing_data to write to; default: the bundled one")] = None,
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day of the release they make; default: today")
    ] = None,
    note: Annotated[str, typer.Option(help="what the release says of itself; default: which tables were read")] = "",
) -> None:
    """Write the differences that a person took: the held row closed, the listed one opened; all or nothing."""
    where = folder or bundled_folder()
    taken = list(taken_in(review.read_text("utf-8")))
    if not taken:
        out.print("no difference is taken: nothing written, the release stands")
        return
    catalog = snapshot_from_files(where)
    read = sorted({name for one in taken for name in one.read_from.split("; ")})
    written = amended(
        where,
        [change for one in taken for change in amendments(catalog, one)],
        published_on=(published_on or datetime.now(UTC)).date(),
        note=note or f"{len(taken)} facts as listed by {', '.join(read)}.",
    )
    out.print(f"{len(taken):,} facts written; sound: they make release {written.release.id}")


def listing_of(catalog: Snapshot, when: datetime, text: str) -> Listing:
    """What one `--from` lists: NAME==VERSION@DAY, NAME=PATH or a wheel.

    Raises: Malformed where it names no upstream, or not its day; UnknownName of an upstream that no adapter reads
    """
    source = _source(text)
    adapter = ADAPTERS.get(source.name)
    if adapter is None:
        raise unknown_name("upstream", source.name, ADAPTERS, pointer="--from")
    if source.path is None:
        texts, day = packaged(source.name, source.version, adapter.files)
    else:
        texts, day = at_hand(source.path, adapter.files)
    seen = source.day or day
    if seen is None:
        raise Malformed(
            f"{text} does not say of which day it is",
            hint=f"add the day that version was published: {text}@{when:%Y-%m-%d}",
        )
    return adapter.read(texts, Upstream(source.name, source.version, seen), SoldHere(catalog, when))


def _last_read(catalog: Snapshot, text: str) -> str:
    """NAME==VERSION@DAY of the newest version of NAME that rows were read from; other words as they are."""
    if text not in ADAPTERS:
        return text
    read: dict[str, date] = {}
    for row in catalog.rows("token_prices"):
        for name in row.read_from.split("; "):
            lineage, _, version = name.partition(" ")
            if lineage == text and row.checked_on and re.fullmatch(r"[0-9.]+", version):
                read[version] = max(row.checked_on, read.get(version, date.min))
    if not read:
        raise Malformed(f"no row was read from a version of {text}", pointer="--since", hint=f"{text}==VERSION@DAY")
    newest = max(read, key=lambda version: [int(part) for part in version.split(".") if part])
    return f"{text}=={newest}@{read[newest]}"


def _source(text: str) -> _Source:
    bare, _, day = text.partition("@")
    wheel = _WHEEL.fullmatch(Path(bare).name)
    if wheel is not None and "==" not in text and Path(bare).exists():
        name = wheel["name"].replace("_", "-").lower()
        return _Source(name, wheel["version"], Path(bare), date.fromisoformat(day) if day else None)
    written = _WRITTEN.fullmatch(text)
    try:
        if written is None:
            raise ValueError(text)
        day_of = date.fromisoformat(written["day"]) if written["day"] else None
    except ValueError:
        raise Malformed(f"{text!r} names no upstream", pointer="--from", hint=_FROM) from None
    path = Path(written["path"]) if written["path"] else None
    version = written["version"] or (f"of {day_of}" if day_of else "")
    return _Source(written["name"].lower(), version, path, day_of)


def _print(review: Review) -> None:
    sections: Iterable[tuple[str, Callable[[Proposal], bool]]] = (
        ("Proposed: lineages agree, nothing smells", lambda p: p.proposed),
        ("Suspicious: look before taking", lambda p: bool(p.suspicions) and p.kind != "new-seller"),
        ("Changed, listed by one or disputed", lambda p: p.kind == "changed"),
        ("New, listed by one or disputed", lambda p: p.kind == "new"),
        ("Retired", lambda p: p.kind == "retired"),
        ("Ours only: no longer listed", lambda p: p.kind == "gone"),
    )
    shown: set[tuple[str, tuple[object, ...]]] = set()
    for title, belongs in sections:
        members = [p for p in review.proposals if belongs(p) and (p.table, p.key) not in shown]
        members.sort(key=lambda p: _ORDER.index(p.kind))
        shown.update((p.table, p.key) for p in members)
        if members:
            out.print(f"\n{title} ({len(members)})", markup=False)
            for proposal in members[:_LINES_A_KIND]:
                out.print(f"  {_line(proposal)}", markup=False)
            if len(members) > _LINES_A_KIND:
                out.print(f"  ... and {len(members) - _LINES_A_KIND:,} more: --review FILE holds them all")
    _print_counts(review)


def _print_counts(review: Review) -> None:
    sellers = Counter(str(p.key[0]) for p in review.proposals if p.kind == "new-seller")
    if sellers:
        named = ", ".join(f"{seller} {count}" for seller, count in sellers.most_common(12))
        out.print(f"\nSellers we do not hold ({len(sellers)}): {named}", markup=False)
    for name, reasons in review.unread.items():
        if reasons:
            most = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
            said = "; ".join(f"{reason} ({count})" for reason, count in most[:6])
            out.print(f"Not read of {name}: {sum(reasons.values()):,}: {said}", markup=False)
    proposed = sum(p.proposed for p in review.proposals)
    out.print(
        f"\n{review.same:,} facts agree, {review.standing:,} differ as before, {len(review.proposals):,} differ anew, "
        f"{proposed:,} of them proposed"
    )


def _line(proposal: Proposal) -> str:
    held, listed = (printed(figure) or "none" for figure in (proposal.held, proposal.listed))
    listed += UNIT.get(proposal.table, "")
    moved = f" ({proposal.percent:+}%)" if proposal.percent is not None else ""
    by = ", ".join(upstream.name for upstream in proposal.agreeing)
    against = f", not by {', '.join(upstream.name for upstream in proposal.against)}" if proposal.against else ""
    smell = f"  [{'; '.join(proposal.suspicions)}]" if proposal.suspicions else ""
    return f"{proposal.label}: {held} -> {listed}{moved}  {by}{against}{smell}"
