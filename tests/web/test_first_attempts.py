"""What people type first: it is answered, or refused with everything that is wrong and one address that is answered."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import Client

API, RUN, HOST = "/v1/estimates/inference", "/v1/estimates/training", "/v1/estimates/serving"

ANSWERED: list[tuple[str, str, dict[str, Any]]] = [
    (API, "model=gpt-4o&input_tokens=1M&output_tokens=1M", {"input_tokens": 1_000_000}),
    (API, "model=gpt4o&input_tokens=1,000,000", {"model": "gpt-4o", "input_tokens": 1_000_000}),
    (API, "model=GPT 4o&input_tokens=2k", {"model": "gpt-4o", "input_tokens": 2000}),
    (API, "model=claude sonnet 4.5&input_tokens=1e5", {"provider": "anthropic"}),
    (API, "model=deepseek r1&input_tokens=1e5", {"provider": "deepseek"}),
    (API, "model=openai/gpt-4o&input_tokens=1e6", {"provider": "openai"}),
    (API, "model=grok-4&input_tokens=1e6", {"provider": "xai"}),
    (API, "model=grok-3&input_tokens=1e6", {"provider": "xai"}),
    (API, "model=whisper-1&seconds=60", {"provider": "openai"}),
    (API, "model=gpt-4o&prompt_tokens=1000&completion_tokens=200", {"input_tokens": 1000, "output_tokens": 200}),
    (API, "model=gpt-4o&tokens_in=1000&tokens_out=200", {"input_tokens": 1000, "output_tokens": 200}),
    (API, "model=gpt-4o&input=1000&output=200", {"input_tokens": 1000, "output_tokens": 200}),
    (API, "model=gpt-4o&inputTokens=1000", {"input_tokens": 1000}),
    (API, "model=gpt-4o&input-tokens=1000", {"input_tokens": 1000}),
    (API, "model=gpt-4o&input_tokens=1000&batch=true", {"processing": "batch"}),
    (API, "model=gpt-4o&input_tokens=1000&calls=1M", {"requests": 1_000_000}),
    (API, "model=gpt-4o&input_tokens=1000&discount=20%", {"discount_fraction": 0.2}),
    (API, "model=gpt-4o&requests_per_day=1000&input_tokens=1000&output_tokens=200", {"requests_per_day": 1000}),
    (API, "model=gpt-4o&daily_requests=1k&input_tokens=1000&days=7", {"requests_per_day": 1000, "days": 7}),
    (API, "model=gpt-4o&per_million=true", {"per": "mtok"}),
    (API, "model=gpt-4o&input_tokens=1e6&as_of=now", {}),
    (API, "model=gpt-4o&input_tokens=1e6&as_of=20240601", {}),
    (API, "model=gpt-4o&input_tokens=1e6&as_of=2024-06", {}),
    (API, "llm=gpt-4o&input_tokens=1e6", {"model": "gpt-4o"}),
    (RUN, "model=7b&tokens=1T&accelerator=H100", {"params": 7_000_000_000, "tokens": 1e12}),
    (RUN, "params=7b&tokens=1T&accelerator=8xH100", {"accelerator_count": 8}),
    (RUN, "params=7b&tokens=1T&gpus=8xH100", {"accelerator_count": 8}),
    (RUN, "params=7b&tokens=1T&gpu=H100&gpus=8", {"accelerator": "H100", "accelerator_count": 8}),
    (RUN, "params=7b&tokens=1T&gpu=H100:64", {"accelerator_count": 64}),
    (RUN, "n_params=7e9&n_tokens=1e12&gpu=a100", {"params": 7_000_000_000}),
    (RUN, "params_b=7&tokens_t=1&gpu=a100", {"params": 7_000_000_000, "tokens": 1e12}),
    (RUN, "model=llama-3.1-8b&tokens=15T&accelerator=h100", {"tokens": 15e12}),
    (RUN, "model=llama3-8b&tokens=1e9&accelerator=a100", {}),
    (RUN, "model=meta-llama/Llama-3.1-8B&tokens=1e9&accelerator=A100-80GB", {}),
    (RUN, "accelerator=h100&gpu_hours=1000", {"accelerator_hours": 1000.0}),
    (RUN, "accelerator=h100&accelerator_hours=1k&usd_per_gpu_hour=$2.50", {"usd_per_accelerator_hour": 2.5}),
    (RUN, "accelerator=h100&accelerator_hours=1000&spot=true", {"price_model": "spot"}),
    (RUN, "accelerator=h100&accelerator_hours=1000&country=germany", {"grid_zone": "germany"}),
    (RUN, "accelerator=h100&accelerator_hours=1000&cloud=aws&region=ohio", {"provider": "aws"}),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&mfu=40%", {"mfu": 0.4}),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&seq_len=4096", {"sequence_length": 4096}),
    (RUN, "model=llama-3.1-8b&samples=10k&accelerator=h100&method=LoRA&num_epochs=3", {"epochs": 3.0}),
    (HOST, "model=llama-3.1-70b&accelerator=8xh100", {"accelerator_count": 8}),
    (HOST, "model=llama 3.1 8b&gpu=4090&quantization=int4", {"weight_dtype": "int4"}),
    (HOST, "model=llama-3.1-8b&accelerator=h100&qps=5", {"requests_per_s": 5.0}),
    (HOST, "model=llama-3.1-8b&accelerator=h100&concurrent_users=16", {"concurrency": 16.0}),
    (HOST, "model=70b&gpus=8xH100&tp=8", {"params": 70_000_000_000, "tensor_parallel": 8}),
    ("/v1/scaling-laws/evaluate", "op=loss&params=7b&tokens=1T", {"N": 7e9, "D": 1e12}),
    ("/v1/comparisons", "kind=training&params=7b&tokens=1T&gpu=h100,a100", {}),
    ("/v1/comparisons", "provider=openai&model=gpt-4o,gpt-4o-mini&input_tokens=1,000,000", {}),
]

CORRECTED: list[tuple[str, str, str]] = [
    (API, "model=gpt-4o", "per=mtok"),
    (API, "model=claude sonnet&input_tokens=1e6", "model=claude-sonnet-"),
    (API, "model=llama 70b&input_tokens=1e6", "70b"),
    (API, "model=gpt-4o&tokens=1e6", "input_tokens=1e6"),
    (API, "provider=opnai&model=gpt-4o&input_tokens=1e6", "provider=openai"),
    (API, "provider=openai&model=gpt-4o&input_tokens=1e6&region=mars", "model=gpt-4o&input_tokens=1e6"),
    (API, "provider=azure&model=gpt-4o&input_tokens=1e6&region=easttus", "region=eastus"),
    (API, "model=gpt-4o&input_tokens=1e6&as_of=yesterday", "as_of=2026-11-22"),
    (API, "model=llama-3.1-70b&input_tokens=1e6", "provider="),
    (API, "model=gpt-4o&input_tokens=1,5", "input_tokens="),
    (API, "input_tokens=1000", "model="),
    (API, "model=whisper&seconds=60", "provider="),
    (RUN, "params=7e9&tokens=1e12&gpus=8", "accelerator=h100-sxm"),
    (RUN, "params=7b&tokens=1T", "accelerator=h100-sxm"),
    (RUN, "model=llama-70b&tokens=1e9&accelerator=a100", "70b"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=TPUv5", "accelerator=TPUv5"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=p5.48xlarge", "accelerator=8xh100"),
    (RUN, "accelerator=h100&hours=1000", "accelerator_hours=1000"),
    (RUN, "accelerator=h100&accelerator_hours=1000&price=2", "usd_per_accelerator_hour=2"),
    (RUN, "model=llama-3.1-8b&tokens=1e6&accelerator=h100&method=fine-tune", "method=finetune"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&mfu=40", "mfu=40%25"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&sequence_length=8k", "sequence_length=8192"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&region=us-east-1", "provider=aws"),
    (RUN, "model=llama-3.1-8b&tokens=1e9&accelerator=h100&region=eu", "grid_zone=eu"),
    (HOST, "model=llama 70b&accelerator=h100", "70b"),
    (HOST, "model=llama-3.1-8b", "accelerator=h100-sxm"),
    ("/v1/scaling-laws/evaluate", "params=7e9&tokens=1e12", "op=loss"),
]


def test_at_least_sixty_natural_attempts_are_tried() -> None:
    assert len({(path, query) for path, query, _ in ANSWERED} | {(path, query) for path, query, _ in CORRECTED}) >= 60


def _asked(client: Client, path: str, query: str) -> Any:
    return client.get(path, **dict(pair.split("=", 1) for pair in query.split("&")))


def _found(question: dict[str, Any], name: str) -> Any:
    """A field of the echoed question, wherever it stands."""
    parts = [question, *(part for part in question.values() if isinstance(part, dict))]
    return next((part[name] for part in parts if part.get(name) is not None), None)


@pytest.mark.parametrize(("path", "query", "echoed"), ANSWERED, ids=lambda value: str(value)[:80])
def test_a_first_attempt_is_answered(client: Client, path: str, query: str, echoed: dict[str, Any]) -> None:
    answer = _asked(client, path, query)
    assert answer.status_code == 200, answer.text
    question = answer.json()["question"]
    assert {name: _found(question, name) for name in echoed} == echoed


@pytest.mark.parametrize(("path", "query", "part"), CORRECTED, ids=lambda value: str(value)[:80])
def test_a_refused_attempt_comes_with_an_address_that_is_answered(
    client: Client, path: str, query: str, part: str
) -> None:
    refused = _asked(client, path, query)
    assert 400 <= refused.status_code < 500, refused.text
    address = refused.json()["try"]
    assert part in address
    assert client.get(address).status_code == 200


def test_a_refusal_tells_every_fault_at_the_parameter_as_it_was_written(client: Client) -> None:
    told = _asked(client, API, "model=claude sonnet&prompt_tokens=1,5&tokens=3").json()
    assert [fault["pointer"] for fault in told["errors"]] == ["/tokens", "/prompt_tokens", "/model"]
    assert told["detail"].endswith("(and 2 more)")
    assert _asked(client, API, "model=gpt-4o").json()["errors"][0]["pointer"] == "/input_tokens"


def test_what_was_read_for_another_word_is_an_assumption(client: Client) -> None:
    told = client.get(RUN, params="7b", tokens="1T", gpus="8xH100").json()["assumptions"]
    assert [each["why"] for each in told if each["name"] == "read-as"] == [
        "gpus=8xH100 is read as accelerator=8xH100",
        "accelerator=8xH100 is read as accelerator=H100, accelerator_count=8",
    ]


def test_the_same_words_are_read_in_a_body(client: Client) -> None:
    body = {"model": "gpt-4o", "usage": {"prompt_tokens": "1,000", "completion_tokens": 200}}
    usage = client.post(API, body).json()["question"]["usage"]
    assert usage == {"input_tokens": 1000, "output_tokens": 200}
    beside = client.post(API, {"model": "gpt-4o", "prompt_tokens": 1000, "discount_fraction": 0.5})
    assert beside.json()["question"]["usage"] == {"input_tokens": 1000}
    assert Decimal(str(beside.json()["question"]["discount_fraction"])) == Decimal("0.5")


def test_a_refused_body_comes_with_the_address_that_asks_the_same(client: Client) -> None:
    refused = client.post(API, {"model": "claude sonnet", "usage": {"input_tokens": 1000}}).json()
    assert urlsplit(refused["try"]).query == "model=claude-sonnet-5&input_tokens=1000"
    assert refused["errors"][0]["pointer"] == "/model"


def test_a_prompt_that_may_hold_cached_tokens_is_not_taken_for_the_uncached_ones(client: Client) -> None:
    query = "model=gpt-4o&prompt_tokens=1000&cached_tokens=400"
    pointers = [fault["pointer"] for fault in _asked(client, API, query).json()["errors"]]
    assert pointers == ["/prompt_tokens", "/cached_tokens"]


def test_another_size_or_version_is_never_offered_for_a_model(client: Client) -> None:
    refused = client.get(API, provider="fireworks", model="llama-3.1-70b", input_tokens="1e6").json()
    assert "v2-70b" not in refused.get("try", "")
