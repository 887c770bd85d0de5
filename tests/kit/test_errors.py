"""A wrong name is answered with the right ones."""

from mlquote.kit.errors import nearest, unknown_name


def test_the_nearest_names_come_first_whatever_their_case() -> None:
    assert nearest("H100-SMX", ["h100-sxm5-80gb", "h100-sxm", "a100-sxm"]).startswith("nearest: h100-sxm")


def test_a_part_of_a_name_is_enough() -> None:
    assert nearest("opus", ["claude-opus-4-7", "gpt-5"]) == "nearest: claude-opus-4-7"


def test_nothing_close_says_where_to_look() -> None:
    assert unknown_name("grid_zone", "zzzz", [], pointer="/grid_zone").code == "unknown-grid-zone"
    assert "GET /v1/catalog" in unknown_name("model", "zzzz", ["gpt-5"], pointer="/model").faults[0].hint
