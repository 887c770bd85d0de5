"""A wrong name is answered with the right ones."""

from mlquote.kit.errors import nearest, unknown_name


def test_the_nearest_names_come_first_whatever_their_case() -> None:
    assert nearest("H100-SMX", ["h100-sxm5-80gb", "h100-sxm", "a100-sxm"]).startswith("nearest: h100-sxm")


def test_a_part_of_a_name_is_enough() -> None:
    assert nearest("opus", ["claude-opus-4-7", "gpt-5"]) == "nearest: claude-opus-4-7"


def test_nothing_close_says_where_to_look() -> None:
    assert unknown_name("grid_zone", "zzzz", [], pointer="/grid_zone").code == "unknown-grid-zone"
    assert "GET /v1/catalog" in unknown_name("model", "zzzz", ["gpt-5"], pointer="/model").faults[0].hint


def test_a_name_without_its_family_is_near_the_whole_one() -> None:
    known = ["claude-sonnet-4-5", "claude-sonnet-4", "gpt-4o", "gemini-2.5-flash-image"]
    assert nearest("sonnet 4.5", known).startswith("nearest: claude-sonnet-4-5")
    assert nearest("4o", known) == "nearest: gpt-4o"
    assert nearest("--", known) == ""
