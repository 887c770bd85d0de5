"""The question of a page for other hands: curl, Python, a spec for CI; each gives the same answer."""

import json
from collections.abc import Mapping

from mlquote.estimators.asking.numbers import is_number
from mlquote.web.pages.asking import query_of
from mlquote.web.pages.kinds import CalculatorKind


def elsewhere(
    kind: CalculatorKind, base: str, parameters: Mapping[str, str], figure: str
) -> list[tuple[str, str, str]]:
    """(name, what it is, text) of each way to ask again.

    Args:    base: the service's address, with its slash
             figure: the path of the headline in the result
    """
    address = f"{base.rstrip('/')}{kind.asked_at}?{query_of(parameters)}"
    found = [
        ("curl", "The whole answer as a table; JSON without the format", f"curl '{address}&format=text'"),
        ("Python", "With nothing but the standard library", _python(address, figure)),
    ]
    if kind.is_quote:
        says = "Save it as mlquote.toml; `mlquote check` holds it against a budget"
        found.append(("CI (TOML)", says, _spec(kind.member.kind, parameters)))
    return found


def _python(address: str, figure: str) -> str:
    parts = figure.split(".") if figure else []
    path = "".join(f"[{part}]" if part.isdigit() else f'["{part}"]' for part in parts)
    return (
        "import json\nfrom urllib.request import urlopen\n\n"
        f'answer = json.load(urlopen("{address}"))\nprint(answer["result"]{path})'
    )


def _spec(kind: str, parameters: Mapping[str, str]) -> str:
    lines = [f'kind = "{kind}"', *(f"{name} = {_value(value)}" for name, value in parameters.items())]
    return "\n".join(["[questions.this]", *lines])


def _value(value: str) -> str:
    plain = value.replace(".", "", 1).isdigit() and not (value.startswith("0") and value[1:2].isdigit())
    return value if plain and is_number(value) and not value.endswith(".") else json.dumps(value)
