"""mlquote catalog: verify the files, import them, list releases, compare two."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from mlquote.catalog.diff import FIGURES, Change, Move, changes, moves
from mlquote.catalog.freshness import freshness_of
from mlquote.cli import refresh
from mlquote.cli.database import own_database
from mlquote.kit.errors import InvalidCatalog
from mlquote.store.files import bundled_folder, read_catalog, snapshot_from_files, suspects_in
from mlquote.store.releases import digested_anew, import_folder, list_releases, load_snapshot, newest_release
from mlquote.store.releases import withdraw as withdrawn

app = typer.Typer(help="The facts: refresh, amend, verify, import, list releases, compare two.", no_args_is_help=True)
app.command()(refresh.refresh)
app.command()(refresh.amend)
Folder = Annotated[Path | None, typer.Argument(help="a pricing_data folder; default: the bundled one")]

out = Console(highlight=False, soft_wrap=True)


@app.command()
def verify(
    folder: Folder = None,
    *,
    suspects: Annotated[
        bool, typer.Option("--suspects", help="refuse sound rows that smell, unless a row of judged.csv says why not")
    ] = False,
) -> None:
    """Check every file and report every fault at once, as file:row:column."""
    where = folder or bundled_folder()
    release = read_catalog(where).release
    found = suspects_in(where) if suspects else ()
    if found:
        kinds = ", ".join(f"{count} {smell}" for smell, count in Counter(each.smell for each in found).most_common())
        detail = f"{len(found)} row(s) in {where.name}/ smell: {kinds}"
        raise InvalidCatalog(detail, faults=[each.fault for each in found])
    for name, count in release.row_counts.items():
        out.print(f"{count:>8,}  {name}")
    out.print(f"sound: {sum(release.row_counts.values()):,} rows make release {release.id}")


@app.command("import")
def import_(folder: Folder = None) -> None:
    """Publish the files as a release: all of it or nothing; the same files twice change nothing."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with own_database(makes=True) as engine, bar as progress:
        task = progress.add_task("reading and checking")
        published = import_folder(
            engine,
            folder or bundled_folder(),
            now=datetime.now(UTC),
            progress=lambda table: progress.update(task, description=f"wrote {table}"),
        )
    if published.is_new:
        out.print(
            f"published {published.release.id}: {published.added:,} rows added, {published.retracted:,} retracted"
        )
    else:
        out.print(f"nothing to do: {published.release.id} is the newest release")


@app.command()
def releases() -> None:
    """List every release in the database, newest first."""
    with own_database() as engine:
        listed = list_releases(engine)
    for release in listed:
        out.print(f"{release.id}  {sum(release.row_counts.values()):>8,} rows  {release.note}", markup=False)
        out.print(f"  digest {release.digest}", markup=False)
        if release.withdrawn is not None:
            out.print(
                f"  withdrawn {release.withdrawn.withdrawn_at:%Y-%m-%d}: {release.withdrawn.because}", markup=False
            )


@app.command()
def digest(
    folder: Folder = None,
    release: Annotated[str | None, typer.Option(help="a release of the database, its rows digested anew")] = None,
) -> None:
    """Print the digest of every table and of the release they make: equal digests are equal rows, on any machine."""
    if release is None:
        found = read_catalog(folder or bundled_folder()).release
    else:
        with own_database() as engine:
            found = digested_anew(engine, release)
    for name in sorted(found.table_digests):
        out.print(f"{found.table_digests[name]}  {found.row_counts[name]:>8,}  {name}")
    out.print(f"{found.digest}  {sum(found.row_counts.values()):>8,}  {found.id}")


@app.command()
def withdraw(
    release: Annotated[str, typer.Argument(help="the release that was found wrong")],
    because: Annotated[str, typer.Option(help="why: every answer made under it says so")],
) -> None:
    """Withdraw a release: kept, and flagged in every answer of whoever names it; the one before answers instead."""
    with own_database() as engine:
        found = withdrawn(engine, release, because=because, now=datetime.now(UTC), by="command line")
        newest = newest_release(engine)
    reason = found.withdrawn.because if found.withdrawn else ""
    out.print(f"withdrawn {found.id}: {reason}", markup=False)
    out.print(f"the newest is {newest.id if newest else 'none'}")


@app.command()
def freshness(
    folder: Folder = None,
    over: Annotated[int, typer.Option(min=0, help="list what is older than so many days, by its median row")] = 90,
) -> None:
    """List what is due for another look: by table and seller, how long ago the sources of its rows were read."""
    found = freshness_of(snapshot_from_files(folder or bundled_folder()), datetime.now(UTC).date())
    due = [each for each in found if each.median_age_days is not None and each.median_age_days > over]
    for each in sorted(due, key=lambda each: -(each.median_age_days or 0)):
        out.print(
            f"{each.median_age_days:>5} days, oldest {each.oldest_age_days:>5}  {each.row_count:>6,} rows  "
            f"{each.table} {each.provider}".rstrip()
        )
    undated = sum(each.undated_rows for each in found if not each.provider)
    out.print(f"{len(due):,} of {len(found):,} are due; {undated:,} rows name no day")


@app.command()
def diff(older: str, newer: str) -> None:
    """Show what changed between two releases, fact by fact, prices in dollars and percent."""
    with own_database() as engine:
        before, after = load_snapshot(engine, older), load_snapshot(engine, newer)
    count = 0
    for change in moves(changes(before, after)):
        count += 1
        out.print(_move(change) if isinstance(change, Move) else _changed(change), markup=False)
    out.print(f"{count:,} facts differ")


def _move(move: Move) -> str:
    before, after = move.figures
    percent = "" if move.percent is None else f" ({move.percent:+}%)"
    fact = f"{move.begun.table} {move.begun.key}"
    return f"~ {fact}  {move.column}: {before} -> {after}{percent} from {move.since:%Y-%m-%d}"


def _changed(change: Change) -> str:
    sign = "+" if change.before is None else "-" if change.after is None else "~"
    row = change.after if change.before is None else change.before
    if change.fields:
        detail = "; ".join(
            f"{f}: {getattr(change.before, f)} -> {getattr(change.after, f)}" for f in change.fields if f != "note"
        )
    else:
        column = FIGURES.get(change.table)
        detail = f"{column}: {getattr(row, column)}" if column else ""
    return f"{sign} {change.table} {change.key}  {detail}".rstrip()
