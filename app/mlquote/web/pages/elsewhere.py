"""The question of a page for other hands: curl, Python, a spec for CI; each gives the same answer."""

import json
from collections.abc import Mapping

from mlquote.estimators.asking.numbers import is_number
from mlquote.web.pages.asking import query_of


def elsewhere(kind: str, base: str, parameters: Mapping[str, str], figure: str) -> list[tuple[str, str, str]]:
    """(name, what it is, text) of each way to ask again.

    Args:    kind: of the estimate, as its path has it
             base: the service's address, with its slash
             figure: the path of the headline in the result
    """
    address = f"{base}v1/estimates/{kind}?{query_of(parameters)}"
    return [
        ("curl", "The whole answer as a table; JSON without the format", f"curl '{address}&format=text'"),
        ("Python", "With nothing but the standard library", _python(address, figure)),
        ("CI (TOML)", "Save it as mlquote.toml; `mlquote check` holds it against a budget", _spec(kind, parameters)),
    ]


def _python(address: str, figure: str) -> str:
    path = "".join(f"[{part!r}]" for part in figure.split(".")).replace("'", '"') if figure else ""
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
