"""Every command that the pages show runs: `mlquote ...` as a user runs it, `curl ...` asked of a live service."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest

from mlquote.store.api_keys import SCOPES, create_key
from tests.cli.conftest import Live, Ran
from tests.scan.repository import FILES

ROOT = Path(__file__).parents[2]
BEGINS = re.compile(r"(?: {4})?(?:\$ )?((?:curl|mlquote) .*)")
HOSTS = re.compile(r"(?:https?://)?(?:127\.0\.0\.1:8000|localhost:8000|quotes\.example\.org)")
ELSEWHERE = {
    "catalog refresh": "asks the tables of others; .ci/refresh walks it",
    "catalog amend": "amends what a refresh brought; tests/cli/test_refresh.py",
    "catalog verify && mlquote catalog import": "tests/cli/test_catalog.py",
    "/v1/catalog/releases": "publishes a release; tests/web/test_releases.py",
    "/v1/reservations/res_.../settle": "an id of the reader's own; tests/web/test_budgets.py",
}
"""What a command holds that this test does not run, and where it is run."""
VERDICTS = {0, 1, 3}
"""How a check may end: within budget, over it, a price or a count that is not known."""
SPEC = '[questions.chat]\nkind = "inference"\nprovider = "openai"\nmodel = "gpt-4o"\ninput_tokens = "{}"\n'


def commands(page: Path) -> list[str]:
    """The commands of a page in their order, each whole: in a fence or indented, over as many lines as it takes."""
    found, lines, fenced = [], iter(page.read_text().splitlines()), False
    for line in lines:
        fenced ^= line.startswith("```")
        begun = BEGINS.match(line)
        if begun and (fenced or line.startswith("    ")):
            found.append(_whole(begun[1], lines))
    return found


def _whole(text: str, lines: Iterator[str]) -> str:
    while True:
        try:
            shlex.split(text, comments=True)
        except ValueError:
            text = f"{text}\n{next(lines)}"
            continue
        if not text.endswith("\\"):
            return text
        text = text[:-1] + next(lines).strip()


PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if commands(page)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the pages' commands read: a repository that spends, specs, losses' arrays."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name, tokens in {"base": "1M", "head": "2M"}.items():
        (tmp_path / f"{name}.toml").write_text(SPEC.format(tokens))
    (tmp_path / "project.toml").write_text((ROOT / "docs" / "examples" / "project.toml").read_text())
    asked = {"loss": "cross_entropy", "input_form": "logits"}
    (tmp_path / "question.json").write_text(json.dumps(asked))
    arrays = {"logits": np.zeros((2, 3)), "labels": np.array([0, 2]), "predictions": np.ones(4), "targets": np.zeros(4)}
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_run(
    page: Path, folder: Path, mlquote: Callable[..., Ran], live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_key(live.app.state.engine, page.stem, list(SCOPES), now=datetime.now(UTC), by="test")[1]
    monkeypatch.setenv("MLQUOTE_API_KEY", key)
    if "mlquote scan" not in page.read_text():
        (folder / "mlquote.toml").write_text(SPEC.format("1M"))
    limits = {"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 1e6}]}
    with httpx.Client(base_url=live.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        client.put("/v1/budgets/search", json=limits)
        for command in commands(page):
            if any(part in command for part in ELSEWHERE):
                continue
            words = [HOSTS.sub(live.url, word) for word in shlex.split(command, comments=True)]
            words = [live.url if word == "URL" else word.replace("$MLQUOTE_API_KEY", key) for word in words]
            if words[0] == "curl":
                answer = fetched(client, words[1:])
                if answer.status_code == 422 and "try" in answer.json():  # a page that shows how a fault is told
                    answer = client.get(answer.json()["try"])
                if answer.status_code == 409 and "fail_status=409" in command:
                    continue  # a verdict: over the limits of the page itself
                assert answer.status_code < 300, (command, answer.status_code, answer.text[:500])
            else:
                ran = mlquote(*_placed(words[1:], folder))
                asked_to_fill = ran.code == 2 and "FILL IN" in ran.err  # a first scan's own gaps
                assert asked_to_fill or ran.code in (VERDICTS if "check" in words else {0}), (command, ran)


def _placed(words: list[str], folder: Path) -> list[str]:
    """The words, with a database of this test's own where the shell would use the user's."""
    if words[0] == "budgets":
        return [*words, "--database", f"sqlite:///{folder}/own.sqlite3"]
    return words


def fetched(client: httpx.Client, words: list[str]) -> httpx.Response:
    """What curl would be answered, by the options that our pages use."""
    said = iter(words[: words.index("|")] if "|" in words else words)
    method, address, headers, sent = "", "", {}, {}
    for word in said:
        if word in ("-s", "--silent", "--fail"):
            continue
        if word in ("--request", "-X"):
            method = next(said)
        elif word in ("--header", "-H"):
            name, _, value = next(said).partition(": ")
            headers[name] = value
        elif word in ("--json", "-d"):
            sent = {"content": next(said).encode()}
            headers.setdefault("content-type", "application/json")
        elif word == "--data-binary":
            sent = {"content": Path(next(said).removeprefix("@")).read_bytes()}
        elif word == "-F":
            sent = {"files": {**sent.get("files", {}), **_part(next(said))}}
        else:
            assert not word.startswith("-"), f"no page has used {word} before"
            address = word
    return client.request(method or ("POST" if sent else "GET"), address, headers=headers, **sent)


def _part(text: str) -> Mapping[str, tuple[str | None, bytes]]:
    """One part of a form: a file behind @, else text."""
    name, _, value = text.partition("=")
    is_file = value.startswith("@")
    return {name: (value[1:], Path(value[1:]).read_bytes()) if is_file else (None, value.encode())}


def test_whatever_is_run_elsewhere_is_still_shown() -> None:
    shown = "\n".join(command for page in PAGES for command in commands(page))
    assert [part for part in ELSEWHERE if part not in shown] == []
