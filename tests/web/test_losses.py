"""The losses over HTTP: every golden case, arrays in every form, limits, refusals, and the catalogue of losses."""

import base64
import io
import json
import struct
from typing import Any

import numpy as np
import pytest

from mlquote.losses.registry import LOSSES
from mlquote.main import create_app
from mlquote.settings import Settings
from tests.losses.vectors import cases, expanded, mismatches
from tests.web.conftest import NOW, Client

PATHS = {
    "loss": "/v1/losses/evaluate",
    "diagnostic": "/v1/losses/evaluate",
    "regularizer": "/v1/regularizers/evaluate",
    "closed_form": "/v1/losses/closed-form",
    "class_weight": "/v1/losses/class-weights",
    "threshold": "/v1/losses/decision-threshold",
    "gd_trace": "/v1/losses/descent",
    "loss_slice": "/v1/losses/surface",
    "scaling_law": "/v1/scaling-laws/evaluate",
}
MSE = {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0]}


@pytest.mark.parametrize("case", cases(*PATHS), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any], client: Client) -> None:
    response = client.post(PATHS[case["kind"]], expanded(case["request"]))
    assert response.status_code == 200, response.text
    assert mismatches(response.json(), case) == []


@pytest.mark.parametrize("case", cases("error"), ids=lambda case: case["id"])
def test_a_wrong_question_is_a_4xx_with_a_pointer(case: dict[str, Any], client: Client) -> None:
    response = client.post(PATHS[case["endpoint"]], expanded(case["request"]))
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"
    assert all(fault["pointer"].startswith("/") and fault["detail"] for fault in response.json()["errors"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**MSE, "predictions": [[1.0], [2.0, 3.0]]}, "/predictions"),
        ({**MSE, "predictions": [[1.0], [2.0]]}, "/targets"),
        ({**MSE, "predictions": [1.0, "NaN"]}, "/predictions/1"),
        ({**MSE, "predictions": [1.0, "two"]}, "/predictions/1"),
        ({**MSE, "predictions": [1.0, None]}, "/predictions/1"),
        ({**MSE, "predictions": 1.0}, "/targets"),
        ({**MSE, "predictions": True}, "/predictions"),
        ({**MSE, "targets": [0.0, "Infinity"]}, "/targets/1"),
        ({**MSE, "los": "mse"}, "/los"),
        ({**MSE, "params": {"delta": 1.0}}, "/params/delta"),
        ({**MSE, "reduction": "usual"}, "/reduction"),
        ({**MSE, "reduction": "constant"}, "/reduction_constant"),
        ({**MSE, "input_form": "logits"}, "/input_form"),
        ({**MSE, "weights": {"sample": [1.0, -1.0]}}, "/weights/sample/1"),
        ({**MSE, "weights": {"class": [1.0]}}, "/weights/class"),
        ({**MSE, "convention": "trl"}, "/convention"),
        ({**MSE, "gradient": ["theta", "logits"]}, "/gradient/1"),
        ({**MSE, "regularization": [{"type": "l2", "lambda": -1.0, "theta": [1.0]}]}, "/regularization/0/lambda"),
        ({**MSE, "loss": "msee"}, "/loss"),
        ({**MSE, "loss": "binary_cross_entropy"}, "/input_form"),
        ({**MSE, "loss": "binary_cross_entropy", "input_form": "logits", "targets": [0, 2]}, "/targets/1"),
        ({**MSE, "loss": "hinge"}, "/targets/0"),
        ({"loss": "cross_entropy", "input_form": "logits", "predictions": [[1.0, 2.0]], "targets": [0.5]},
         "/targets/0"),
        ({"loss": "cross_entropy", "input_form": "probabilities", "predictions": [[0.2, 0.3]], "targets": [0]},
         "/predictions/0"),
        ({"loss": "cross_entropy", "input_form": "logits", "predictions": [["-Infinity", "-Infinity"]],
          "targets": [0]}, "/predictions/0"),
        ({"loss": "triplet", "predictions": {"anchor": [[1.0]], "positive": [[1.0]]}}, "/predictions/negative"),
        ({"loss": "dpo", "params": {"variant": "robust", "label_smoothing": 0.5},
          "predictions": {"policy_chosen_logps": [0.0], "policy_rejected_logps": [0.0]},
          "targets": {"reference_chosen_logps": [0.0], "reference_rejected_logps": [0.0]}}, "/params/label_smoothing"),
        ([1, 2], ""),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_what_is_wrong_is_named(body: Any, pointer: str, client: Client) -> None:
    response = client.post("/v1/losses/evaluate", body)
    assert response.status_code == 422, response.text
    assert pointer in [fault["pointer"] for fault in response.json()["errors"]]


