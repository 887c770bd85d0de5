"""Our estimates of published runs, as rows: each beside a run that is there, and as good as the scoreboard says."""

from statistics import median

from mlquote.store.files import bundled_folder, snapshot_from_files

CATALOG = snapshot_from_files(bundled_folder())
SCORES = CATALOG.rows("training_scores")


def test_every_score_is_of_a_run_that_is_there() -> None:
    runs = {run.id: run for run in CATALOG.rows("training_runs")}
    assert {score.run for score in SCORES} <= set(runs)
    assert all(score.source_url == runs[score.run].source_url for score in SCORES)
    assert all(score.run_date == runs[score.run].run_date for score in SCORES)


def test_what_was_published_is_what_the_run_says() -> None:
    runs = {run.id: run for run in CATALOG.rows("training_runs")}
    for score in SCORES:
        if score.quantity in {"accelerator_hours", "energy_kwh"}:
            assert abs(score.published / getattr(runs[score.run], score.quantity) - 1) < 1e-3


def test_ranges_hold_their_middle() -> None:
    assert all(0 < score.low <= score.central <= score.high for score in SCORES)


def test_the_figures_are_those_of_the_scoreboard_s_page() -> None:
    """docs/scoreboard.md: 68 developers' own figures of hours, half within 20 %, 81 % in the range."""
    hours = [s for s in SCORES if (s.given, s.quantity, s.is_headline) == ("forward", "accelerator_hours", True)]
    page = (bundled_folder().parent / "docs" / "scoreboard.md").read_text()
    error = median(abs(score.central - score.published) / score.published for score in hours)
    inside = sum(score.low <= score.published <= score.high for score in hours) / len(hours)
    assert f"| accelerator_hours | {len(hours)} | {error:.0%} |" in page
    assert f"| {inside:.0%} |" in page.split("| accelerator_hours |")[1].split("\n")[0]
