"""What holds for an operation by its method and path: its id, its subject, who may ask, and how it can fail."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlquote.web.guards.watchers import OPEN_PATHS


class Tag(NamedTuple):
    """A subject: where its paths begin, its name, and a line about it."""

    prefix: str
    name: str
    description: str


TAGS = (
    Tag("/v1/estimates", "estimates", "What a model costs: training, API usage, hosting."),
    Tag("/v1/comparisons", "comparisons", "One question many ways: ranked, or then and now."),
    Tag("/v1/plans", "plans", "What a budget buys, and what a goal takes."),
    Tag("/v1/scaling-laws", "scaling laws", "Loss against parameters, tokens, compute and dollars."),
    Tag("/v1/losses", "losses", "J(theta): losses, gradients, weights and what is done with them."),
    Tag("/v1/regularizers", "losses", ""),
    Tag("/v1/catalog", "catalogue", "What is known, since when and from whom: every row with its source."),
    Tag("/v1/budgets", "budgets", "May this be spent? Limits, checks, reservations, ledger."),
    Tag("/v1/reservations", "budgets", ""),
    Tag("/v1/usage", "usage", "What it did cost: usage logs, priced line by line."),
    Tag("/v1/otlp", "usage", ""),
    Tag("/v1/rate-cards", "rate cards", "An organisation's own prices over the public ones."),
    Tag("/v1/charts", "charts", "Answers as pictures by URL."),
    Tag("/v1/badges", "charts", ""),
    Tag("/v1/views", "views", "Answers as HTML, drawn as the pages draw them."),
    Tag("/v1/keys", "keys", "API keys: shown once, stored hashed."),
    Tag("/v1/audit", "keys", ""),
    Tag("/v1", "service", "Is it alive, what can it answer, what do its codes mean?"),
    Tag("/", "service", ""),
)
_OF_KEYS = re.compile(r"/v1/(keys|audit|catalog/releases|.*/(settle|release|corrections)$)")
_CONFLICTS = re.compile(r"/v1/(budgets|reservations|rate-cards|usage|keys|catalog/releases)")

_NAMES_OR_DEEDS = re.compile(r"/v1/(losses|regularizers)/\{name\}$")
"""Paths whose last part may be a name, which is read, or what is done with one, which is posted to."""


def operation_id(method: str, path: str) -> str:
    """A name that stays as long as method and path do: `get_catalog_table_key_history`."""
    words = re.findall(r"[A-Za-z0-9]+", path.removeprefix("/v1").replace(":path", ""))
    return "_".join([method.casefold(), *(word.casefold() for word in words or ["index"])])


def tag(path: str) -> str:
    """The subject of a path."""
    return next(each.name for each in TAGS if path.startswith(each.prefix))


def needs_key(method: str, path: str) -> bool:
    """Whether nobody without an API key is answered, however open the service is."""
    if method == "GET":
        return path.startswith(("/v1/keys", "/v1/audit"))
    return method in ("PUT", "DELETE") or _OF_KEYS.match(path) is not None


def problems_of(method: str, path: str) -> Iterator[int]:
    """The statuses of the problems that an operation may answer with."""
    watched = path in OPEN_PATHS
    found = {
        401: not watched,
        403: needs_key(method, path) or _CONFLICTS.match(path) is not None,
        404: path.startswith("/v1/") and path != "/v1/codes",
        405: method == "GET" and _NAMES_OR_DEEDS.match(path) is not None,
        409: method != "GET" and _CONFLICTS.match(path) is not None,
        413: not watched,
        415: method in ("POST", "PUT"),
        422: not watched,
        429: not watched,
        500: True,
        503: not watched,
    }
    yield from (status for status, happens in found.items() if happens)


def security(method: str, path: str, *, closed: bool) -> list[dict[str, list[str]]]:
    """Who may ask: `{}` is anybody."""
    keys: list[dict[str, list[str]]] = [{"bearer": []}, {"apiKey": []}]
    if path in OPEN_PATHS:
        return []
    return keys if closed or needs_key(method, path) else [{}, *keys]


SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer mlq_...`."},
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key.",
    },
}
