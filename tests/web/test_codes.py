"""GET /v1/codes answers what any code means."""

from http import HTTPStatus

import pytest

from mlquote.kit.codes import ERROR_CODES, WARNING_CODES
from mlquote.losses.diagnostics import CODES, TO_DO
from tests.web.conftest import Client


def test_every_code_is_listed_once_a_kind_with_what_to_do(client: Client) -> None:
    listed = client.get("/v1/codes").json()["codes"]
    assert {row["code"] for row in listed} == WARNING_CODES | ERROR_CODES | set(CODES)
    assert len({(row["kind"], row["code"]) for row in listed}) == len(listed)
    assert {row["kind"] for row in listed} == {"warning", "error", "diagnostic"}
    assert all(row["sentence"] and row["what_to_do"] for row in listed)
    assert list(TO_DO) == list(CODES)


@pytest.mark.parametrize("face", ["text", "markdown", "csv"])
def test_the_list_has_every_face(client: Client, face: str) -> None:
    assert "no-rental-price" in client.get(f"/v1/codes?format={face}").text


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nowhere"), ("DELETE", "/v1/codes")])
def test_an_error_of_the_framework_has_a_code_of_ours(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.json()["code"] in ERROR_CODES
    assert answer.json()["code"] == HTTPStatus(answer.status_code).phrase.lower().replace(" ", "-")
