"""The training door: the quick quote by GET and POST, its formats, replay, and what is refused."""

import pytest

from mlquote.catalog.remembered import Memory, MemoryOfThese
from mlquote.estimators.asking.telling import _each_once
from mlquote.estimators.models.flop import _one_token

PATH = "/v1/estimates/training"
LLAMA = {"model": "llama-3.1-405b", "tokens": "15.6e12", "accelerator": "h100-sxm", "accelerator_count": "16384"}


def test_the_quick_quote(client) -> None:
    answer = client.get(PATH, **LLAMA)
    assert answer.status_code == 200
    result = answer.json()["result"]
    assert result["training_flop"]["central"] == pytest.approx(3.8e25, rel=0.05)
    assert result["accelerator_hours"]["low"] < 30.84e6 < result["accelerator_hours"]["high"]
    assert result["cost_usd_rental"] != result["cost_usd_amortised"]
    assert result["cost_basis"] == "rental"
    assert {"thresholds", "emissions_kgco2e", "memory", "predicted_loss", "cost_lines"} <= result.keys()


def test_every_assumption_and_row_names_its_source(client) -> None:
    answer = client.get(PATH, **(LLAMA | {"grid_zone": "USA"})).json()
    assert all(row["source_url"].startswith(("http", "docs/")) for row in answer["rows"])
    shares = [each["share_of_variance"] for each in answer["assumptions"] if each["share_of_variance"] is not None]
    assert sum(shares) == pytest.approx(1.0, abs=0.01)
    assert all(each["why"] for each in answer["assumptions"])


def test_post_says_the_same_as_get(client) -> None:
    fields = {"params": 7_000_000_000, "tokens": 2e12, "accelerator": "A100-80GB", "date": "2023-07-01"}
    posted = client.post(PATH, fields).json()["result"]
    assert posted == client.get(PATH, **{name: str(value) for name, value in fields.items()}).json()["result"]


@pytest.mark.parametrize("fields", [LLAMA, LLAMA | {"provider": "aws", "price_model": "owned"}])
def test_what_is_remembered_changes_no_byte(client, fields, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fields | {"as_of": "2026-11-23", "grid_zone": "USA"}
    first, again = client.post(PATH, asked), client.post(PATH, asked)
    monkeypatch.setattr("mlquote.web.respond._with_known_rows", lambda answer: answer)
    monkeypatch.setattr("mlquote.estimators.asking.telling._ROWS", MemoryOfThese(_each_once))
    monkeypatch.setattr("mlquote.estimators.asking.question._PLAIN", frozenset())
    monkeypatch.setattr("mlquote.estimators.models.flop._EACH", Memory(_one_token))
    plainly = client.post(PATH, asked)
    assert first.status_code == 200, first.text
    assert len(first.json()["rows"]) > 8  # few rows are not remembered
    assert first.content == again.content == plainly.content


def test_a_field_of_a_part_is_a_parameter_under_its_path(client) -> None:
    fields = {"params": 7_000_000_000, "tokens": 1e9, "accelerator": "a-card-of-mine"}
    figures = {"memory_gb": 48, "tdp_w": 300, "usd_per_hour": 1.5, "peak_tflop_per_s": {"bf16": 200}}
    flat = {f"accelerator_figures.{name}": value for name, value in figures.items() if name != "peak_tflop_per_s"}
    asked = {name: str(value) for name, value in (fields | flat).items()}
    got = client.get(PATH, **asked, **{"accelerator_figures.peak_tflop_per_s.bf16": "200"})
    assert got.status_code == 200
    assert got.json()["result"] == client.post(PATH, fields | {"accelerator_figures": figures}).json()["result"]


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("accelerator_figures.memory", "/accelerator_figures/memory"), ("model.id", "/model.id")],
    ids=["no-field-of-the-part", "no-part"],
)
def test_a_path_that_leads_nowhere_is_named(client, name: str, pointer: str) -> None:
    answer = client.get(PATH, accelerator="h100-sxm", tokens="1e9", params="7e9", **{name: "48"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_echoed_question_repeats_the_answer(client) -> None:
    first = client.get(PATH, **LLAMA).json()
    again = client.post(PATH, first["question"] | {"release": first["catalog"]["release"]})
    assert again.json()["result"] == first["result"]


@pytest.mark.parametrize(("wanted", "shown"), [("text", "accelerator_hours"), ("markdown", "| cost_usd"), ("csv", ",")])
def test_it_is_shown_for_eyes_too(client, wanted: str, shown: str) -> None:
    answer = client.get(PATH, format=wanted, **LLAMA)
    assert answer.status_code == 200
    assert shown in answer.text


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        pytest.param({"model": "llama-9-7b"}, 404, "/model", id="unknown model"),
        pytest.param({"accelerator": "h1000"}, 404, "/accelerator", id="unknown accelerator"),
        pytest.param({"grid_zone": "Atlantis"}, 404, "/grid_zone", id="unknown zone"),
        pytest.param({"provider": "awz"}, 404, "/provider", id="unknown provider"),
        pytest.param({"tokens": "-1"}, 422, "/tokens", id="negative"),
        pytest.param({"tokens": "nan"}, 422, "/tokens", id="not a number"),
        pytest.param({"tokens": "1e40"}, 422, "/tokens", id="absurd"),
        pytest.param({"pue": "0.8"}, 422, "/pue", id="a building that makes energy"),
        pytest.param({"mfu": "1.2"}, 422, "/mfu", id="beyond the peak"),
        pytest.param({"epoch": "2"}, 422, "/epoch", id="misspelt field"),
        pytest.param({"date": "soon"}, 422, "/date", id="no date"),
    ],
)
def test_bad_input_is_a_problem_that_names_its_field(client, change: dict[str, str], status: int, pointer: str) -> None:
    answer = client.get(PATH, **(LLAMA | change))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_published_runs_stand_in_the_catalogue(client) -> None:
    answer = client.get("/v1/catalog/training_runs/llama31-405b")
    assert answer.status_code == 200
    assert "30840000" in answer.text


