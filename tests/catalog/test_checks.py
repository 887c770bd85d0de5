"""What a row must say of where it comes from."""

import pytest

from mlquote.catalog.checks import Located, faults_of
from tests.estimators.hardware_sample import row

OWN = "docs/scoreboard.md"
JUDGED = "judgement: nobody published it"


def faulted(table: str, source_url: str, note: str) -> bool:
    """Whether the source of such a row is refused."""
    cells = {"quantity": "q", "name": "n", "log_sd": 0.1, "source_url": source_url, "note": note}
    known = {name: cells[name] for name in cells if name in row(table).__slots__}
    found = faults_of({table: [Located("f.csv", 2, row(table, **known))]})
    return any(fault.pointer == "f.csv:2:source_url" for fault in found)


@pytest.mark.parametrize(
    ("table", "source_url", "note", "refused"),
    [
        pytest.param("doubts", "https://example.org", "", False, id="a published source"),
        pytest.param("doubts", "", JUDGED, False, id="a judgement that says so"),
        pytest.param("defaults", "", JUDGED, False, id="a judged default"),
        pytest.param("doubts", "", "", True, id="no source and no word"),
        pytest.param("doubts", "", "it is so", True, id="no source and another word"),
        pytest.param("cost_factors", "", JUDGED, True, id="a fact is not judged"),
        pytest.param("fitted_factors", OWN, "", False, id="a page of our own"),
        pytest.param("fitted_factors", f"{OWN}#the-rules", "", False, id="a place on that page"),
        pytest.param("fitted_factors", "docs/../secret.md", "", True, id="no page of ours"),
        pytest.param("fitted_factors", "ftp://example.org", "", True, id="no web address"),
    ],
)  # fmt: skip
def test_a_source_is_an_address_a_page_of_ours_or_an_honest_word(
    table: str, source_url: str, note: str, refused: bool
) -> None:
    assert faulted(table, source_url, note) is refused