def test_every_structural_fault_is_told_at_once(client: Client) -> None:
    body = {"loss": "huber", "predictions": [1.0], "targets": [1.0], "params": {"delta": 0}, "reduction": "avg", "x": 1}
    response = client.post("/v1/losses/evaluate", body)
    assert {fault["pointer"] for fault in response.json()["errors"]} == {"/params/delta", "/reduction", "/x"}


@pytest.mark.parametrize(
    "raw", [b"{", b'{"loss": NaN}', b"[" * 100_000, b"\xff\xfe"], ids=["cut", "nan", "deep", "utf"]
)
def test_what_is_no_json_is_refused(raw: bytes, client: Client) -> None:
    response = client.request("POST", "/v1/losses/evaluate", content=raw)
    assert response.status_code == 422
    assert "JSON" in response.json()["detail"]


@pytest.mark.parametrize("depth", [50, 300, 900])
def test_a_question_nested_beyond_reason_is_refused(depth: int, client: Client) -> None:
    lists = b'{"loss": "mse", "targets": [1], "predictions": ' + b"[" * depth + b"1" + b"]" * depth + b"}"
    objects = b'{"a":' * depth + b"1" + b"}" * depth
    for raw in (lists, objects):
        assert client.request("POST", "/v1/losses/evaluate", content=raw).status_code == 422


def test_infinite_values_are_strings_and_infinite_gradients_null(client: Client) -> None:
    body = {
        "loss": "binary_cross_entropy",
        "input_form": "probabilities",
        "predictions": [0.0, 0.5],
        "targets": [1, 1],
        "gradient": True,
    }
    answer = client.post("/v1/losses/evaluate", body).json()
    assert answer["cost"] == "Infinity"
    assert answer["per_example"] == ["Infinity", pytest.approx(0.6931471805599453)]
    assert answer["gradient"]["predictions"] == [None, -1.0]  # d/dp mean(-log p) at 1/2: -2/2
    assert {"value_not_finite", "gradient_infinite"} <= {entry["code"] for entry in answer["diagnostics"]}


def npy(array: np.ndarray, *, allow_pickle: bool = False) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=allow_pickle)
    return file.getvalue()


def safetensors(arrays: dict[str, tuple[str, list[int], bytes]]) -> bytes:
    header, data = {}, b""
    for name, (dtype, shape, raw) in arrays.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + data


def multipart(client: Client, question: dict[str, Any], files: dict[str, tuple[str, bytes]], **options: Any):
    return client.request("POST", "/v1/losses/evaluate", data={"request": json.dumps(question)}, files=files, **options)


PARTS = {"loss": "mse", "predictions": {"$part": "p"}, "targets": {"$part": "y"}, "gradient": True}


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<i4", "|u1", "|b1"])
def test_npy_parts_are_read_in_any_plain_dtype(dtype: str, client: Client) -> None:
    p, y = np.array([[1, 0], [1, 1]], dtype=dtype), np.zeros((2, 2), dtype=dtype)
    response = multipart(client, PARTS, {"p": ("p.npy", npy(p)), "y": ("y.npy", npy(np.asfortranarray(y)))})
    assert response.status_code == 200, response.text
    assert response.json()["cost"] == 0.75
    assert response.json()["gradient"]["predictions"] == [[0.5, 0.0], [0.5, 0.5]]


def test_safetensors_parts_are_read_by_name_and_bfloat16_widened(client: Client) -> None:
    bf16 = (np.array([1.5, -2.0], dtype="<f4").view("<u4") >> 16).astype("<u2").tobytes()
    body = safetensors({"p": ("BF16", [2], bf16), "y": ("F64", [2], np.zeros(2).tobytes())})
    question = {**PARTS, "predictions": {"$part": "all", "tensor": "p"}}
    response = multipart(client, question, {"all": ("all.safetensors", body)})
    assert response.json()["per_example"] == [2.25, 4.0]


