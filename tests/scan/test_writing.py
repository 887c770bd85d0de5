"""A scan as a spec: readable by the check, harmless whatever a file says."""

import tomllib
from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.scan.found import Said, Seen, Spending, to_fill
from mlquote.scan.scanning import scan
from mlquote.scan.writing import filled, spec_text
from mlquote.spend.spec import read_spec
from tests.scan.repository import FILES

GIVEN = {
    "samples": 50_000, "requests": 100_000, "input_tokens": 1_200, "output_tokens": 300, "accelerator": "h100-sxm",
    "requests_per_s": 2, "hours": 720, "accelerator_count": 4,
}  # fmt: skip


def test_a_check_names_each_line_that_is_to_be_filled_in(catalog: Snapshot, now: datetime) -> None:
    text = spec_text(scan(FILES.items(), catalog, now))
    with pytest.raises(Malformed) as caught:
        read_spec(text, "mlquote.toml")
    assert caught.value.code == "to-be-filled-in"
    lines = text.splitlines()
    for fault in caught.value.faults:
        _, line, name = fault.pointer.split(":")
        assert lines[int(line) - 1].startswith(f'{name.rpartition(".")[2]} = "FILL IN')
    assert len(caught.value.faults) == sum("FILL IN: " in line for line in lines)


def test_what_is_told_to_the_scan_makes_it_a_spec_that_is_read(catalog: Snapshot, now: datetime) -> None:
    text = spec_text(filled(scan(FILES.items(), catalog, now), GIVEN), 5_000)
    spec = read_spec(text, "mlquote.toml")
    assert {each.kind for each in spec.questions} == {"training", "inference", "serving"}
    assert len(spec.questions) == 13
    assert "input_tokens = 1200  # as told to scan" in text


def test_words_of_a_file_cannot_leave_their_comment() -> None:
    bad = 'a"\n[questions.evil]\nkind = "training"\x1b[31m\u2028'
    seen = Seen(
        (Spending("inference", "x", (bad,), {"model": Said(bad, bad), "requests": to_fill(bad)}, {}, (bad,)),),
        (bad,),
        (bad,),
    )
    told = tomllib.loads(spec_text(seen))
    assert set(told["questions"]) == {"x"}
    assert told["questions"]["x"]["model"] == bad
