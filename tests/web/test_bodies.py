"""What a request brings beside its body: what nobody reads is refused on every path, as is one said twice."""

import re

import pytest
from fastapi import FastAPI

PROBES = {"/healthz", "/readyz", "/metrics", "/"}
"""What load balancers and scrapers ask, with parameters of their own: nothing is asked there that they could change."""
NAMES = {"table": "accelerators", "key": "h100-sxm", "name": "mse", "reference": "acme", "id": "x", "a": "x", "b": "y",
         "release": "x", "kind": "budget", "form": "svg", "view": "training"}  # fmt: skip
JOB = {"id": "job_" + "0" * 32}
QUESTIONS_OWN = {"/v1/comparisons", "/v1/comparisons/releases"}
"""By GET every parameter is a field of the question compared, which refuses what it does not know."""
THEIRS = ("/v1/charts/", "/v1/badges/", "/v1/views/training", "/v1/otlp/")
"""The question of a picture or a view refuses its parameters; an exporter of spans is answered in its own shape."""
CLOSED = 401
"""A key is asked for before anything is read."""


def paths(service: FastAPI, method: str) -> list[str]:
    """Every documented path that takes `method`, its places filled."""
    found = []
    for path, operations in service.openapi()["paths"].items():
        if method in operations and path not in PROBES:
            names = NAMES | (JOB if path.startswith("/v1/usage/jobs") else {})
            found.append(re.sub(r"\{(\w+)\}", lambda place, names=names: names[place[1]], path))
    return found


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_parameter_that_nobody_reads_is_refused_on_every_path(service: FastAPI, client, method: str) -> None:
    asked = [path for path in paths(service, method) if method != "get" or path not in QUESTIONS_OWN]
    asked = [path for path in asked if not path.startswith(THEIRS)]
    assert asked
    answers = {path: client.request(method.upper(), f"{path}?nobody_reads_this=1") for path in asked}
    told = {path: [fault["pointer"] for fault in answer.json()["errors"]] for path, answer in answers.items()
            if answer.status_code != CLOSED}  # fmt: skip
    assert {path: pointers for path, pointers in told.items() if "nobody_reads_this" not in str(pointers)} == {}


def test_a_parameter_given_twice_is_refused_on_every_path(service: FastAPI, client) -> None:
    for path in paths(service, "get"):
        answer = client.request("GET", f"{path}?format=json&format=text")
        assert (path, answer.status_code) in ((path, 422), (path, CLOSED))


def test_labels_may_be_given_more_than_once(client) -> None:
    assert client.request("GET", "/v1/budgets?label=team=nlp&label=project=x").status_code == 200