def test_base64_arrays_stand_anywhere_an_array_may(client: Client) -> None:
    packed = {"$b64": {"dtype": "<f8", "shape": [2], "data": base64.b64encode(np.array([3.0, 1.0]).tobytes()).decode()}}
    body = {**MSE, "predictions": packed, "weights": {"sample": packed}, "reduction": "weighted_mean"}
    answer = client.post("/v1/losses/evaluate", body).json()
    assert answer["cost"] == (3 * 9 + 1) / 4
    assert answer["numerics"]["input_dtype"] == ["float64"]


def test_long_arrays_answer_a_binary_request_as_base64_and_as_lists_where_asked(client: Client) -> None:
    p = np.linspace(-1.0, 1.0, 20_001)
    files = {"p": ("p.npy", npy(p)), "y": ("y.npy", npy(np.zeros(20_001)))}
    packed = multipart(client, PARTS, files).json()["gradient"]["predictions"]["$b64"]
    listed = multipart(client, PARTS, files, params={"arrays": "json"}).json()["gradient"]["predictions"]
    np.testing.assert_array_equal(np.frombuffer(base64.b64decode(packed["data"]), packed["dtype"]), listed)
    np.testing.assert_allclose(listed, 2.0 * p / 20_001, rtol=1e-15)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(np.array([{"a": 1}], dtype=object), allow_pickle=True), "unpickled"),
        (npy(np.zeros(3, dtype="<f8"))[:-8], "bytes came"),
        (npy(np.zeros(3, dtype="<c16")), "not read"),
        (b"\x93NUMPY\x01\x00\xff\xff" + b"{" * 20, "cut short"),
        (npy(np.zeros(3)).replace(b"(3,)", b"(3e)"), "cannot be read"),
        (npy(np.zeros(3)).replace(b"(3,), }", b"(9**9,)"), "cannot be read"),
        (b"not an array", "safetensors"),
    ],
    ids=["pickled", "cut", "complex", "header", "shape", "expression", "text"],
)
def test_a_part_that_is_no_array_of_numbers_is_refused_unread(content: bytes, words: str, client: Client) -> None:
    response = multipart(client, PARTS, {"p": ("p.npy", content), "y": ("y.npy", npy(np.zeros(3)))})
    assert response.status_code == 422
    assert words in response.json()["detail"]


def test_a_part_that_did_not_come_is_named_with_the_nearest(client: Client) -> None:
    question = {**PARTS, "predictions": {"$part": "pp"}}
    response = multipart(client, question, {"p": ("p.npy", npy(np.zeros(3))), "y": ("y.npy", npy(np.zeros(3)))})
    assert response.status_code == 422
    assert response.json()["errors"][0] == {
        "pointer": "/predictions",
        "detail": "no part named 'pp' came with the request",
        "hint": "nearest: p",
    }


