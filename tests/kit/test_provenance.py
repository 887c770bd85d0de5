"""A trail writes each row and each warning once, and assumptions in the order in which they were made."""

from datetime import UTC, date, datetime

from mlquote.kit.provenance import Assumption, CatalogRef, RowRef, Trail, Warning

AT = datetime(2026, 11, 23, tzinfo=UTC)


def row(key: str, since: datetime | None = None) -> RowRef:
    return RowRef("models", key, since, "https://example.org", date(2026, 11, 23))


def test_a_row_used_twice_is_named_once_and_its_versions_apart() -> None:
    trail = Trail()
    for each in (row("b"), row("a"), row("b"), row("b", AT)):
        trail.use(each)
    assert [(ref.key, ref.effective_from) for ref in trail.rows.values()] == [("b", None), ("a", None), ("b", AT)]


def test_the_same_warning_twice_is_one_and_another_detail_is_another() -> None:
    trail = Trail()
    for detail in ("x", "y", "x"):
        trail.warn("no-price", detail)
    assert list(trail.warnings.values()) == [Warning("no-price", "x"), Warning("no-price", "y")]


def test_the_envelope_holds_all_that_was_written_in_its_order() -> None:
    trail = Trail()
    trail.assumptions += [Assumption("pue", 1.1), Assumption("mfu", 0.4, unit="fraction", basis="given")]
    answer = trail.answer({"model": "m"}, {"cost_usd": 1}, CatalogRef("r1", "d", AT))
    assert [(each.name, each.basis) for each in answer.assumptions] == [("pue", "default"), ("mfu", "given")]
    assert (answer.question, answer.rows, answer.warnings) == ({"model": "m"}, (), ())


def test_a_newer_servers_warning_may_have_a_code_that_is_none_of_ours() -> None:
    told = Warning.told("of-tomorrow", "x")
    assert (told.code, told.detail) == ("of-tomorrow", "x")
    assert Warning.told("no-price", "x") == Warning("no-price", "x")
