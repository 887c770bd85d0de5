"""Spec files: TOML, YAML and JSON say the same, and every fault names its file, line and nearest field."""

import pytest

from mlquote.kit.errors import Malformed, UnknownName
from mlquote.spend.spec import read_budget, read_spec
from tests.spend.toys import TOYS

TOML = """\
labels = { team = "search" }

[questions.pretrain]
kind = "training"
model = "llama-3.1-8b"      # "a # in a string is no comment"
tokens = 15e12

[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
usage = { input_tokens = 1_000, output_tokens = 2e3 }

[[budget.limits]]
figure = "cost_usd"
fail_above = 500_000.10
"""
YAML = """\
labels: {team: search}
questions:
  pretrain:
    kind: training
    model: llama-3.1-8b
    tokens: 15e12
  chat:
    kind: inference
    provider: openai
    model: gpt-4o
    usage:
      input_tokens: 1000
      output_tokens: 2e3
budget:
  limits:
    - figure: cost_usd
      fail_above: 500000.10
"""
JSON = """\
{
  "labels": {"team": "search"},
  "questions": [
    {"name": "pretrain", "kind": "training", "model": "llama-3.1-8b",
     "tokens": 15e12},
    {"name": "chat", "kind": "inference", "provider": "openai",
     "model": "gpt-4o",
     "usage": {"input_tokens": 1000,
               "output_tokens": 2e3}}
  ],
  "budget": {"limits": [{"figure": "cost_usd",
                         "fail_above": 500000.10}]}
}
"""
TWIN = "[[questions]]\nname = 'a'\nkind = 'training'"
FILES = [("spec.toml", TOML), ("spec.yaml", YAML), ("spec.json", JSON)]


def faults_of(text: str, file: str = "spec.toml"):
    with pytest.raises(Malformed) as refused:
        read_spec(text, file, TOYS)
    return refused.value.faults


@pytest.mark.parametrize(("file", "text"), FILES, ids=[file for file, _ in FILES])
def test_the_three_formats_say_the_same(file, text) -> None:
    spec = read_spec(text, file, TOYS)
    assert [(asked.name, asked.kind) for asked in spec.questions] == [("pretrain", "training"), ("chat", "inference")]
    first, second = (TOYS[asked.kind].question.model_validate(dict(asked.fields)) for asked in spec.questions)
    assert first.tokens == 15 * 10**12
    assert (second.usage.input_tokens, second.usage.output_tokens) == (1000, 2000)
    assert spec.labels == {"team": "search"}
    assert str(spec.budgets[""].limits[0].fail_above) in ("500000.10", "500000.1")


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [(f, t, n) for (f, t), n in zip(FILES, (6, 6, 5), strict=True)],
    ids=["toml", "yaml", "json"],
)
def test_a_misspelt_field_names_file_line_and_nearest(file, text, line) -> None:
    (fault,) = faults_of(text.replace("tokens = 15e12", "tokesn = 15e12").replace("tokens: 15e12", "tokesn: 15e12")
                         .replace('"tokens": 15e12', '"tokesn": 15e12'), file)  # fmt: skip
    assert fault.pointer.startswith(f"{file}:{line}:questions.")
    assert fault.pointer.endswith(".tokesn")
    assert fault.hint.startswith("nearest: tokens")


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [(f, t, n) for (f, t), n in zip(FILES, (12, 13, 9), strict=True)],
    ids=["toml", "yaml", "json"],
)
def test_a_misspelt_field_deep_inside_names_its_own_line(file, text, line) -> None:
    (fault,) = faults_of(text.replace("output_tokens", "output_tokns"), file)
    assert fault.pointer.split(":")[:2] == [file, str(line)]
    assert fault.hint.startswith("nearest: output_tokens")


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [(f, t, n) for (f, t), n in zip(FILES, (16, 17, 12), strict=True)],
    ids=["toml", "yaml", "json"],
)
def test_a_fault_in_the_budget_names_its_own_line(file, text, line) -> None:
    fault = next(f for f in faults_of(text.replace("fail_above", "fail_abov"), file) if "nearest" in f.hint)
    assert fault.pointer.split(":")[:2] == [file, str(line)]
    assert fault.hint.startswith("nearest: fail_above")


def test_all_faults_are_reported_at_once() -> None:
    text = TOML.replace("tokens = 15e12", 'tokens = "many"').replace('provider = "openai"\n', "")
    assert [fault.pointer for fault in faults_of(text)] == [
        "spec.toml:6:questions.pretrain.tokens",
        "spec.toml:8:questions.chat.provider",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'model = "llama-3.1-8b"\ntokens = 15e12\n',
        'kind = "training"\nmodel = "llama-3.1-8b"\ntokens = 15e12\n',
        '[training]\nmodel = "llama-3.1-8b"\ntokens = 15e12\n',
        '[training.pretrain]\nmodel = "llama-3.1-8b"\ntokens = 15e12\n',
        '[pretrain]\nkind = "training"\nmodel = "llama-3.1-8b"\ntokens = 15e12\n',
    ],
    ids=["bare", "kind-field", "kind-table", "kind-group", "named"],
)
def test_a_short_spec_needs_no_ceremony(text) -> None:
    (asked,) = read_spec(text, "spec.toml", TOYS).questions
    assert asked.kind == "training"
    assert set(asked.fields) == {"model", "tokens"}


