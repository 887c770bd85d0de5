"""Every value of an answer has its name and its digits on every face."""

from mlquote.render.values import FACES, values

ANSWER = {
    "cost": 1.0 / 3.0,
    "gradient": {"predictions": [[0.5, -1.0]]},
    "diagnostics": [{"code": "a|b"}],
    "penalty": None,
}


def test_fields_are_joined_with_dots_and_places_stand_in_brackets() -> None:
    assert dict(values(ANSWER)) == {
        "cost": "0.3333333333333333",
        "gradient.predictions[0,0]": "0.5",
        "gradient.predictions[0,1]": "-1.0",
        "diagnostics[0].code": "a|b",
        "penalty": "",
    }


def test_each_face_lists_every_value() -> None:
    assert "gradient.predictions[0,1]  -1.0" in FACES["text"](ANSWER)
    assert FACES["csv"](ANSWER).splitlines()[:2] == ["name,value", "cost,0.3333333333333333"]
    assert "| diagnostics[0].code | a\\|b |" in FACES["markdown"](ANSWER)
