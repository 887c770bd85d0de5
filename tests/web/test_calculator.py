"""The calculator's pages without script: every form's answer is the API's, faults stand beside their fields."""

import re

import pytest

from mlquote.web.pages.fields import fields_of
from mlquote.web.pages.kinds import KINDS, CalculatorKind
from tests.web.conftest import Client
from tests.web.test_pages import BROWSER

STARTS = [(kind, query) for kind in KINDS for query in kind.start.values()]
TRAINING = "model=llama-3.1-8b&tokens=15T&accelerator=h100-sxm&accelerator_count=1024"


def _page(client: Client, path: str) -> str:
    answer = client.request("GET", path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return answer.text


def _values(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-name="([^"]+)" data-value="([^"]*)"', page))


@pytest.mark.parametrize(("kind", "query"), STARTS, ids=lambda value: value if isinstance(value, str) else value.name)
def test_the_page_tells_the_figures_of_the_same_query_by_the_api(
    client: Client, kind: CalculatorKind, query: str
) -> None:
    values = _values(_page(client, f"/calculator/{kind.name}?{query}"))
    result = client.request("GET", f"{kind.asked_at}?{query}").json()["result"]
    assert len(values) >= 4
    for name, value in values.items():
        place = result
        for part in name.split("."):
            place = place[int(part) if isinstance(place, list) else part]
        assert float(value) == pytest.approx(place["central"] if isinstance(place, dict) else place, rel=1e-12), name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_form_asks_every_field_of_the_question(client: Client, kind: CalculatorKind) -> None:
    page = _page(client, f"/calculator/{kind.name}")
    asked = set(re.findall(r'<(?:input|select) id="f-[^"]+" name="([^"]+)"', page))
    assert asked == set(fields_of(kind.member.question))
    assert {name for names in kind.front.values() for name in names} <= asked


def test_what_was_given_and_what_was_assumed_stands_beside_each_field(client: Client) -> None:
    page = _page(client, f"/calculator/training?{TRAINING}")
    marks = dict(re.findall(r'id="m-([^"]+)" data-live(?: hidden)?>(\w*)<', page))
    assert marks["model"] == marks["tokens"] == "given"
    assert marks["mfu"] == marks["pue"] == marks["grid_zone"] == "assumed"
    assert "15,000,000,000,000" in page and "median of the PUEs" in page


def test_a_refused_name_offers_the_nearest_beside_its_field(client: Client) -> None:
    page = _page(client, "/calculator/training?model=llama-3.1-8b&tokens=15T&accelerator=h10o")
    help_text = re.search(r'<p class="help fault" id="h-accelerator".*?</p>', page, re.S)
    assert help_text and "no accelerator named" in help_text[0]
    offered = re.search(r'href="([^"]+)" data-fill="accelerator"', help_text[0])
    assert offered and 'id="headline"' in _page(client, offered[1].replace("&amp;", "&"))


def test_a_field_that_nobody_knows_is_told_above_the_form(client: Client) -> None:
    page = _page(client, f"/calculator/training?{TRAINING}&colour=red")
    assert re.search(r'role="alert".*?colour|role="alert"', page, re.S) and "data-faulty" in page


def test_what_is_typed_stands_in_the_page_as_text(client: Client) -> None:
    page = _page(client, "/calculator/training?model=%3Cscript%3Ealert(1)%3C/script%3E&accelerator=h100")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_empty_fields_of_a_browsers_form_lead_to_the_plain_address(client: Client) -> None:
    answer = client.request("GET", f"/calculator/training?{TRAINING}&mfu=&pue=", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/calculator/training?{TRAINING}")


def test_any_question_at_the_front_door_finds_its_form(client: Client) -> None:
    for asked, kind, fields in [
        (TRAINING, "training", TRAINING),
        ("kind=tokens&model=gpt-4o", "inference", "model=gpt-4o"),
        ("kind=hosting&model=llama-3.1-8b&accelerator=h100", "serving", "model=llama-3.1-8b&accelerator=h100"),
        ("provider=openai&model=gpt-4o&requests=5", "inference", "provider=openai&model=gpt-4o&requests=5"),
    ]:
        answer = client.request("GET", f"/?{asked}", headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (307, f"/calculator/{kind}?{fields}")


def test_fine_tuning_says_its_method(client: Client) -> None:
    answer = client.request("GET", "/calculator/fine-tuning?model=llama-3.1-8b", headers=BROWSER)
    assert answer.headers["location"] == "/calculator/fine-tuning?model=llama-3.1-8b&method=lora"


def test_a_link_pins_release_and_moment_and_an_old_one_shows_todays_number(client: Client) -> None:
    page = _page(client, f"/calculator/training?{TRAINING}")
    link = re.search(r'data-copy="([^"]+)"', page)
    assert link
    again = _page(client, link[1].replace("&amp;", "&").replace("http://mlquote", ""))
    assert "An old link" in again and _values(again) == _values(page)
    old = _page(client, f"/calculator/training?{TRAINING}&as_of=2025-06-01")
    assert (
        "This quote was made on 2025-06-01" in old and f"/calculator/training?{TRAINING}".replace("&", "&amp;") in old
    )


def test_the_texts_to_take_along_ask_the_same(client: Client) -> None:
    page = (
        _page(client, f"/calculator/training?{TRAINING}")
        .replace("&amp;", "&")
        .replace("&#39;", "'")
        .replace("&#34;", '"')
    )
    assert f"curl 'http://mlquote/v1/estimates/training?{TRAINING}&format=text'" in page
    assert f'urlopen("http://mlquote/v1/estimates/training?{TRAINING}")' in page
    assert '[questions.this]\nkind = "training"\nmodel = "llama-3.1-8b"\ntokens = "15T"' in page


def test_a_doubt_is_pinned_by_an_address(client: Client) -> None:
    page = _page(client, f"/calculator/training?{TRAINING}")
    pinned = re.search(r'href="([^"]+)" data-do="pin" data-fill="usd_per_accelerator_hour"', page)
    assert pinned
    after = _page(client, pinned[1].replace("&amp;", "&"))
    assert 'data-fill="usd_per_accelerator_hour"' not in after and 'data-fill="mfu"' in after


def test_an_answer_has_its_picture_and_its_json(client: Client) -> None:
    for kind in KINDS:
        page = _page(client, f"/calculator/{kind.name}?{next(iter(kind.start.values()))}").replace("&amp;", "&")
        picture = re.search(r'href="(/v1/charts/[^"]+)"', page)
        api = re.search(r'href="http://mlquote(/v1/[^"]+)">JSON', page)
        assert bool(picture) == kind.is_quote
        assert not picture or client.request("GET", picture[1]).headers["content-type"].startswith("image/svg+xml")
        assert api and "result" in client.request("GET", api[1]).json()


def test_a_bill_of_tokens_is_exact_and_has_no_band(client: Client) -> None:
    page = _page(
        client,
        "/calculator/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1000&output_tokens=500&requests=1000",
    )
    assert "$17.50" in page and "Exact" in page and "Each dot is one case" not in page


def test_the_live_part_is_the_same_answer_without_the_fields(client: Client) -> None:
    whole = _page(client, f"/calculator/training?{TRAINING}")
    part = client.request("GET", f"/v1/views/training?{TRAINING}")
    assert "<input" not in part.text and len(part.text) < len(whole)
    assert _values(part.text) == _values(whole)