def test_a_misspelt_field_still_tells_its_kind() -> None:
    (fault,) = faults_of('model = "llama-3.1-8b"\ntokesn = 15e12\n')
    assert (fault.pointer, fault.hint) == ("spec.toml:2:tokesn", "nearest: tokens")


def test_fields_that_fit_two_kinds_need_their_kind_said() -> None:
    (fault,) = faults_of('[q]\nmodel = "llama-3.1-8b"\n')
    assert (fault.pointer, fault.hint) == ("spec.toml:1:q.kind", "kind = one of training, inference")


@pytest.mark.parametrize(
    ("file", "text", "line", "words"),
    [
        ("spec.toml", "a = 1\nb = = 2\n", 2, "not TOML"),
        ("spec.yaml", "a: 1\nb: [1\n", 3, "not YAML"),
        ("spec.json", '{"a": 1,\n "b" 2}', 2, "not JSON"),
        ("spec.yaml", "training:\n  model: x\n  model: y\n", 3, "set twice"),
        ("spec.json", '{"training": {"model": "x",\n "model": "y"}}', 2, "set twice"),
        ("spec.json", '{"training": {"tokens": NaN}}', 1, "no JSON number"),
        ("spec.yaml", "- 1\n- 2\n", 1, "no mapping"),
        ("spec.yaml", "&a\nb: *a\n", 1, "nested too deeply"),
        ("spec.yaml", "", 1, "no question"),
        ("spec.toml", f"{TWIN}\n{TWIN}\n", 4, "second"),
        ("spec.toml", "[questions.a]\nkind = 'trainin'\n", 2, "no kind of question"),
        ("spec.toml", "question = 1\n[questions.a]\nkind = 'training'\n", 1, "unknown name"),
        ("spec.toml", "questions = 3\n", 1, "a list"),
        ("spec.toml", "[questions]\na = 3\n", 2, "is no question"),
    ],
)  # fmt: skip
def test_what_is_no_spec_is_refused_at_its_line(file, text, line, words) -> None:
    fault = faults_of(text, file)[0]
    assert fault.pointer.split(":")[:2] == [file, str(line)]
    assert words in fault.detail


def test_a_key_after_multi_line_values_keeps_its_line() -> None:
    text = '[a]\nkind = "training"\nmodel = """\n[x]\ntokens = 3\n"""\naccelerator_count = [\n  1,\n]\ntokns = 4\n'
    assert {f.pointer for f in faults_of(text)} == {"spec.toml:7:a.accelerator_count", "spec.toml:10:a.tokns"}


def test_hours_belong_to_a_deployment_alone() -> None:
    text = "[serving.chat]\nmodel = 'llama-3.1-8b'\naccelerator = 'h100-sxm'\nhours = 720\n"
    assert read_spec(text, "spec.toml").questions[0].fields["hours"] == 720
    with pytest.raises(Malformed) as refused:
        read_spec(text.replace("720", "-1"), "spec.toml")
    assert refused.value.faults[0].pointer == "spec.toml:4:serving.chat.hours"
    (fault,) = faults_of("[training.a]\nmodel = 'x'\nhours = 720\n")
    assert fault.pointer == "spec.toml:3:training.a.hours"


def test_an_estimators_own_fault_is_located_in_the_file() -> None:
    spec = read_spec(TOML, "spec.toml", TOYS)
    error = UnknownName(
        "no model named 'llama-3.1-8b'", pointer="/model", hint="nearest: llama-3.2", code="unknown-model"
    )
    located = spec.located(error, spec.questions[0])
    assert isinstance(located, UnknownName)
    assert (located.code, located.faults[0].pointer) == ("unknown-model", "spec.toml:5:questions.pretrain.model")


def test_a_budget_file_is_a_budgets_body() -> None:
    for text in (
        '[[limits]]\nfigure = "cost_usd"\nfail_above = 5\n',
        '[[budget.limits]]\nfigure = "cost_usd"\nfail_above = 5\n',
    ):
        assert read_budget(text, "team.toml").limits[0].fail_above == 5
    with pytest.raises(Malformed) as refused:
        read_budget('[[limits]]\nfigure = "cost_usd"\nfail_above = -5\n', "team.toml")
    assert refused.value.faults[0].pointer == "team.toml:3:limits.0.fail_above"
