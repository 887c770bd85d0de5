"""The page that counts where public tables and we differ: each kind of difference is told from the others."""

import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.upstreams.sample import WHEN, entry, gpt9, held, of_genai_prices, of_litellm

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "price_differences.py"
found = importlib.util.spec_from_file_location("price_differences", SCRIPT)
assert found is not None
assert found.loader is not None
script = importlib.util.module_from_spec(found)
found.loader.exec_module(script)

_GENAI = "ModelInfo(id={0!r}, match=ClauseEquals(equals={0!r}), prices=ModelPrice(input_mtok=Decimal({1!r})))"


@pytest.mark.parametrize(
    ("litellm", "genai", "kind"),
    [
        pytest.param({"gpt-9": entry()}, ("gpt-9", "2"), None, id="both list ours"),
        pytest.param({"gpt-9": entry(input_cost_per_token=3e-06)}, ("gpt-9", "3"), "both list another", id="both"),
        pytest.param({"gpt-9": entry(input_cost_per_token=3e-06)}, ("gpt-9", "2"), "contradicted", id="one lists ours"),
        pytest.param({"gpt-9": entry(input_cost_per_token=3e-06)}, ("gpt-9", "4"), "three figures", id="all differ"),
        pytest.param({"gpt-9": entry(input_cost_per_token=3e-06)}, ("gpt-8", "2"), "one lists another", id="one alone"),
        pytest.param({"gpt-9": entry(input_cost_per_token=2.01e-06)}, ("gpt-9", "2"), "rounded", id="fewer digits"),
        pytest.param({"gpt-9": entry()}, ("gpt-10", "2"), "no such model", id="a model of one table"),
        pytest.param(
            {"gpt-9": entry(output_cost_per_reasoning_token=9e-06)}, ("gpt-9", "2"), "thinking", id="thinking tokens"
        ),
    ],
)
def test_each_kind_of_difference_is_told(
    tmp_path: Path, litellm: dict[str, Any], genai: tuple[str, str], kind: str
) -> None:
    catalog = held(tmp_path / "c")
    facts = script.facts_of([of_litellm(catalog, litellm), of_genai_prices(catalog, _GENAI.format(*genai))])
    counted = Counter(row["kind"] for row in script.differences(catalog, WHEN, facts))
    assert (counted[kind] if kind else len(counted)) == (1 if kind else 0)


def test_a_record_is_stale_once_the_catalogue_holds_another_figure(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    facts = script.facts_of([of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=3e-06)})])
    record = [{"kind": "all", "held": "3", "listed": "litellm 1.1"}, *script.differences(catalog, WHEN, facts)]
    assert list(script.moved(catalog, WHEN, record)) == []
    cache, given, out = gpt9()
    later = held(tmp_path / "d", cache, given | {"usd": "3"}, out)
    assert [words.partition(": ")[2] for words in script.moved(later, WHEN, record)] == ["2 in the record, 3 now"]
    assert "Of 3 prices that litellm 1.1 list, 2 are ours" in script.page(record)


def test_every_kind_has_its_meaning_on_the_page() -> None:
    text = script.PAGE.read_text()
    assert all(f"**{kind}**" in text for kind in script.KINDS)