@pytest.mark.parametrize(
    ("b64", "pointer"),
    [
        ({"dtype": "<f8", "shape": [2], "data": "AAAA"}, "/predictions/$b64"),
        ({"dtype": "O", "shape": [2], "data": ""}, "/predictions/$b64/dtype"),
        ({"dtype": "<f8", "shape": [-1], "data": ""}, "/predictions/$b64/shape"),
        ({"dtype": "<f8", "shape": [1], "data": "%%%"}, "/predictions/$b64/data"),
        ({"dtype": "<f8", "shape": [10**9, 10**9], "data": ""}, "/predictions/$b64"),
    ],
    ids=["short", "object", "shape", "alphabet", "huge"],
)
def test_a_base64_array_that_does_not_hold_together_is_refused(b64: Any, pointer: str, client: Client) -> None:
    response = client.post("/v1/losses/evaluate", {**MSE, "predictions": {"$b64": b64}})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A service that takes little and has no time."""
    database = tmp_path_factory.mktemp("narrow") / "mlquote.sqlite3"
    settings = Settings(
        database_url=f"sqlite:///{database}",
        loss_json_bytes=20_000,
        loss_json_numbers=1_000,
        loss_binary_bytes=50_000,
        loss_binary_numbers=2_000,
        loss_spooled_bytes=200_000,
        loss_seconds=0.05,
        loss_parse_beside_bytes=10_000,
    )
    return Client(create_app(settings, now=lambda: NOW))


def test_a_body_too_large_is_413_however_it_comes(narrow: Client) -> None:
    many = {**MSE, "predictions": [0] * 1_001, "targets": [0] * 1_001}
    wide = {**MSE, "x": "y" * 20_000}
    arrays = {"p": ("p.npy", npy(np.zeros(1_500))), "y": ("y.npy", npy(np.zeros(1_500)))}
    long = {"p": ("p.npy", npy(np.zeros(5_000))), "y": ("y.npy", npy(np.zeros(5_000)))}
    assert narrow.post("/v1/losses/evaluate", many).status_code == 413
    assert narrow.post("/v1/losses/evaluate", wide).status_code == 413
    assert multipart(narrow, PARTS, arrays).status_code == 413
    assert multipart(narrow, PARTS, long).status_code == 413


def test_a_long_body_of_arrays_is_read_from_a_file_where_its_loss_goes_by_rows(narrow: Client, client: Client) -> None:
    z = np.random.default_rng(1).normal(size=(4, 7_000)).astype(np.float32)
    question = {"loss": "cross_entropy", "input_form": "logits", "predictions": {"$part": "z"}, "targets": [0, 1, 2, 3]}
    body = {"z": ("z.npy", npy(z))}
    spooled = multipart(narrow, question, body)
    assert (spooled.status_code, spooled.json()) == (200, multipart(client, question, body).json())
    refused = [
        multipart(narrow, {**question, "gradient": True}, body),
        multipart(narrow, question, {"z": ("z.npy", npy(np.asfortranarray(z)))}),
        multipart(narrow, {**question, "loss": "multiclass_hinge"}, body),
        multipart(narrow, question, {"z": ("z.npy", npy(np.zeros((4, 14_000), dtype=np.float32)))}),
        narrow.post("/v1/losses/evaluate", {**question, "predictions": {"x": "y" * 60_000}}),
    ]
    assert [each.status_code for each in refused] == [413] * 5


def test_long_json_is_parsed_beside_the_service_to_the_same_answer(narrow: Client, client: Client) -> None:
    body = {**MSE, "predictions": [1.2345678901234567] * 480, "targets": [-1.2345678901234567] * 480}
    assert len(json.dumps(body)) > 10_000
    ours, theirs = (c.post("/v1/losses/evaluate", body).json() for c in (narrow, client))
    assert ours == theirs


def test_a_computation_past_its_time_is_stopped(narrow: Client) -> None:
    rows = [[float(i % 7), float(i % 5), 1.0] for i in range(200)]
    start = {"theta0": [0.0] * 3, "learning_rate": 0.01, "steps": 10_000}
    body = {"model": "linear", "X": rows, "y": [1.0] * 200, **start}
    response = narrow.post("/v1/losses/descent", body)
    assert response.status_code == 413
    assert response.json()["code"] == "took-too-long"


def test_each_framework_answers_the_same_weights_its_own_way(client: Client) -> None:
    """Class weights over three rows: PyTorch divides by the sum of w_y; no other framework's loss takes them."""
    body = {
        "loss": "cross_entropy",
        "input_form": "logits",
        "predictions": [[2.0, 0.5, 0.1], [0.2, 1.5, 0.3], [0.1, 0.2, 3.0]],
        "targets": [0, 1, 2],
        "weights": {"class": [1.0, 2.0, 10.0]},
    }
    answer = client.post("/v1/losses/compare", body).json()
    found = {entry["framework"]: entry for entry in answer["frameworks"]}
    assert found["pytorch"]["divisor"] == 13.0
    assert found["pytorch"]["value"] * 13 == pytest.approx(answer["reference"]["value"] * 3)
    assert [name for name, entry in found.items() if entry["value"] is not None] == ["pytorch"]
    assert any("sum of weights" in reason for reason in found["pytorch"]["reasons"])
    assert {"pytorch", "keras", "optax", "sklearn", "transformers"} <= set(found)


