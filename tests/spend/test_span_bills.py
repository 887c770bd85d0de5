"""Which spans of a trace are paid: those that count tokens and have none below them that do, in any order."""

from decimal import Decimal
from itertools import permutations

from mlquote.spend.span_bills import Key, Known, settled

TRACE = b"t" * 16


def known(own: str, parent: str = "", *, is_call: bool = True, response: bytes = b"") -> Known:
    return Known(Key(TRACE, own.encode()), parent.encode(), is_call, response, Decimal(1) if is_call else None)


def test_every_order_of_coming_ends_with_the_same_spans_paid() -> None:
    # A workflow above an agent above a tool above a call, and a second call right below the agent.
    tree = [known("flow"), known("agent", "flow"), known("tool", "agent", is_call=False), known("a", "tool"),
            known("b", "agent")]  # fmt: skip
    for order in permutations(tree):
        kept: dict[Key, Known] = {}
        for span in order:
            change = settled(list(kept.values()), [span])
            kept |= {each.key: each for each in change.fresh}
            kept |= {each.key: each._replace(is_paid=False) for each in change.withdrawn}
        assert {key.own for key, span in kept.items() if span.is_paid} == {b"a", b"b"}, order


def test_a_circle_of_parents_ends() -> None:
    change = settled([], [known("a", "b"), known("b", "a")])
    assert [span.is_paid for span in change.fresh] == [False, False]


def test_the_same_response_in_one_export_is_paid_once() -> None:
    change = settled([], [known("a", response=b"r"), known("b", response=b"r"), known("c")])
    assert [span.is_paid for span in change.fresh] == [True, False, True]
