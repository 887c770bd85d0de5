"""Projects: published totals in their parts, exact sums, shared doubts, months, bases, what-ifs, the alternative."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import ESTIMATORS, PROJECT, read_question
from mlquote.estimators.projects.answer import PartResult, ProjectResult
from mlquote.estimators.projects.flows import FIGURES
from mlquote.estimators.projects.given import GIVEN
from mlquote.estimators.projects.question import ProjectPart
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.kit.provenance import Answer, Range

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RUN = {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator": "h100-sxm", "accelerator_count": 256}
HOSTED = {"kind": "serving", "model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1,
          "concurrency": 64}  # fmt: skip
API = {"provider": "openai", "model": "gpt-4o",
       "workload": {"requests_per_day": 20_000, "input_tokens": 1500, "output_tokens": 300}}  # fmt: skip


def answered(catalog: Snapshot, **fields: Any) -> Answer:
    return PROJECT.estimate(read_question(PROJECT, fields), catalog, NOW)


def asked(catalog: Snapshot, **fields: Any) -> ProjectResult:
    result = answered(catalog, **fields).result
    assert isinstance(result, ProjectResult)
    return result


def central(value: Range | None) -> Decimal:
    assert value is not None
    return Decimal(str(value.central))


def wide(value: Range) -> float:
    """How many times the central amount the high end is."""
    return float(value.high) / float(value.central)


def refused(catalog: Snapshot, **fields: Any) -> str:
    with pytest.raises(QuoteError) as caught:
        answered(catalog, **fields)
    return caught.value.faults[0].pointer


def part(result: ProjectResult, name: str) -> PartResult:
    return next(each for each in result.parts if each.part == name)


def test_deepseek_v3_is_5_576_million_in_its_parts(catalog: Snapshot) -> None:
    """Table 1 of arXiv:2412.19437: 2,664K, 119K and 5K H800 hours at $2."""
    hours = {"pre-training": 2_664_000, "context extension": 119_000, "post-training": 5_000}
    machines = {name: {"kind": "training", "accelerator": "h800", "accelerator_hours": n} for name, n in hours.items()}
    result = asked(catalog, parts=machines, usd_per_accelerator_hour=2)
    assert result.cost_usd == Range(*3 * (Decimal(5_576_000),))
    assert [central(each.cost_usd) for each in result.parts] == [5_328_000, 238_000, 10_000]
    assert central(result.accelerator_hours) == 2_788_000
    assert result.cost_basis == "rental"
    lines = [{"part": name, "quantity": n, "unit": "H800 hours", "usd": 2 * n} for name, n in hours.items()]
    told = asked(catalog, parts=lines, usd_per_accelerator_hour=2)
    assert (told.cost_usd, told.accelerator_hours) == (result.cost_usd, Range(*3 * (Decimal(2_788_000),)))


def test_alpaca_is_under_600(catalog: Snapshot) -> None:
    """Less than $500 of API and less than $100 of machines: both are bounds, so the total is one."""
    parts = {"data": {"usd": 500, "quantity": 52_000, "unit": "examples", "bound": "at_most"},
             "tuning": {"usd": 100, "quantity": 24, "unit": "A100-80GB hours", "bound": "at_most"}}  # fmt: skip
    answer = answered(catalog, parts=parts)
    assert (answer.result.cost_usd.central, answer.result.bound) == (600, "at_most")
    assert "bounds-added" in [warning.code for warning in answer.warnings]
    assert central(answer.result.accelerator_hours) == 24


@pytest.mark.parametrize(
    ("run", "rental", "amortised"),
    [
        ({"training_flop": 2.1e25, "accelerator": "a100-sxm4-40gb", "accelerator_hours": 57e6,
          "date": "2022-08-01"}, 78.6e6, 40.7e6),
        ({"model": "llama-3.1-405b", "accelerator": "h100-sxm", "accelerator_hours": 30.84e6, "date": "2024-04-01"},
         169.8e6, 51.0e6),
        ({"training_flop": 5e25, "accelerator": "tpu-v4", "accelerator_hours": 132e6, "date": "2023-07-01"},
         198.9e6, 28.3e6),
    ],
    ids=["GPT-4", "Llama 3.1 405B", "Gemini 1.0 Ultra"],
)  # fmt: skip
def test_published_runs_come_out_on_either_basis_and_never_on_both(
    run: dict[str, Any], rental: float, amortised: float, catalog: Snapshot
) -> None:
    """Final run by arXiv:2405.21015 (model_costs.csv): half to double is a fair band."""
    for basis, usd in (("rental", rental), ("amortised", amortised)):
        result = asked(catalog, parts={"run": {"kind": "training", **run}}, cost_basis=basis)
        assert result.cost_basis == basis
        assert usd / 2 <= central(result.cost_usd) <= usd * 2
    both = {"rented": {**run, "kind": "training"}, "owned": {**run, "kind": "training", "cost_basis": "amortised"}}
    mixed = answered(catalog, parts=both)
    assert (mixed.result.cost_basis, mixed.result.cost_usd) == ("mixed", None)
    assert {each.cost_basis for each in mixed.result.bases} == {"rental", "amortised"}
    assert all(each.cost_usd is not None for each in mixed.result.bases)
    assert "cost-bases-mixed" in [warning.code for warning in mixed.warnings]


def test_central_amounts_add_up_exactly_by_part_and_by_month(catalog: Snapshot) -> None:
    parts = {
        "run": RUN | {"month": 2, "months": 3},
        "hosting": HOSTED | {"month": 4, "monthly_use_growth_fraction": "7%"},
        "api": API | {"monthly_price_change_fraction": "-3%"},
        "ablations": {"kind": "multiple", "of": "run", "times": "0.37", "month": 1},
        "data": {"kind": "storage", "gb": 1234.5, "usd_per_gb_month": "0.023"},
        "third": {"usd": "100", "months": 3},
    }
    result = asked(catalog, parts=parts, months=7)
    for figure in FIGURES:
        known = next(each.known for each in result.sums if each.figure == figure)
        row = [months[figure] for months in result.by_part_and_month.values() if figure in months]
        cells = [cell for months in row for cell in months if cell is not None]
        assert sum(cells, Decimal(0)) == central(known), figure
    assert sum((central(each.cost_usd) for each in result.parts), Decimal(0)) == central(result.cost_usd)
    assert sum((central(each.cost_usd) for each in result.months), Decimal(0)) == central(result.cost_usd)
    assert result.months[-1].cumulative_cost_usd == central(result.cost_usd)
    assert sum(each.share_of_cost or 0 for each in result.parts) == pytest.approx(1)
    assert central(part(result, "third").cost_usd) == 100


def test_a_rate_runs_its_hours_and_a_monthly_amount_its_months(catalog: Snapshot) -> None:
    """730.5 hours a month of one machine at $2; 3 months of 900 GB at $0.02; $400 a month falling by half."""
    machine = HOSTED | {"usd_per_accelerator_hour": 2}
    parts = {"hosting": machine, "stored": {"gb": 900, "usd_per_gb_month": "0.02"},
             "api": {"usd": 400, "occurs": "monthly", "monthly_price_change_fraction": "-50%"}}  # fmt: skip
    result = asked(catalog, parts=parts, months=3)
    assert central(part(result, "hosting").cost_usd) == Decimal("730.5") * 2 * 3
    assert central(part(result, "stored").cost_usd) == 54
    assert result.by_part_and_month["api"]["cost_usd"] == tuple(map(Decimal, (400, 200, 100)))
    once = asked(catalog, parts={"hosting": machine | {"hours": 100}})
    assert central(once.cost_usd) == 200


def test_a_doubt_that_parts_share_stays_shared(catalog: Snapshot) -> None:
    """Ten runs on one part are as doubtful as one; a price of another part is another doubt."""
    one = asked(catalog, parts={"run": RUN})
    ten = asked(catalog, parts={f"run {n}": RUN for n in range(10)})
    assert one.cost_usd is not None and ten.cost_usd is not None
    widths = [wide(one.cost_usd), wide(ten.cost_usd)]
    assert widths[1] == pytest.approx(widths[0], rel=1e-3)
    assert ten.shared_doubts[0].source == "usd_per_accelerator_hour" and len(ten.shared_doubts[0].parts) == 10
    other = RUN | {"accelerator": "a100-sxm4-80gb"}
    two = asked(catalog, parts={"one": RUN, "other": other})
    cost = next(each for each in two.sums if each.figure == "cost_usd")
    assert two.cost_usd is not None and cost.sum_of_highs is not None and cost.sum_of_lows is not None
    assert cost.sum_of_lows < two.cost_usd.low < two.cost_usd.central < two.cost_usd.high < cost.sum_of_highs
    assert next(each.source for each in two.shared_doubts if each.parts == ("one", "other")) == "mfu"
    assert "usd_per_accelerator_hour (2)" in two.variance_shares["cost_usd"]


def test_lines_share_a_doubt_by_its_name(catalog: Snapshot) -> None:
    line = {"usd": 100, "usd_low": 60, "usd_high": 160}
    apart = asked(catalog, parts={"a": line, "b": line}).cost_usd
    together = asked(catalog, parts={"a": line | {"doubt": "wage"}, "b": line | {"doubt": "wage"}}).cost_usd
    assert together == Range(120, 200, 320)
    assert apart is not None and apart.low > 120 and apart.high < 320


def test_an_unknown_figure_leaves_no_total_and_the_rest_is_told(catalog: Snapshot) -> None:
    answer = answered(catalog, parts={"run": RUN, "api": API, "staff": {"usd": 9}})
    energy = next(each for each in answer.result.sums if each.figure == "energy_kwh")
    assert answer.result.energy_kwh is None
    assert (energy.unknown_parts, energy.untold_parts) == (("api",), ("staff",))
    run = part(answer.result, "run").energy_kwh
    assert central(energy.known) == central(run)
    assert {"total-unknown", "parts-not-counted"} <= {warning.code for warning in answer.warnings}


def test_what_a_minimum_promises_is_paid_as_far_as_its_parts_leave_it(catalog: Snapshot) -> None:
    parts = {"hosting": HOSTED | {"usd_per_accelerator_hour": 2}, "spare": {"usd": 500, "month": 2},
             "promised": {"kind": "committed_minimum", "usd_per_month": 1700, "of": ["hosting", "spare"]}}  # fmt: skip
    result = asked(catalog, parts=parts, months=2)
    assert result.by_part_and_month["promised"]["cost_usd"] == (Decimal(1700 - 1461), Decimal(0))


def test_idle_machines_cost_their_hours(catalog: Snapshot) -> None:
    idle = {"kind": "idle_reserve", "accelerator": "h100-sxm", "accelerator_count": 4, "idle_hours": 100}
    result = asked(catalog, parts={"idle": idle | {"usd_per_accelerator_hour": "2.5"}}, months=2)
    assert (central(result.cost_usd), central(result.accelerator_hours)) == (Decimal(2000), Decimal(800))
    market = asked(catalog, parts={"idle": idle})
    assert market.cost_usd is not None and market.cost_usd.low < market.cost_usd.high


def test_a_what_if_meets_the_same_draws(catalog: Snapshot) -> None:
    what_if = [{"part": "run", "change": {"tokens": 2e12}}, {"change": {"grid_zone": "FRA"}}]
    result = asked(catalog, parts={"run": RUN, "staff": {"usd": 7}}, what_if=what_if)
    twice, elsewhere = result.what_if
    own = part(result, "run").cost_usd
    more = twice.difference["cost_usd"]
    assert own is not None and more is not None
    assert central(more) == pytest.approx(central(own), rel=Decimal("0.05"))
    assert wide(more) == pytest.approx(wide(own), rel=0.02)
    assert elsewhere.difference["cost_usd"] == Range(0, 0, 0)
    assert central(elsewhere.difference["emissions_kgco2e"]) < 0
    again = asked(catalog, parts={"run": RUN | {"tokens": 2e12}, "staff": {"usd": 7}})
    assert twice.totals["cost_usd"] == again.cost_usd


def test_a_project_breaks_even_against_an_api_in_a_month_with_a_range(catalog: Snapshot) -> None:
    """$10,000 once and $1,461 a month, against $4,000 a month: 10,000 / 2,539 = 3.9 months."""
    own = {"set up": {"usd": 10_000}, "hosting": HOSTED | {"usd_per_accelerator_hour": 2}}
    other = {"api": {"usd": 4000, "usd_low": 3000, "usd_high": 5300, "occurs": "monthly"}}
    result = asked(catalog, parts=own, alternative=other, months=12).alternative
    assert result is not None
    month = result.break_even_month
    assert month.central == 4
    assert (month.low, month.high) == (3, 7)
    assert result.break_even_share_of_draws == pytest.approx(1, abs=0.01)
    assert central(result.project_less_alternative_usd) == 10_000 + 12 * 1461 - 48_000
    soon = asked(catalog, parts=own, alternative=other, months=3).alternative
    assert soon is not None and soon.break_even_month.central is None


def test_a_discount_makes_later_months_count_less(catalog: Snapshot) -> None:
    parts = {"rent": {"usd": 1200, "occurs": "monthly"}}
    plain = asked(catalog, parts=parts, months=12)
    later = asked(catalog, parts=parts, months=12, discount_rate_per_year="10%")
    assert plain.present_cost_usd == plain.cost_usd == later.cost_usd
    worth = sum(1200 * 1.1 ** (-month / 12) for month in range(12))
    assert float(central(later.present_cost_usd)) == pytest.approx(worth, rel=1e-12)


def test_labels_are_a_part_and_their_months_are_the_questions_too(catalog: Snapshot) -> None:
    """Tiers of a price list are monthly: 120,000 boxes in one month, and in three of 40,000 each."""
    labels = {"kind": "annotation", "task": "image_bounding_box", "items": 120_000, "provider": "google-data-labeling"}
    soon = asked(catalog, parts={"labels": labels})
    later = asked(catalog, parts={"labels": labels | {"months": 3}})
    assert central(soon.cost_usd) == 6580
    assert central(later.cost_usd) > 6580
    assert len(later.months) == 3


def test_faults_name_their_part(catalog: Snapshot) -> None:
    assert refused(catalog, parts={"run": RUN | {"tokns": 5}}) == "/parts/run/tokns"
    assert refused(catalog, parts={"run": RUN | {"accelerator": "h1000"}}) == "/parts/run/accelerator"
    assert refused(catalog, parts={"x": {"kind": "trainning"}}) == "/parts/x/kind"
    assert refused(catalog, parts={"x": {"kind": "project", "parts": {}}}) == "/parts/x/kind"
    assert refused(catalog, parts={"x": {"kind": "line_item"}}) == "/parts/x"
    assert refused(catalog, parts={"run": RUN | {"as_of": "2025-01-01"}}) == "/parts/run/as_of"
    assert refused(catalog, parts={"run": RUN | {"month": 3}}, months=2) == "/parts/run/month"
    assert refused(catalog, parts={"run": RUN | {"hours": 3}}) == "/parts/run/hours"
    assert refused(catalog, parts={"a": {"of": "b", "times": 2}}) == "/parts/a/of"
    assert refused(catalog, parts={"run": RUN}, shared={"regoin": "x"}) == "/shared/regoin"
    assert refused(catalog, parts={"run": RUN}, what_if=[{"part": "runn", "change": {"mfu": 1}}]) == "/what_if/0/part"
    change = [{"part": "run", "change": {"accelerator": "h1000"}}]
    assert refused(catalog, parts={"run": RUN}, what_if=change) == "/what_if/0/change/accelerator"
    with pytest.raises(Malformed):
        read_question(PROJECT, {"parts": {}})


def test_so_many_estimates_and_no_more(catalog: Snapshot) -> None:
    parts = {f"run {n}": RUN | {"tokens": 1e12 + n} for n in range(40)}
    what_ifs = [{"change": {"pue": 1.1 + n / 10}} for n in range(3)]
    with pytest.raises(TooLarge):
        answered(catalog, parts=parts, what_if=what_ifs)


def test_so_many_months_of_parts_and_no_growth_beyond_reason(catalog: Snapshot) -> None:
    parts = {f"line {n}": {"usd": 1, "occurs": "monthly"} for n in range(40)}
    with pytest.raises(TooLarge):
        answered(catalog, parts=parts, months=120, what_if=[{"change": {"months": 119}}] * 8)
    wild = {"x": {"usd": 5, "occurs": "monthly", "monthly_use_growth_fraction": 10}}
    assert refused(catalog, parts=wild, months=60) == "/parts/x/monthly_use_growth_fraction"


def test_a_misspelt_field_of_every_part_is_named(catalog: Snapshot) -> None:
    with pytest.raises(Malformed) as caught:
        answered(catalog, parts={"x": {"usd": 5, "mont": 2}})
    assert "month" in caught.value.faults[0].hint


def test_no_kind_has_a_field_that_a_part_keeps_for_itself() -> None:
    """But for hours and months, which a question of a kind that has them hears too."""
    own = ProjectPart.model_fields.keys() - {"hours", "hours_per_month", "months"}
    questions = [member.question for member in ESTIMATORS.values() if member is not PROJECT]
    assert [name for each in (*questions, *GIVEN.values()) for name in own & each.model_fields.keys()] == []


LINES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(
        lambda usd, spread, month, months, growth: {
            "usd": str(usd), "usd_low": str(usd * (1 - spread)), "usd_high": str(usd * (1 + spread)), "month": month,
            "months": months, "monthly_use_growth_fraction": str(growth),
        },
        st.decimals("0.01", "1e6", places=2), st.decimals("0", "0.9", places=1), st.integers(1, 4), st.integers(1, 3),
        st.decimals("-0.5", "0.5", places=1),
    ),
    min_size=1,
)  # fmt: skip


@settings(max_examples=25)
@given(LINES)
def test_any_project_adds_up_and_is_no_wider_than_its_ends(catalog: Snapshot, parts: dict[str, Any]) -> None:
    result = asked(catalog, parts=parts, months=6)
    whole = sum((Decimal(each["usd"]) for each in parts.values()), Decimal(0))
    cost = next(each for each in result.sums if each.figure == "cost_usd")
    assert result.cost_usd is not None and cost.sum_of_lows is not None and cost.sum_of_highs is not None
    assert result.cost_usd.central == whole == sum((central(each.cost_usd) for each in result.months), Decimal(0))
    slack = Decimal("0.003") * whole + Decimal("0.01")
    assert cost.sum_of_lows - slack <= result.cost_usd.low <= whole <= result.cost_usd.high <= cost.sum_of_highs + slack
