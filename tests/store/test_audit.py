"""The log of every write: written with the write or not at all, before and after, and never changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from mlquote.kit.errors import Conflict
from mlquote.spend.reservations import Request
from mlquote.store import audit
from mlquote.store.api_keys import create_key, revoke_key
from mlquote.store.audit import Wanted, all_written, written
from mlquote.store.budgets import delete_budget, put_budget
from mlquote.store.engine import migrate
from mlquote.store.rate_cards import delete_card, put_card
from mlquote.store.reservations import release, reserve, settle, spend, standing
from tests.store.asking import asking, budget

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANY = Wanted()
LATER = NOW + timedelta(days=9)


@pytest.fixture
def kept(engine: Engine) -> Iterator[Engine]:
    migrate(engine)
    yield engine


def acts(engine: Engine, wanted: Wanted = ANY) -> list[tuple[str, str, str]]:
    return [(e["by"], e["act"], e["subject"].partition(":")[0]) for e in written(engine, wanted, 1000)]


def test_every_kind_of_write_leaves_an_entry(kept: Engine) -> None:
    asked = [Request(who, NOW) for who in ("ann", "bob", "cy", "dee", "eve")]
    put_budget(kept, "team", budget(), now=NOW, by="root")
    held = [reserve(kept, "team", asking(9), one, labels={})["reservation"]["id"] for one in asked[:3]]
    settle(kept, "team", held[0], {"cost_usd": Decimal(7)}, asked[0])
    release(kept, "team", held[1], asked[1])
    spend(kept, "team", {}, asked[3], labels={}, answer={"charged_usd": 0})
    standing(kept, "team", LATER)  # the third hold's time is over
    key, secret = create_key(kept, "ci", ["budgets:reserve"], now=NOW, by="root")
    revoke_key(kept, key.id, now=NOW, by="root")
    put_card(kept, "acme", '{"rules": []}', "d", now=NOW, by="buyer")
    delete_card(kept, "acme", now=NOW, by="buyer")
    delete_budget(kept, "team", now=LATER, by="root")
    assert acts(kept) == [
        ("root", "put", "budget"),
        ("ann", "reserve", "reservation"),
        ("bob", "reserve", "reservation"),
        ("cy", "reserve", "reservation"),
        ("ann", "settle", "reservation"),
        ("bob", "release", "reservation"),
        ("dee", "spend", "budget"),
        ("expiry", "expire", "reservation"),
        ("root", "create", "key"),
        ("root", "revoke", "key"),
        ("buyer", "put", "rate-card"),
        ("buyer", "delete", "rate-card"),
        ("root", "delete", "budget"),
    ]
    settled = written(kept, Wanted(subject=f"reservation:{held[0]}"), 9)[1]
    assert (settled["before"]["state"], settled["after"]["state"]) == ("held", "settled")
    assert settled["after"]["spent"]["cost_usd"]["central"] == 7
    assert secret.split("_")[2] not in str(written(kept, Wanted(), 1000))


def test_entries_are_found_by_thing_by_writer_and_by_moment_piece_by_piece(
    kept: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_PIECE", 2)
    for level in (10, 20, 30):
        put_budget(kept, "team", budget(level), now=NOW + timedelta(hours=level), by=f"key{level}")
    put_budget(kept, "team-2", budget(), now=NOW, by="key10")
    assert [entry["by"] for entry in all_written(kept, Wanted())] == ["key10", "key20", "key30", "key10"]
    assert len(written(kept, Wanted(subject="budget:team"), 9)) == 3
    assert len(written(kept, Wanted(subject="budget"), 9)) == 4
    assert acts(kept, Wanted(subject="rate-card")) == []
    assert len(written(kept, Wanted(by="key10"), 9)) == 2
    assert [e["by"] for e in written(kept, Wanted(since=NOW + timedelta(hours=20)), 9)] == ["key20", "key30"]
    first, second, *_ = written(kept, Wanted(subject="budget:team"), 9)
    assert (first["before"], second["before"]["limits"][0]["fail_above"]) == (None, 10)
    assert second["after"]["limits"][0]["fail_above"] == 20
    assert written(kept, Wanted(after=second["id"]), 1)[0]["by"] == "key30"


def test_a_write_that_fails_or_changes_nothing_leaves_none(kept: Engine) -> None:
    put_budget(kept, "team", budget(), now=NOW, by="ann")
    put_budget(kept, "team", budget(), now=NOW, by="bob")  # the same limits
    held = reserve(kept, "team", asking(9), Request("ann", NOW), labels={})["reservation"]["id"]
    settle(kept, "team", held, {"cost_usd": Decimal(9)}, Request("ann", NOW))
    settle(kept, "team", held, {"cost_usd": Decimal(9)}, Request("bob", NOW))
    with pytest.raises(Conflict):
        settle(kept, "team", held, {"cost_usd": Decimal(8)}, Request("bob", NOW))
    assert [by for by, _, _ in acts(kept)] == ["ann"] * 3


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET act = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_a_change(kept: Engine, change: str) -> None:
    put_budget(kept, "team", budget(), now=NOW, by="ann")
    with pytest.raises(DBAPIError, match="append-only"), kept.begin() as connection:
        connection.execute(text(change))
