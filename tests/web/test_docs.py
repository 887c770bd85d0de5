"""README and the pages of paths, settings and codes cannot fall behind: they are those of the code.

MLQUOTE_TEST_REWRITE=1 writes what the code says into them; read the change before committing it.
"""

import os
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from mlquote.render.codes import page
from mlquote.settings import Settings
from tests.web.conftest import Client

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
REWRITE = os.environ.get("MLQUOTE_TEST_REWRITE") == "1"
QUOTE = re.compile(r"```sh\ncurl -s 'http://127.0.0.1:8000(\S+)' \| grep -v (\S+)\n```\n\n```text\n(.*?)```", re.S)


def held(pattern: str, wanted: str, kept: Path = README) -> None:
    """The text of a page between the groups of `pattern` is `wanted`; or it is written there."""
    text = kept.read_text()
    found = re.search(pattern, text, re.S)
    assert found, f"{kept.name} has lost {pattern!r}"
    if REWRITE:
        kept.write_text(text[: found.start(1)] + wanted + text[found.end(1) :])
    else:
        assert found.group(1) == wanted


@pytest.mark.parametrize("place", range(2))
def test_the_quotes_print_what_the_readme_shows(client: Client, place: int) -> None:
    url, pattern, _ = QUOTE.findall(README.read_text())[place]
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    printed = "".join(f"{line}\n" for line in answer.text.splitlines() if not re.search(pattern, line))
    held(re.escape(f"'http://127.0.0.1:8000{url}'") + r"[^\n]*\n```\n\n```text\n(.*?)```", printed)


def test_every_route_is_listed(service: FastAPI) -> None:
    listed: dict[str, tuple[list[str], str]] = {}
    for route in service.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            methods, _ = listed.setdefault(route.path, ([], route.summary or ""))
            methods += sorted(route.methods - {"HEAD"})
    lines = [f"| {' '.join(methods)} `{path}` | {summary} |" for path, (methods, summary) in sorted(listed.items())]
    held(r"\| path \| question \|\n\|---\|---\|\n(.*?)\n\n", "\n".join(lines), ROOT / "docs" / "paths.md")


def test_every_setting_is_listed() -> None:
    lines = [
        f"| `MLQUOTE_{name.upper()}` | `{field.default}` | {' '.join((field.description or '').split())} |"
        for name, field in Settings.model_fields.items()
    ]
    held(r"\| setting \| default \| \|\n\|---\|---\|---\|\n(.*?)\n\Z", "\n".join(lines), ROOT / "docs" / "settings.md")


def test_the_page_of_codes_is_made_from_the_table(client: Client) -> None:
    made, kept = page(client.get("/v1/codes").json()["codes"]), ROOT / "docs" / "codes.md"
    if REWRITE:
        kept.write_text(made)
    assert kept.read_text() == made, "MLQUOTE_TEST_REWRITE=1 python -m pytest tests/web/test_docs.py writes it anew"


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.read_text().splitlines()) < 120


def test_openapi_says_what_every_estimate_answers(service: FastAPI) -> None:
    described = service.openapi()
    parts, operations = described["components"]["schemas"], described["paths"]
    asked = [path for path in operations if path.startswith(("/v1/estimates", "/v1/comparisons"))]
    assert len(asked) >= 6
    for path in asked:
        for operation in operations[path].values():
            (*_, schema) = [kind["schema"] for kind in operation["responses"]["200"]["content"].values()]
            assert schema, path
            if "$ref" in schema:
                result = parts[schema["$ref"].rpartition("/")[2]]["properties"]["result"]
                assert "$ref" in result or "anyOf" in result, path
    assert set(parts["Report"]["properties"]) >= {"verdict", "limits", "questions", "reservation"}
    usd = parts["InferenceCost"]["properties"]["cost_usd"]
    assert usd["anyOf"] == [
        {"type": "number", "format": "decimal"},
        {"type": "null"},
    ]  # money is a number, not a string
