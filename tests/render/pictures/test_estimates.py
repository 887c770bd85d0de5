"""Answers as pictures: what is not known is said, never drawn as nothing."""

from typing import Any

from mlquote.render.charts.specs import Bands, Dots, Parts, Span
from mlquote.render.pictures.estimates import comparison, inference, training
from mlquote.render.pictures.telling import about, foot

CATALOG = {"release": "2026-11-23-e0b96499", "as_of": "2026-11-27T10:00:00Z"}


def answer(result: dict[str, Any], question: dict[str, Any], *codes: str) -> dict[str, Any]:
    warnings = [{"code": code, "detail": f"it is {code}"} for code in codes]
    return {
        "question": question,
        "result": result,
        "catalog": CATALOG,
        "warnings": warnings,
        "links": {"self": "http://h/v1"},
    }


def test_eight_in_ten_is_said_with_the_unit_once() -> None:
    assert about(Span(0.72e6, 1.6e6, 3.4e6), "$", "such runs") == (
        "About $1.6 million. Eight in ten such runs cost $0.72 to $3.4 million."
    )
    assert about(Span(0.094, 0.2, 0.41), "$/Mtok", "such deployments") == (
        "About $0.20 per million tokens. Eight in ten such deployments cost $0.094 to $0.41 per million tokens."
    )


def test_a_run_without_a_price_has_no_dots_and_says_why() -> None:
    picture = training(answer({"cost_usd": None, "accelerator_hours": 1000.0}, {"model": "m"}, "no-rental-price"))
    assert not any(isinstance(panel, Dots) for panel in picture.panels)
    assert picture.says == "No figure: it is no-rental-price."


def test_a_bill_without_a_price_is_not_zero() -> None:
    picture = inference(answer({"cost_usd": None, "cost_lines": []}, {"model": "m", "provider": "p"}, "no-price"))
    assert picture.says == "No figure: it is no-price."
    assert picture.panels == []


def test_a_bill_is_parted_by_its_lines_the_largest_first() -> None:
    lines = [{"meter": "input_tokens", "usd": 1}, {"meter": "output_tokens", "usd": 3}, {"meter": "searches", "usd": 0}]
    (parts,) = inference(answer({"cost_usd": 4, "cost_lines": lines}, {"model": "m"})).panels
    assert isinstance(parts, Parts)
    assert [(part.label, part.value, part.told) for part in parts.parts] == [
        ("output tokens", 3.0, "$3.00"),
        ("input tokens", 1.0, "$1.00"),
    ]


def test_a_choice_that_failed_stands_below_with_its_reason() -> None:
    span = {"low": 1, "central": 2, "high": 3}
    rows = [
        {"choice": {"accelerator": "b200"}, "value": span, "error": None},
        {"choice": {"accelerator": "h100"}, "value": {"low": 4, "central": 5, "high": 6}, "error": None},
        {"choice": {"accelerator": "x"}, "value": None, "error": "no accelerator named 'x'"},
    ]
    picture = comparison(answer({"rank_by": "cost_usd", "order": "lowest", "rows": rows}, {}))
    (bands,) = picture.panels
    assert isinstance(bands, Bands)
    assert [(row.label, row.span is None, row.note) for row in bands.rows][2] == ("x", True, "no accelerator named 'x'")
    assert picture.says == "b200 is lowest at the centre; the bands do not overlap."


def test_the_foot_says_codes_release_day_and_address() -> None:
    told = foot(answer({}, {}, "grid-zone-assumed", "grid-zone-assumed", "no-water-figure"))
    assert told == [
        "Worth knowing: grid-zone-assumed, no-water-figure.",
        "mlquote, release 2026-11-23-e0b96499, as of 2026-11-27.",
        "http://h/v1",
    ]
