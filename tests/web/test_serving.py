"""Serving over HTTP: both methods, every face, refusals as problems, and a comparison of many layouts."""

import pytest

QUESTION = {"model": "llama-3.1-70b", "accelerator": "h200", "accelerator_count": 8, "tensor_parallel": 2}
PATH = "/v1/estimates/serving"


def test_get_and_post_give_one_answer(client) -> None:
    posted = client.post(PATH, QUESTION | {"concurrency": 64, "engine": "vLLM 0.11"})
    got = client.get(PATH, **QUESTION, concurrency=64, engine="vLLM 0.11")
    assert posted.status_code == got.status_code == 200
    assert posted.json()["result"] == got.json()["result"]


def test_posting_the_echoed_question_again_repeats_the_answer(client) -> None:
    first = client.post(PATH, QUESTION).json()
    again = client.post(PATH, first["question"]).json()
    assert again["result"] == first["result"]


@pytest.mark.parametrize("form", ["text", "markdown", "csv"])
def test_every_face_shows_the_throughput(client, form: str) -> None:
    answer = client.get(PATH, **QUESTION, concurrency=16, format=form)
    assert answer.status_code == 200
    assert "output_tokens_per_s" in answer.text or "output tokens" in answer.text.casefold()


def test_what_does_not_fit_is_a_problem_that_says_what_would(client) -> None:
    answer = client.get(PATH, model="llama-3.1-405b", accelerator="h100", accelerator_count=4)
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["code"] == "does-not-fit"
    assert problem["errors"][0]["pointer"] == "/accelerator_count"
    assert "accelerator_count 16" in problem["errors"][0]["hint"]


def test_the_fits_own_runs_and_constants_can_be_read(client) -> None:
    run = client.get("/v1/catalog/serving_runs/inf0001")
    assert run.status_code == 200
    assert "258c7540c03517def55d9a5aadfa9288af474e1b" in run.text


def test_layouts_are_compared_with_their_refusals_in_place(client) -> None:
    body = {"kind": "serving", "model": "llama-3.1-70b", "accelerator": ["h100-sxm", "b200"], "accelerator_count": 8,
            "tensor_parallel": [1, 2, 8], "pipeline_parallel": 1, "concurrency": 64,
            "rank_by": "usd_per_mtok.blended"}  # fmt: skip
    rows = client.post("/v1/comparisons", body).json()["result"]["rows"]
    assert len(rows) == 6
    refused = [row for row in rows if row["rank"] is None]
    assert [row["choice"] for row in refused] == [{"accelerator": "h100-sxm", "tensor_parallel": 1}]


def test_a_comparison_names_its_pareto_front(client) -> None:
    body = {"kind": "serving", "model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1,
            "concurrency": [1, 8, 64], "weight_dtype": ["bf16", "fp8"], "rank_by": "tpot_ms",
            "pareto": ["tpot_ms", "usd_per_mtok.blended"]}  # fmt: skip
    rows = client.post("/v1/comparisons", body).json()["result"]["rows"]
    front = [(row["choice"]["weight_dtype"], row["choice"]["concurrency"]) for row in rows if row["on_front"]]
    assert front == [("fp8", 1), ("fp8", 8), ("fp8", 64)]
    asked = {"accelerator": "h100-sxm", "model": "llama-3.1-8b", "concurrency": "1,8", "kind": "serving"}
    got = client.get("/v1/comparisons", **asked, rank_by="tpot_ms", pareto="tpot_ms,output_tokens_per_s")
    assert [row["on_front"] for row in got.json()["result"]["rows"]] == [True, True]


def test_a_saturated_point_keeps_its_place_without_a_figure(client) -> None:
    body = {"kind": "serving", "model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 1,
            "requests_per_s": [1, 1e6]}  # fmt: skip
    answer = client.post("/v1/comparisons", body).json()
    assert answer["question"]["rank_by"] == "usd_per_mtok.blended"
    rows = answer["result"]["rows"]
    assert [row["rank"] for row in rows] == [1, None]
    assert "saturated" in rows[1]["warnings"]
