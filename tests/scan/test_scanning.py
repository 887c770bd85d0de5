"""What a scan finds in files as people write them, and what it leaves alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.scan.found import Seen, Spending
from mlquote.scan.scanning import is_read, scan
from mlquote.scan.writing import is_open
from tests.scan.repository import FILES


@pytest.fixture(scope="module")
def seen(catalog: Snapshot) -> Seen:
    """What the small repository spends."""
    return scan(FILES.items(), catalog, datetime.fromisoformat("2026-11-23T12:00:00+00:00"))


def _one(seen: Seen, name: str) -> Spending:
    return next(each for each in seen.spendings if each.name == name)


def _told(spending: Spending) -> Mapping[str, Any]:
    fields = {**spending.fields, **spending.usage}
    return {name: said.value for name, said in fields.items() if not is_open(said)}


def test_every_model_that_is_called_is_found_once_with_its_seller(seen: Seen) -> None:
    called = {(each.fields["provider"].value, each.fields["model"].value) for each in seen.spendings if each.usage}
    assert called == {
        ("anthropic", "claude-opus-4-1"),
        ("groq", "llama-3.3-70b-versatile"),
        ("aws-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("openai", "gpt-4o-mini"),
        ("openai", "text-embedding-3-small"),
        ("anthropic", "claude-sonnet-4-5"),
        ("openai", "gpt-4.1"),
        ("openai", "gpt-4.1-mini"),
        ("anthropic", "claude-3-5-haiku-20241022"),
    }


def test_a_model_behind_an_environment_variable_is_the_one_that_stands_in(seen: Seen) -> None:
    assert _one(seen, "gpt-4o-mini").places == ("src/app.py:4",)


def test_an_embedding_has_no_answer_and_an_answer_no_longer_than_it_may_be(seen: Seen) -> None:
    assert set(_one(seen, "text-embedding-3-small").usage) == {"input_tokens"}
    assert "src/app.py:7 allows at most 512" in _one(seen, "gpt-4o-mini").usage["output_tokens"].value


def test_what_no_file_tells_is_left_open(seen: Seen) -> None:
    assert set(_told(_one(seen, "claude-sonnet-4-5"))) == {"provider", "model"}


def test_an_axolotl_config_is_a_qlora_run(seen: Seen) -> None:
    assert _told(_one(seen, "train-llama-3-1-8b-instruct")) == {
        "model": "llama-3.1-8b",
        "method": "qlora",
        "epochs": 3,
        "sequence_length": 4096,
        "micro_batch_size": 2,
        "gradient_accumulation_steps": 4,
        "lora_rank": 32,
        "optimizer": "adam_8bit_paged",
        "recompute": "full",
        "packing": True,
        "accelerator": "a100",
        "accelerator_count": 8,
    }


def test_a_torchtune_component_names_the_model_and_the_method(seen: Seen) -> None:
    told = _told(_one(seen, "train-llama3-1-8b"))
    assert (told["model"], told["method"], told["lora_rank"], told["sequence_length"]) == (
        "llama-3.1-8b",
        "lora",
        8,
        8192,
    )


def test_steps_times_the_batch_of_a_step_are_the_samples(seen: Seen) -> None:
    """1,000 steps x 4 texts x 2 micro-batches x 8 accelerators of `train.sbatch`."""
    told = _told(_one(seen, "train-qwen2-5-7b"))
    assert (told["samples"], told["epochs"]) == (1000 * 4 * 2 * 8, 1)
    assert (told["accelerator"], told["accelerator_count"], told["target_modules"]) == ("a100", 8, "q_proj,v_proj")


def test_a_server_in_a_compose_file_is_hosting(seen: Seen) -> None:
    told = _told(_one(seen, "host-qwen2-5-72b-instruct"))
    assert (told["model"], told["tensor_parallel"], told["max_model_len"]) == ("qwen2.5-72b", 4, 32768)


def test_a_name_that_nobody_sells_is_listed_and_never_guessed(seen: Seen) -> None:
    assert seen.unknown == ("gpt-99-ultra-7 (src/app.py:15)",)


def test_a_library_without_a_model_is_told(seen: Seen) -> None:
    assert [note for note in seen.notes if "mistralai" in note] == [
        "requirements.txt lists mistralai, and no model of mistral is named in any file: perhaps it is set elsewhere"
    ]


def _spendings(files: Mapping[str, str], catalog: Snapshot, now: datetime) -> tuple[Spending, ...]:
    return scan(files.items(), catalog, now).spendings


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("notes.py", 'mode = "fast"\nflavour = "command"\nversion = "gpt"\n'),
        ("settings.yaml", "model_name: fast\nmodel: default\n"),
        ("car.py", 'car = {"model": "s", "engine": "v8", "engine_name": "turbo-2"}\n'),
        ("broken.py", "def (:\n"),
        ("broken.json", '{"model": "gpt-4o",'),
        ("empty.yaml", ""),
        ("deep.json", "[" * 5000 + "]" * 5000),
    ],
)
def test_what_names_no_model_asks_nothing(path: str, text: str, catalog: Snapshot, now: datetime) -> None:
    assert _spendings({path: text}, catalog, now) == ()


@pytest.mark.parametrize(
    ("path", "text", "provider", "model"),
    [
        ("a.py", 'llm = ChatOpenAI(model="gpt-4o")', "openai", "gpt-4o"),
        ("a.py", 'm = genai.GenerativeModel("gemini-2.5-flash")', "google", "gemini-2.5-flash"),
        ("a.py", "class Settings:\n    model: str = 'gpt-4.1-nano'\n", "openai", "gpt-4.1-nano"),
        ("a.py", "def ask(q, model='claude-haiku-4-5'): ...\n", "anthropic", "claude-haiku-4-5"),
        ("a.py", 'litellm.completion(model="mistral/mistral-large-latest")', "mistral", "mistral-large-latest"),
        ("a.go", 'openai.ChatCompletionRequest{Model: "gpt-4o"}', "openai", "gpt-4o"),
        ("a.rb", "client.chat(parameters: { model: 'gpt-4o' })", "openai", "gpt-4o"),
        ("a.php", "'model' => 'gpt-4o'", "openai", "gpt-4o"),
        ("app.toml", '[llm]\nmodel = "o3-mini"\n', "openai", "o3-mini"),
        (
            "a.ts",
            "bedrock('anthropic.claude-sonnet-4-5-20250929-v1:0')",
            "aws-bedrock",
            "anthropic.claude-sonnet-4-5-20250929-v1:0",
        ),
        (".env", "export CHAT_MODEL=gpt-4o\n", "openai", "gpt-4o"),
    ],
)
def test_models_are_found_as_languages_write_them(
    path: str, text: str, provider: str, model: str, catalog: Snapshot, now: datetime
) -> None:
    found = [
        (each.fields["provider"].value, each.fields["model"].value) for each in _spendings({path: text}, catalog, now)
    ]
    assert found == [(provider, model)]


def test_azure_lends_the_library_of_another(catalog: Snapshot, now: datetime) -> None:
    text = 'from openai import AzureOpenAI\nAzureOpenAI().chat.completions.create(model="gpt-4o")\n'
    assert [each.fields["provider"].value for each in _spendings({"a.py": text}, catalog, now)] == ["azure-openai"]


def test_machines_that_contradict_each_other_are_taken_by_no_question(catalog: Snapshot, now: datetime) -> None:
    files = {**FILES, "other.sbatch": "#SBATCH --gres=gpu:h100:8\n"}
    seen = scan(files.items(), catalog, now)
    assert is_open(_one(seen, "train-llama-3-1-8b-instruct").fields["accelerator"])
    assert any("say different things of machines" in note for note in seen.notes)


def test_only_files_that_may_say_something_are_read() -> None:
    assert all(is_read(path) for path in FILES)
    assert not any(is_read(path) for path in ("a.png", "data.csv", "weights.safetensors", "LICENSE"))
