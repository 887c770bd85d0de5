"""An efficiency is given, fitted, or of no use; its doubt is the fit's."""

from datetime import UTC, datetime
from math import log
from statistics import median

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.utilisation import hardware_class, job_of, year_of
from mlquote.formulas.training.efficiency import efficiency_terms, fitted_mfu
from mlquote.kit.provenance import Range
from tests.estimators.hardware_sample import row
from tests.estimators.training.asking import PLAIN, asked, codes, result


def test_a_range_holds_the_fitted_doubt() -> None:
    interval = result(**PLAIN).accelerator_hours
    # no published run near: sqrt(0.1^2 + 0.3^2); 6 N D in doubt by 0.04: sqrt(0.1 + 0.0016) = 0.318748 in all
    assert log(float(interval.high) / float(interval.low)) == pytest.approx(2 * 1.2815516 * 0.318748, rel=1e-5)


def test_hours_beat_an_efficiency_and_say_so() -> None:
    answer = asked(**PLAIN, accelerator_hours=1000, mfu=0.4)
    assert answer.result.accelerator_hours == Range(1000.0, 1000.0, 1000.0)
    assert "efficiency-not-used" in codes(answer)


def test_a_printed_efficiency_is_in_doubt_as_a_whole_runs() -> None:
    alone, whole = asked(**PLAIN, mfu=0.4), asked(**PLAIN, mfu=0.4, goodput_fraction=1)
    assert "mfu-taken-as-whole-run" in codes(alone)
    assert "mfu-taken-as-whole-run" not in codes(whole)
    # 6 N D in doubt by 0.04, a printed MFU by 0.13: sqrt(0.0016 + 0.0169) = 0.136015
    hours = alone.result.accelerator_hours
    assert log(float(hours.high) / float(hours.low)) == pytest.approx(2 * 1.2815516 * 0.136015, rel=1e-5)


def test_the_rule_alone_reaches_what_tuned_benchmarks_do_at_the_median(catalog: Snapshot) -> None:
    factors = {row.term: row.value for row in catalog.versions("fitted_factors", quantity="mfu")}
    jobs = [row for row in catalog.versions("efficiency_anchors") if row.kind == "benchmark"]
    reached = median(fitted_mfu(factors, efficiency_terms(job_of(row))) for row in jobs)
    # ten public MLPerf pre-trainings: 0.67 of the dense 16-bit peak by 6 N D, 0.69 with attention counted
    assert reached == pytest.approx(median(row.mfu for row in jobs), rel=0.1)
    assert reached > 0.62


@pytest.mark.parametrize(
    ("part", "generation", "expected"),
    [
        ("tpu-v2", "TPU", "tpu_early"),
        ("tpu-v5p", "TPU", "tpu"),
        ("a1", "Hopper", "hopper"),
        ("v9", "Volta", "pre_ampere"),
    ],
)
def test_parts_are_fitted_with_their_generation(part: str, generation: str, expected: str) -> None:
    assert hardware_class(row("accelerators", id=part, vendor="NVIDIA", name=part, family=generation)) == expected


def test_a_part_of_another_maker_is_fitted_with_others() -> None:
    assert hardware_class(row("accelerators", id="m", vendor="AMD", name="M", family="CDNA 3")) == "other"


def test_a_year_counts_its_days() -> None:
    assert year_of(datetime(2024, 1, 1, tzinfo=UTC)) == 2024
    assert year_of(datetime(2024, 7, 1, tzinfo=UTC)) == pytest.approx(2024 + 182 / 365.25)
