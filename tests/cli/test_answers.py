"""A server's JSON is read as the typed answer it was made from, whatever the age of either side."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.cli.answers import answer_told
from mlquote.estimators.kinds import ESTIMATORS, INFERENCE
from mlquote.spend.amounts import spent
from mlquote.spend.documents import plain

WORKLOAD = {
    "provider": "openai",
    "model": "gpt-4o",
    "workload": {"requests_per_day": 1000, "input_tokens": 100, "output_tokens": 50, "days": 30},
}
QUESTIONS = [(kind, member.example) for kind, member in ESTIMATORS.items()] + [("inference", WORKLOAD)]


def asked(kind: str, fields: Any, catalog: Snapshot, now: datetime) -> Any:
    member = ESTIMATORS[kind]
    return member.estimate(member.question.model_validate(dict(fields)), catalog, now)


@pytest.mark.parametrize(("kind", "fields"), QUESTIONS, ids=[*ESTIMATORS, "workload"])
def test_an_answer_over_the_wire_spends_what_it_spends_here(
    kind: str, fields: Any, catalog: Snapshot, now: datetime
) -> None:
    member, answer = ESTIMATORS[kind], asked(kind, fields, catalog, now)
    here, there = spent("q", member, answer), spent("q", member, answer_told(plain(answer), member.results))
    assert there.figures == here.figures
    assert [(line.item, line.usd) for line in there.cost_lines] == [(line.item, line.usd) for line in here.cost_lines]
    assert (there.warnings, there.catalog) == (here.warnings, here.catalog)
    assert type(there.question) is dict and plain(here.question) == there.question


def test_an_older_server_leaves_a_figure_unknown_and_a_newer_one_may_say_more(catalog: Snapshot, now: datetime) -> None:
    told = plain(asked("training", ESTIMATORS["training"].example, catalog, now))
    del told["result"]["emissions_kgco2e"]["total"], told["result"]["energy_kwh"]
    told["result"]["regret"] = 7
    told["warnings"] = [{"code": "of-tomorrow", "detail": "x"}]
    member = ESTIMATORS["training"]
    found = spent("q", member, answer_told(told, member.results))
    assert (found.figures["emissions_kgco2e"], found.figures["energy_kwh"]) == (None, None)
    assert found.figures["cost_usd"] is not None
    assert found.warnings[0].code == "of-tomorrow"


def test_what_is_no_envelope_is_no_answer() -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        answer_told({"result": {}}, INFERENCE.results)
