"""The page of codes lists each under its kind."""

from mlquote.render.codes import page

ROW = {"code": "no-price", "kind": "warning", "sentence": "A count has no price.", "what_to_do": "Give a | card."}


def test_a_code_stands_under_the_heading_of_its_kind_and_a_pipe_breaks_no_table() -> None:
    made = page([ROW, ROW | {"code": "malformed", "kind": "error"}])
    warnings, errors = made.split("## Errors")
    assert "| `no-price` | A count has no price. | Give a \\| card. |" in warnings.split("## Warnings")[1]
    assert "`malformed`" in errors
