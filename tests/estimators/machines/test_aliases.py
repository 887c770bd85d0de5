"""An alias is its id: the answer to any name of a part, a provider, a region or a zone is the answer to its id."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.catalog.rows import Alias
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.place import WIDER_ZONE
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import QuoteError

NOW = datetime(2026, 11, 27, tzinfo=UTC)
FIELDS = {"accelerator": "accelerator", "provider": "provider", "region": "region", "zone": "grid_zone"}
Answered = tuple[Any, ...]


def trained(fields: dict[str, Any], catalog: Snapshot) -> Answered:
    question = {"accelerator": "a100-sxm4-80gb", "accelerator_hours": 1000.0} | fields
    return _answered(lambda: training_estimate(TrainingQuestion.model_validate(question), catalog, NOW))


def served(fields: dict[str, Any], catalog: Snapshot) -> Answered:
    question = {"accelerator": "a100-sxm4-80gb", "params": 7 * 10**9, "concurrency": 8.0} | fields
    return _answered(lambda: serving_estimate(ServingQuestion.model_validate(question), catalog, NOW))


def _answered(ask: Callable[[], Any]) -> Answered:
    """The result and the rows it rests on, or the kind of refusal."""
    try:
        answer = ask()
    except QuoteError as error:
        return type(error), error.code
    return answer.result, answer.rows


def named(alias: Alias, name: str) -> dict[str, Any]:
    """The fields that spell a name; a region goes with its provider."""
    scope = {"provider": alias.scope} if alias.kind == "region" else {}
    return scope | {FIELDS[alias.kind]: name}


def aliases(catalog: Snapshot, kind: str) -> Iterator[Alias]:
    """Every alias of a kind that machines know but those of wider zones; a seller of tokens rents nothing out."""
    landlords = {
        provider for table in ("regions", "rental_prices") for (provider,) in catalog.indexed(table, "provider")
    }
    for alias in catalog.versions("aliases", kind=kind):
        who = {"region": alias.scope, "provider": alias.target}.get(kind)
        if alias.basis == WIDER_ZONE:
            continue
        if who is None or (who in landlords and not (kind == "provider" and alias.scope not in ("", "rental"))):
            yield alias


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("asked", [trained, served], ids=["training", "serving"])
def test_an_alias_is_answered_as_its_id(
    kind: str, asked: Callable[[dict[str, Any], Snapshot], Answered], catalog: Snapshot
) -> None:
    by_id: dict[tuple[str, str], Answered] = {}
    differ = []
    for alias in aliases(catalog, kind):
        key = (alias.scope, alias.target)
        if key not in by_id:
            by_id[key] = asked(named(alias, alias.target), catalog)
        spellings = (alias.alias.upper(), alias.alias.replace(" ", "").replace("-", " "))
        differ += [name for name in spellings if asked(named(alias, name), catalog) != by_id[key]]
    assert by_id
    assert differ == []
