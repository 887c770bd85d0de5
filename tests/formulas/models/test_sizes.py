"""A model as flat numbers: what somebody gave, and what nobody did."""

from mlquote.formulas.models.sizes import NAMES, Sizes


def test_only_what_was_given_is_known() -> None:
    assert Sizes(layers=2, ffn_gated=False).known() == {"kind": "transformer", "layers": 2, "ffn_gated": False}


def test_a_zero_is_given_and_a_blank_is_not() -> None:
    """A model without learned positions says 0; one of which nobody knows says nothing."""
    assert "positions" in Sizes(positions=0).known()
    assert "positions" not in Sizes().known()


def test_the_names_are_those_of_the_fields_in_order() -> None:
    assert NAMES[:4] == ("kind", "params", "active_params", "layers")
    assert all(getattr(Sizes(), name) in (None, "transformer") for name in NAMES)
