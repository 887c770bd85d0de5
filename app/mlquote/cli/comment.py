"""mlquote comment: one comment on a pull or merge request, updated in place at every push."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from mlquote.kit.errors import Malformed, Unavailable
from mlquote.spend.documents import from_json

_MOST_CHARACTERS = 60_000
"""GitHub refuses comments beyond 65,536 characters."""
_GITHUB_BOT = "github-actions[bot]"
_PAGE = 100
_MOST_PAGES = 50
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Thread:
    """Where the comments of one pull request live, and how this forge spells it."""

    api: str
    headers: Mapping[str, str]
    comments: str
    one: Callable[[Any], str]
    update: str


def comment(
    file: Annotated[Path, typer.Argument(help="the Markdown to show, as check --write comment.md leaves it")],
    name: Annotated[str, typer.Option("--name", help="tells several comments on one pull request apart")] = "mlquote",
) -> None:
    """Show a file as the one comment of this name on this pull or merge request (GitHub or GitLab, by environment)."""
    marker = f"<!-- mlquote:{re.sub(r'[^A-Za-z0-9._/-]', '-', name)} -->"
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"cannot read {file}: {error}", pointer=str(file)) from error
    thread = _thread(os.environ)
    if thread is None:
        typer.echo("no pull request here: nothing to comment on")
        return
    cut = "\n\n*cut: the job's log has the rest*\n" if len(text) > _MOST_CHARACTERS else ""
    typer.echo(_put(thread, marker, f"{marker}\n{text[:_MOST_CHARACTERS]}{cut}"))


def _put(thread: Thread, marker: str, body: str) -> str:
    try:
        with httpx.Client(base_url=thread.api, headers=dict(thread.headers), timeout=_TIMEOUT_S) as client:
            own = _own_name(client, thread)
            known = next((c for c in _comments(client, thread) if _is_ours(c, marker, own)), None)
            if known is None:
                client.post(thread.comments, json={"body": body}).raise_for_status()
                return "commented"
            if str(known["body"]).strip() == body.strip():
                return "the comment says so already"
            client.request(thread.update, thread.one(known["id"]), json={"body": body}).raise_for_status()
            return "updated the comment"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Unavailable(f"cannot comment at {thread.api}: {error}", hint="the token needs write access") from error


def _own_name(client: httpx.Client, thread: Thread) -> str:
    """Whose comments this job may edit: its token's user. A GitHub job's own token names none, it is the bot's."""
    response = client.get("user")
    if response.status_code in (401, 403, 404):
        return _GITHUB_BOT
    response.raise_for_status()
    user = response.json()
    return str(user.get("login") or user["username"])


def _is_ours(comment: Mapping[str, Any], marker: str, own: str) -> bool:
    """Whether a comment bears the marker, in its first line, and was written by us: anybody can write a marker."""
    author = comment.get("user") or comment.get("author") or {}
    return str(comment.get("body", "")).startswith(marker) and own in (author.get("login"), author.get("username"))


def _comments(client: httpx.Client, thread: Thread) -> Iterator[Mapping[str, Any]]:
    for page in range(1, _MOST_PAGES + 1):
        response = client.get(thread.comments, params={"per_page": _PAGE, "page": page})
        response.raise_for_status()
        found = response.json()
        yield from found
        if len(found) < _PAGE:
            return


def _thread(environment: Mapping[str, str]) -> Thread | None:
    """The pull request that this job runs for, as the forge's own variables tell it; None where it runs for none."""
    if environment.get("GITLAB_CI"):
        number = environment.get("CI_MERGE_REQUEST_IID")
        base = f"projects/{environment.get('CI_PROJECT_ID')}/merge_requests/{number}/notes"
        token = environment.get("GITLAB_TOKEN")
        headers = {"PRIVATE-TOKEN": token} if token else {}
        api = environment.get("CI_API_V4_URL", "https://gitlab.com/api/v4")
        return Thread(api, headers, base, lambda note: f"{base}/{note}", "PUT") if number else None
    repository, number = environment.get("GITHUB_REPOSITORY"), _github_number(environment)
    if repository is None or number is None:
        return None
    token = environment.get("GITHUB_TOKEN")
    headers = {"Accept": "application/vnd.github+json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    api = environment.get("GITHUB_API_URL", "https://api.github.com")
    listed = f"repos/{repository}/issues/{number}/comments"
    return Thread(api, headers, listed, lambda note: f"repos/{repository}/issues/comments/{note}", "PATCH")


def _github_number(environment: Mapping[str, str]) -> str | None:
    ref = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
    if ref:
        return ref.group(1)
    try:
        event = from_json(Path(environment.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
        return str(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
