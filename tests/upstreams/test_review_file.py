"""The review as a file: written, edited by a person, read back."""

import csv
import io
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.review import review_of
from mlquote.upstreams.review_file import rendered, taken_in
from tests.upstreams.sample import NEW, WHEN, entry, held, of_litellm, token_key


def _text(folder: Path, **cells: str) -> str:
    catalog = held(folder / "c")
    review = review_of(catalog, WHEN, [of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=1.5e-06)})])
    rows = list(csv.DictReader(io.StringIO(rendered(review))))
    edited = io.StringIO()
    writer = csv.DictWriter(edited, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | cells for row in rows)
    return edited.getvalue()


def test_one_lineage_is_not_taken_unless_a_person_says_yes(tmp_path: Path) -> None:
    assert list(taken_in(_text(tmp_path))) == []
    (taken,) = taken_in(_text(tmp_path, take="Yes"))
    assert (taken.key, str(taken.listed), taken.since) == (token_key("gpt-9", "input"), "1.5", NEW)
    assert (taken.read_from, taken.lineages) == ("litellm 1.1", 1)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"take": "maybe"}, "'maybe' is neither yes nor no"),
        ({"take": "yes", "listed": "a lot"}, "gpt-9"),
        ({"take": "yes", "since": "soon"}, "soon"),
        ({"take": "yes", "table": "models"}, "no table that an upstream"),
        ({"take": "yes", "key": "[1]"}, "has 12 parts"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidCatalog) as refused:
        list(taken_in(_text(tmp_path, **cells)))
    (fault,) = refused.value.faults
    assert fault.pointer.startswith("line 2")
    assert said in fault.detail


def test_a_file_without_the_columns_is_no_review() -> None:
    with pytest.raises(InvalidCatalog, match="columns take, kind"):
        list(taken_in("a,b\n1,2\n"))
