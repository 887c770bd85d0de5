"""mlquote comment: one comment on a pull or merge request, updated in place at every push, or as `--behaviour` says."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
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


_HIDE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { clientMutationId } }"


class Behaviour(StrEnum):
    """What becomes of the comments that earlier pushes left."""

    UPDATE = "update"
    NEW = "new"
    HIDE_AND_NEW = "hide-and-new"
    DELETE_AND_NEW = "delete-and-new"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where the comments of one pull request live, and how this forge spells it."""

    api: str
    headers: Mapping[str, str]
    comments: str
    one: Callable[[Any], str]
    update: str
    graphql: str = ""
    """Where comments are hidden; "" where the forge cannot."""


def comment(
    file: Annotated[Path, typer.Argument(help="the Markdown to show, as check --write comment.md leaves it")],
    name: Annotated[str, typer.Option("--name", help="tells several comments on one pull request apart")] = "mlquote",
    behaviour: Annotated[
        Behaviour, typer.Option("--behaviour", "--behavior", help="what becomes of earlier ones", case_sensitive=False)
    ] = Behaviour.UPDATE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be done, and do nothing")] = False,
) -> None:
    """Show a file as the one comment of this name on this pull or merge request (GitHub or GitLab, by environment)."""
    marker = f"<!-- mlquote:{re.sub(r'[^A-Za-z0-9._/-]', '-', name)} -->"
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"cannot read {file}: {error}", pointer=str(file)) from error
    cut = "\n\n*cut: the job's log has the rest*\n" if len(text) > _MOST_CHARACTERS else ""
    body = f"{marker}\n{text[:_MOST_CHARACTERS]}{cut}"
    thread = _thread(os.environ)
    if thread is None:
        typer.echo(f"no pull request here: nothing to comment on{f', which would say{chr(10)}{body}' * dry_run}")
        return
    if behaviour is Behaviour.HIDE_AND_NEW and not thread.graphql:
        raise Malformed("this forge hides no comments", pointer="--behaviour", hint="delete-and-new, or update")
    typer.echo(_put(thread, marker, body, behaviour, dry_run=dry_run))


def _put(thread: Thread, marker: str, body: str, behaviour: Behaviour, *, dry_run: bool) -> str:
    try:
        with httpx.Client(base_url=thread.api, headers=dict(thread.headers), timeout=_TIMEOUT_S) as client:
            own = _own_name(client, thread)
            known = [c for c in _comments(client, thread) if _is_ours(c, marker, own)]
            said, acts = _acts(thread, known, body, behaviour)
            if dry_run:
                return f"would have: {said}\n{body}"
            for act in acts:
                response = client.request(act.method, act.path, json=act.body)
                response.raise_for_status()
                _refuse_errors(act, response)
            return said
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Unavailable(f"cannot comment at {thread.api}: {error}", hint="the token needs write access") from error


@dataclass(frozen=True, slots=True)
class _Act:
    """One request to a forge."""

    method: str
    path: str
    body: Any = None


def _acts(thread: Thread, known: list[Mapping[str, Any]], body: str, behaviour: Behaviour) -> tuple[str, list[_Act]]:
    """What is to be done, in words and in requests; a new comment comes first, so that there is always one."""
    new = _Act("POST", thread.comments, {"body": body})
    if behaviour is Behaviour.NEW or not known:
        return "commented", [new]
    if behaviour is Behaviour.UPDATE:
        if str(known[0]["body"]).strip() == body.strip():
            return "the comment says so already", []
        return "updated the comment", [_Act(thread.update, thread.one(known[0]["id"]), {"body": body})]
    if behaviour is Behaviour.DELETE_AND_NEW:
        return f"commented, and deleted {len(known)}", [new, *(_Act("DELETE", thread.one(c["id"])) for c in known)]
    hides = [_Act("POST", thread.graphql, {"query": _HIDE, "variables": {"id": c["node_id"]}}) for c in known]
    return f"commented, and hid {len(known)}", [new, *hides]


def _refuse_errors(act: _Act, response: httpx.Response) -> None:
    """GraphQL says with 200 that something was not done."""
    if act.path.endswith("graphql") and response.json().get("errors"):
        raise ValueError(f"{response.json()['errors'][0].get('message', 'refused')}")


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
    graphql = environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
    return Thread(api, headers, listed, lambda note: f"repos/{repository}/issues/comments/{note}", "PATCH", graphql)


def _github_number(environment: Mapping[str, str]) -> str | None:
    ref = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
    if ref:
        return ref.group(1)
    try:
        event = from_json(Path(environment.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
        return str(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
