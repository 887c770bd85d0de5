"""Rate cards in a database: versions are added, never changed, and answer for ever by number."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from mlquote.kit.errors import UnknownName
from mlquote.store.engine import migrate
from mlquote.store.rate_cards import card_versions, delete_card, find_card, list_cards, put_card

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def cards(engine: Engine) -> Iterator[Engine]:
    """A migrated database that holds acme@1."""
    migrate(engine)
    assert put_card(engine, "acme", '{"n":1}', "d1", now=NOW, by="ann")[1]
    yield engine


def test_a_change_is_a_new_version_and_the_old_one_answers_by_number(cards: Engine) -> None:
    stored, added = put_card(cards, "acme", '{"n":2}', "d2", now=LATER, by="bob")
    assert (added, stored.version, stored.reference, stored.put_by, stored.put_at) == (True, 2, "acme@2", "bob", LATER)
    assert find_card(cards, "acme").body == '{"n":2}'
    assert find_card(cards, "ACME@1").body == '{"n":1}'


def test_putting_the_same_rules_again_changes_nothing(cards: Engine) -> None:
    stored, added = put_card(cards, "acme", '{"n":1}', "d1", now=LATER, by="bob")
    assert (added, stored.version, stored.put_by) == (False, 1, "ann")


def test_a_card_out_of_use_is_unknown_by_name_and_kept_by_number(cards: Engine) -> None:
    delete_card(cards, "acme", now=LATER, by="bob")
    with pytest.raises(UnknownName):
        find_card(cards, "acme")
    with pytest.raises(UnknownName):
        find_card(cards, "acme@2")
    with pytest.raises(UnknownName):
        delete_card(cards, "acme", now=LATER, by="bob")
    assert find_card(cards, "acme@1").version == 1
    assert list_cards(cards) == []
    assert [card.version for card in card_versions(cards, "acme")] == [1]
    assert put_card(cards, "acme", '{"n":1}', "d1", now=LATER, by="bob")[0].version == 3


@pytest.mark.parametrize("reference", ["acm", "acme@9", "acme@0", "acme@", "@1", "acme@1@1", "", "x" * 300])
def test_an_unknown_reference_names_the_nearest(cards: Engine, reference: str) -> None:
    with pytest.raises(UnknownName) as refusal:
        find_card(cards, reference)
    assert refusal.value.code == "unknown-rate-card"
    assert refusal.value.faults[0].pointer == "/rate_card"


def test_cards_are_listed_by_name(cards: Engine) -> None:
    put_card(cards, "aaa", "{}", "d", now=LATER, by="bob")
    assert [card.name for card in list_cards(cards)] == ["aaa", "acme"]


def test_changes_at_the_same_time_each_become_a_version(cards: Engine) -> None:
    def change(number: int) -> int:
        return put_card(cards, "acme", f'{{"n":{number}}}', f"digest-{number}", now=LATER, by="bob")[0].version

    with ThreadPoolExecutor(4) as threads:
        versions = list(threads.map(change, range(12)))
    assert sorted(versions) == list(range(2, 14))
    assert [card.version for card in card_versions(cards, "acme")] == list(range(1, 14))
