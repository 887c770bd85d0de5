"""The door of every estimate: the same fields by POST and GET, exact money out, and a clear problem for bad input."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi import FastAPI

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Count, Fraction, Part, Question
from mlquote.kit.errors import unknown_name
from mlquote.kit.provenance import Answer, Range, Trail
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.engine import migrate, open_engine
from mlquote.store.releases import import_folder
from mlquote.web.questions import add_question
from tests.store.sample import token_price, write
from tests.web.conftest import NOW, Client


class Basket(Part):
    """What is bought."""

    apples: Count = 0
    """How many apples."""


class Shopping(Question):
    """A question small enough to read here."""

    lifted = ("basket",)

    basket: Basket = Basket()
    discount_fraction: Fraction = 0.0
    shop: str = "corner"


@dataclass(frozen=True, slots=True)
class Bill:
    cost_usd: Decimal
    weight_kgco2e: Range


def bill(question: Shopping, catalog: Snapshot, now: datetime) -> Answer:
    if question.shop != "corner":
        raise unknown_name("provider", question.shop, ["corner"], pointer="/shop")
    trail = Trail()
    price = catalog.rows("token_prices")[0]
    trail.use(catalog.ref("token_prices", price))
    trail.warn("null-counts", "apples differ")
    moment = question.moment(now)
    result = Bill(price.usd * question.basket.apples, Range(1.0, 2.0, 4.0))
    asked = question.filled(as_of=moment, release=catalog.release.id)
    return trail.answer(asked, result, catalog.catalog_ref(moment))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'shop.sqlite3'}", max_body_bytes=1000)
    engine = open_engine(settings.database_url)
    migrate(engine)
    import_folder(
        engine, write(tmp_path / "a", token_prices=[token_price(usd="0.0750")], published_on="2027-01-01"), now=NOW
    )
    made = create_app(settings, now=lambda: NOW)
    add_question(made, "/shopping", Shopping, bill, summary="A bill")
    yield made
    made.state.engine.dispose()


@pytest.fixture
def shop(app: FastAPI) -> Client:
    return Client(app)


def test_post_and_get_answer_alike_with_exact_money(shop: Client) -> None:
    posted = shop.post("/shopping", {"basket": {"apples": 4}})
    got = shop.get("/shopping", apples="4")
    assert posted.status_code == got.status_code == 200
    assert posted.content == got.content
    assert b'"cost_usd":0.3000' in posted.content


def test_the_envelope_names_release_row_and_warning(shop: Client) -> None:
    answer = shop.get("/shopping", apples="1e1").json()
    assert answer["catalog"]["as_of"] == "2026-11-23T12:00:00Z"
    assert answer["rows"][0]["source_url"] == "https://example.org/prices"
    assert answer["warnings"] == [{"code": "null-counts", "detail": "apples differ"}]
    assert answer["question"]["basket"] == {"apples": 10}


def test_posting_the_question_back_repeats_the_answer(shop: Client) -> None:
    first = shop.get("/shopping", apples="7")
    again = shop.post("/shopping", first.json()["question"])
    assert again.content.partition(b',"links":')[0] == first.content.partition(b',"links":')[0]


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        ("text", "cost_usd  0.0750  $"),
        ("markdown", "| cost_usd |  | 0.0750 |  | $ |"),
        ("csv", "cost_usd,,0.0750,,$"),
    ],
)
def test_an_answer_is_written_for_eyes_too(shop: Client, face: str, expected: str) -> None:
    assert expected in shop.get("/shopping", apples="1", format=face).text


def test_the_accept_header_chooses_the_format(shop: Client) -> None:
    answer = shop.request("GET", "/shopping?apples=1", headers={"accept": "text/plain"})
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("parameters", "status", "pointer", "hint"),
    [
        ({"aples": "1"}, 422, "/aples", "nearest: apples"),
        ({"zzzz": "1"}, 422, "/zzzz", "one of as_of, release, "),
        ({"apples": "-1"}, 422, "/apples", ""),
        ({"apples": "nan"}, 422, "/apples", ""),
        ({"apples": "1e40"}, 422, "/apples", ""),
        ({"apples": "1.5"}, 422, "/apples", ""),
        ({"discount_fraction": "inf"}, 422, "/discount_fraction", ""),
        ({"discount_fraction": "2"}, 422, "/discount_fraction", ""),
        ({"shop": "croner"}, 404, "/shop", "nearest: corner"),
        ({"format": "jsn"}, 422, "/format", "nearest: json"),
        ({"as_of": "yesterday"}, 422, "/as_of", ""),
        ({"release": "2020-01-01-00000000"}, 404, "/release", "the newest are 2027-01-01"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    shop: Client, parameters: dict[str, str], status: int, pointer: str, hint: str
) -> None:
    answer = shop.get("/shopping", **parameters)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert hint in fault["hint"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"basket": 3}', b"\xff\xfe", b'{"basket":{"apples":NaN}}']
)
def test_a_broken_body_is_a_422_never_a_500(shop: Client, body: bytes) -> None:
    answer = shop.request("POST", "/shopping", content=body)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("malformed", "unknown-field")


def test_a_misspelt_nested_field_names_its_place_and_the_nearest(shop: Client) -> None:
    fault = shop.post("/shopping", {"basket": {"appels": 3}}).json()["errors"][0]
    assert (fault["pointer"], fault["hint"]) == ("/basket/appels", "nearest: apples")


def test_a_parameter_given_twice_is_refused(shop: Client) -> None:
    assert shop.get("/shopping?apples=1&apples=2").json()["errors"][0]["pointer"] == "/apples"


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_a_413(shop: Client, announced: bool) -> None:
    async def chunks():
        for _ in range(20):
            yield b" " * 100

    body = b" " * 2000 if announced else chunks()
    assert shop.request("POST", "/shopping", content=body).status_code == 413


def test_a_fault_of_ours_is_a_problem_without_a_trace(app: FastAPI) -> None:
    @app.get("/v1/broken")
    async def broken() -> None:
        raise RuntimeError("secret detail")

    answer = Client(app).get("/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text


def test_every_request_has_an_id(shop: Client) -> None:
    assert shop.request("GET", "/healthz", headers={"x-request-id": "mine"}).headers["x-request-id"] == "mine"
    assert len(shop.get("/healthz").headers["x-request-id"]) == 32


def test_an_unknown_path_names_the_nearest(shop: Client) -> None:
    answer = shop.get("/v1/catalogue")
    assert answer.status_code == 404
    assert "/v1/catalog" in answer.json()["errors"][0]["hint"]


def test_openapi_documents_both_ways_of_asking(app: FastAPI) -> None:
    operations = app.openapi()["paths"]["/shopping"]
    assert {p.get("name") for p in operations["get"]["parameters"]} >= {
        "apples",
        "discount_fraction",
        "as_of",
        "release",
    }
    schema = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Shopping"}