def test_a_probability_of_zero_is_worth_what_each_framework_clamps_it_to(client: Client) -> None:
    """100 in PyTorch, 16.118 = -log 1e-7 in Keras, 36.04 = -log 2.2e-16 in scikit-learn."""
    body = {"loss": "binary_cross_entropy", "input_form": "probabilities", "predictions": [0.0], "targets": [1]}
    answer = client.post("/v1/losses/compare", body).json()
    values = {entry["framework"]: entry["value"] for entry in answer["frameworks"]}
    assert values["pytorch"] == 100.0
    assert values["keras"] == pytest.approx(16.11809565095832)
    assert values["sklearn"] == pytest.approx(36.04365338911715)
    assert answer["reference"]["value"] == "Infinity"


def test_the_catalogue_of_losses_says_everything_of_each(client: Client) -> None:
    listed = client.get("/v1/losses").json()
    assert [entry["name"] for entry in listed["losses"]] == list(LOSSES)
    for entry in listed["losses"]:
        assert all(entry[part] for part in ("about", "formula", "gradient", "domain", "aligned_with", "source"))
        assert entry["properties"]["numerically_stable"] is True
    for entry in listed["regularizers"]:
        assert all(entry[part] for part in ("about", "formula", "gradient", "properties", "source"))
    assert {"l2", "l1", "elastic_net", "group_lasso", "spectral_norm", "dropout_linear"} <= {
        entry["name"] for entry in listed["regularizers"]
    }


def test_a_loss_is_found_under_its_other_names_and_a_misspelt_one_near_its_own(client: Client) -> None:
    assert client.get("/v1/losses/pinball").json()["name"] == "quantile"
    missing = client.get("/v1/losses/hubber")
    assert missing.status_code == 404
    assert "huber" in missing.json()["errors"][0]["hint"]


def test_the_words_of_the_trade_are_told_apart(client: Client) -> None:
    words = {entry["term"]: entry["field"] for entry in client.get("/v1/losses/terms").json()["terms"]}
    assert words["objective"] == "objective"
    assert words["cost"] == "cost"
    assert {"loss", "empirical_risk", "true_risk", "criterion", "reward"} <= set(words)


def test_a_scaling_law_answers_at_its_top_and_in_its_envelope(client: Client) -> None:
    response = client.get("/v1/scaling-laws/evaluate", op="compute_optimal", C="5.76e23", law="hoffmann2022-tex")
    answer = response.json()
    assert answer["N"] == answer["result"]["N"] == pytest.approx(40.4e9, rel=0.005)
    assert answer["rows"][0]["key"] == "hoffmann2022-tex"


def test_an_answer_is_a_table_for_who_wants_one(client: Client) -> None:
    response = client.request("POST", "/v1/losses/evaluate", json=MSE, params={"format": "text"})
    assert response.headers["content-type"].startswith("text/plain")
    assert "2.5" in response.text


def test_openapi_names_the_fields_of_each_question_and_answer(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in {*PATHS.values(), "/v1/losses/compare"} - {"/v1/scaling-laws/evaluate"}:
        asked = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        answered = paths[path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        response = client.post(path, asked["examples"][0])
        assert response.status_code == 200
        assert set(response.json()) == set(answered["properties"])


def test_a_loss_is_asked_under_any_of_its_names(client: Client) -> None:
    wanted = client.post("/v1/losses/evaluate", MSE).json()
    for name in ("MSE", "mean-squared-error", "L2"):
        assert client.post("/v1/losses/evaluate", {**MSE, "loss": name}).json() == wanted


def test_a_batch_is_answered_in_order_and_each_fails_alone(client: Client) -> None:
    wrong, right = {**MSE, "loss": "nothing"}, {**MSE, "expected": 2.5}
    found = client.post("/v1/losses/evaluate/batch", [MSE, wrong, right]).json()
    assert [each["index"] for each in found] == [0, 1, 2]
    assert (found[0]["cost"], found[1]["status"], found[2]["verdict"]) == (2.5, 422, "pass")
