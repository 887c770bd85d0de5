"""Short paths: a few lines for people, the whole address in the last one, and no other route in their shadow."""

import pytest

from tests.web.conftest import Client

PATHS = [
    ("/gpt-4o", "gpt-4o at openai", "/v1/estimates/inference?model=gpt-4o&per=mtok"),
    ("/openai/gpt-4o", "gpt-4o at openai", "/v1/estimates/inference?model=openai/gpt-4o&per=mtok"),
    ("/claude sonnet 4.5", "at anthropic", "per=mtok"),
    ("/llama-3.1-70b/8xh100", "on 8 x h100", "/v1/estimates/serving?model=llama-3.1-70b&accelerator=8xh100"),
    ("/meta-llama/Llama-3.1-8B/2xa100", "on 2 x a100", "accelerator=2xa100"),
    ("/llama-70b/8xh100", "llama-3.3-70b on 8 x h100", "model=llama-3.3-70b"),
    ("/train/8b/1T/64xh100", "8,000,000,000 parameters on 64 x h100", "params=8b&tokens=1T&accelerator=64xh100"),
    ("/train/llama-3.1-8b/1T", "llama-3.1-8b on h100-sxm", "tokens=1T"),
    ("/gpt-4o?as_of=2024-06-01", "2024-06-01", "as_of=2024-06-01"),
]


@pytest.mark.parametrize(("path", "what", "address"), PATHS, ids=lambda value: value)
def test_a_short_path_answers_in_three_to_six_lines(client: Client, path: str, what: str, address: str) -> None:
    answer = client.request("GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 3 <= len(lines) <= 6 and all(len(line) <= 80 for line in lines[:-1])
    assert what in lines[0] and "release " in lines[0]
    assert any("$" in line for line in lines[1:-1])
    assert address in lines[-1]
    assert client.get(lines[-1]).status_code == 200


def test_what_was_read_for_a_name_is_said(client: Client) -> None:
    assert "= read as model=llama-3.3-70b" in client.get("/llama-70b/8xh100").text.splitlines()


def test_json_is_the_whole_answer_and_never_of_another_model(client: Client) -> None:
    answer = client.get("/gpt-4o", format="json").json()
    assert answer["question"]["model"] == "gpt-4o" and answer["result"]["usd_per_mtok"]["input"] == 2.5
    assert client.request("GET", "/gpt-4o", headers={"accept": "application/json"}).json() == answer
    refused = client.get("/llama-70b/8xh100", format="json")
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown-model")
    assert client.get(refused.json()["try"]).status_code == 200


def test_one_line_of_ones_own(client: Client) -> None:
    line = client.get("/gpt-4o", q="{model}: {usd_per_mtok.input} in, {usd_per_mtok.output} out").text
    assert line == "gpt-4o: 2.5 in, 10 out\n"
    span = client.get("/llama-3.1-70b/8xh100", q="{usd_per_hour.low} {usd_per_hour.high}").text.split()
    assert float(span[0]) < float(span[1])
    refused = client.get("/gpt-4o", q="{modle}")
    assert (refused.status_code, refused.json()["errors"][0]["hint"]) == (422, "nearest: model")
    assert client.get("/gpt-4o", q="x" * 501).status_code == 422


def test_help_names_a_path_of_each_kind(client: Client) -> None:
    page = client.get("/:help").text
    assert all(path in page for path in ("gpt-4o", "8xh100", "train/8b/1T", "?q="))


@pytest.mark.parametrize("path", ["/nosuchmodelatall", "/favicon.ico", "/v1/nothing", "/v1", "/index.php", "/.env"])
def test_what_is_no_short_path_is_not_found(client: Client, path: str) -> None:
    answer = client.request("GET", path)
    assert answer.status_code == 404 or (path == "/v1" and answer.status_code == 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/healthz", 200), ("GET", "/docs", 200), ("GET", "/openapi.json", 200), ("GET", "/", 200),
     ("GET", "/v1/codes", 200), ("POST", "/gpt-4o", 405), ("GET", "/v1/losses/evaluate", 405), ("GET", "/train", 422)],
)  # fmt: skip
def test_no_other_route_stands_in_their_shadow(client: Client, method: str, path: str, status: int) -> None:
    assert client.request(method, path).status_code == status


@pytest.mark.parametrize("path", ["//", "///", "//train//"])
def test_slashes_alone_are_a_clear_fault(client: Client, path: str) -> None:
    assert client.request("GET", f"http://mlquote{path}").status_code == 422
