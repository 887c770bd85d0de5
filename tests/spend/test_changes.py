"""What changed between two specs: fields, figures, and a walk whose steps add up to the whole change."""

from decimal import Decimal

import pytest

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import OutOfDomain
from mlquote.spend.amounts import Spent
from mlquote.spend.asking import Asked, asked_of
from mlquote.spend.changes import QuestionChange, changes, has_unknown_cost
from mlquote.spend.checks import quoted
from tests.spend.samples import AT
from tests.spend.toys import RATE, TOYS

SNAPSHOT = Snapshot(Release("r1", AT.date(), "d", {}, {}), {})


def training(name: str = "run", **fields: object) -> Asked:
    """A million tokens cost a cent."""
    return asked_of(name, TOYS["training"], fields)


def usage(**usage_counts: object) -> Asked:
    """A thousand output tokens cost a dollar."""
    return asked_of("chat", TOYS["inference"], {"model": "m", "provider": "p", "usage": usage_counts})


def quote(asked: Asked) -> Spent:
    return quoted(asked, SNAPSHOT, AT)


def compared(base: list[Asked], head: list[Asked]) -> QuestionChange:
    (question,) = changes(base, head, quote).questions
    return question


def test_a_question_that_nobody_touched_is_the_same_and_moves_nothing() -> None:
    found = compared([training(tokens="1e9")], [training(tokens=10**9)])
    assert (found.status, found.fields, found.why) == ("same", (), ())
    assert found.figures["cost_usd"].change == 0


def test_each_step_is_one_field_and_the_steps_add_up() -> None:
    found = compared([training(tokens=1e9)], [training(tokens=3e9, mfu=0.4)])
    # $10 -> $30 by the tokens, and an MFU moves nothing here
    assert [(step.fields, dict(step.changes)) for step in found.why] == [
        (("tokens",), {"cost_usd": Decimal(20)}),
        (("mfu",), {}),
    ]
    assert (found.figures["cost_usd"].change, found.figures["cost_usd"].change_fraction) == (20, 2.0)


def test_a_nested_field_is_named_by_its_path() -> None:
    found = compared([usage(output_tokens=1000)], [usage(output_tokens=3000)])
    assert [(change.field, change.base, change.head) for change in found.fields] == [
        ("usage.output_tokens", 1000, 3000)
    ]


def test_an_added_and_a_removed_question_move_their_whole_cost() -> None:
    change = changes([training("old", tokens=1e9)], [training("new", tokens=2e9)], quote)
    assert [(each.name, each.status, each.figures["cost_usd"].change) for each in change.questions] == [
        ("new", "added", 20),
        ("old", "removed", -10),
    ]
    assert change.totals["cost_usd"].change == 10


def test_fields_that_only_make_sense_together_are_one_step() -> None:
    def fussy(asked: Asked) -> Spent:
        tokens, mfu = (asked.fields.get(name) for name in ("tokens", "mfu"))
        if (tokens == 2 * 10**9) != (mfu is not None):
            raise OutOfDomain("one without the other")
        return quote(asked)

    (found,) = changes([training(tokens=1e9)], [training(tokens=2e9, mfu=0.4)], fussy).questions
    assert [step.fields for step in found.why] == [("tokens", "mfu")]


@pytest.mark.parametrize(("head", "is_unknown"), [({"tokens": 1e9}, False), ({"model": "m"}, True)])
def test_a_head_whose_dollars_nobody_knows_is_said(head: dict[str, object], is_unknown: bool) -> None:
    assert has_unknown_cost(changes([training(tokens=1e9)], [training(**head)], quote), TOYS) is is_unknown


def test_of_a_rate_the_price_per_token_decides() -> None:
    forever = asked_of("host", RATE, {"accelerator_count": 2})
    change = changes([forever], [forever], quote)
    assert change.questions[0].figures["usd_per_mtok"].head is not None
    assert has_unknown_cost(change, {"hosting": RATE}) is False


def test_hours_are_a_field_of_a_rate() -> None:
    base, head = (asked_of("host", RATE, {"accelerator_count": 1, "hours": hours}) for hours in (100, 101))
    (found,) = changes([base], [head], quote).questions
    assert [(step.fields, dict(step.changes)) for step in found.why] == [
        (("hours",), {"cost_usd": Decimal(2), "accelerator_hours": Decimal(1)})
    ]