def test_a_config_that_names_every_quantised_module_is_read(client) -> None:
    """Files with 2 MB of names exist; beyond 4 MB it is a 413 that says so."""
    names = [f"model.layers.{n}.mlp.experts.down_proj" for n in range(50_000)]
    question = {
        "hf_config": {"model_type": "llama", "quantization_config": {"quant_method": "fp8", "ignore": names}},
        "tokens": 1e9,
        "accelerator": "h100-sxm",
    }
    assert client.post(PATH, question).status_code == 200
    question["hf_config"]["quantization_config"]["ignore"] = names * 3
    refused = client.post(PATH, question)
    assert (refused.status_code, "4000000 bytes" in refused.json()["detail"]) == (413, True)


def test_flop_of_a_config_known_by_parameters_alone_are_warned_of(client) -> None:
    question = {"hf_config": {"model_type": "upernet"}, "tokens": 1e9, "accelerator": "h100-sxm"}
    codes = {w["code"] for w in client.post(PATH, question).json()["warnings"]}
    assert "flop-by-parameters" in codes


def test_a_config_that_reads_images_is_counted_by_samples_and_says_so_where_tokens_are_given(client) -> None:
    question = {"hf_config": {"model_type": "convnext"}, "accelerator": "h100-sxm"}
    by_tokens = client.post(PATH, {**question, "tokens": 1e9}).json()
    said = [w["detail"] for w in by_tokens["warnings"] if w["code"] == "flop-by-parameters"]
    assert "an image of 224 x 224 costs 8.91e+09 FLOP forward" in said[0]
    by_images = client.post(PATH, {**question, "samples": 1e6}).json()
    assert "flop-by-parameters" not in {w["code"] for w in by_images["warnings"]}
    flop = by_images["result"]["flop_breakdown"]
    assert (flop["unit"], flop["forward_flop_per_unit"]) == ("image", 8_909_529_600)


def test_a_config_of_an_encoder_is_counted_layer_by_layer(client) -> None:
    question = {
        "hf_config": {"model_type": "modernbert"},
        "tokens": 1e9,
        "sequence_length": 1024,
        "accelerator": "l40s",
    }
    answer = client.post(PATH, question).json()
    assert "flop-by-parameters" not in {w["code"] for w in answer["warnings"]}
    terms = answer["result"]["flop_breakdown"]["forward_flop_by_term"]
    # 22 layers of width 768: 8 see all 1,024 tokens, 14 a window of 128
    assert terms["attention"] == 4 * 768 * (8 * 1024 + 14 * 128)
    assert client.post(PATH, {**question, "flop_convention": "palm"}).status_code == 422
