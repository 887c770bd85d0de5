"""The schema of a spec file says what the check says, as far as shapes go."""

import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mlquote.cli.schema import spec_schema
from mlquote.kit.errors import Malformed
from mlquote.spend.documents import to_json
from mlquote.spend.spec import read_spec
from mlquote.store.files import bundled_folder

EXAMPLES = bundled_folder().parent / "docs" / "ci" / "example"
LIMIT = '[[budget.limits]]\nfigure = "cost_usd"\nfail_above = 5_000\n'
TRAINING = 'model = "llama-3.1-8b"\ntokens = "2B"\naccelerator = "h100-sxm"\n'
SERVING = 'model = "llama-3.1-8b"\naccelerator = "l4"\naccelerator_count = 1\n'


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """The schema, itself held to its dialect."""
    schema = spec_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _is_read(text: str, name: str) -> bool:
    try:
        read_spec(text, name)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        (EXAMPLES / "mlquote.toml").read_text(),
        TRAINING + LIMIT,
        'kind = "training"\n' + TRAINING,
        "[run]\n" + TRAINING + LIMIT,
        "[training.run]\n" + TRAINING,
        '[[questions]]\nname = "a"\n'
        + TRAINING
        + '[[questions]]\nname = "b"\nkind = "serving"\n'
        + SERVING
        + "hours = 720\n",
        "[questions.serving.a]\n" + SERVING + "hours = 720\n" + LIMIT,
        '[questions.api]\nkind = "inference"\nmodel = "gpt-4o"\nusage = { input_tokens = "1.2k", output_tokens = 4 }\n',
        '[budgets.big]\nlimits = [{ figure = "energy_kwh", fail_above = 1.5 }]\n[labels]\nteam = "a"\n',
    ],
)
def test_what_is_read_is_valid(text: str, validator: Draft202012Validator) -> None:
    assert _is_read(text, "mlquote.toml")
    assert [error.message for error in validator.iter_errors(_plain(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "[questions.run]\n" + TRAINING + "acelerator_count = 8\n",
        '[questions.run]\nkind = "trainig"\n' + TRAINING,
        "[questions.run]\n" + TRAINING.replace('"2B"', "-1"),
        "[questions.run]\n" + TRAINING.replace('"2B"', "true"),
        "[questions.run]\n" + TRAINING.replace('"2B"', '"FILL IN: texts"'),
        '[questions.run]\nkind = "training"\n' + TRAINING + "hours = 3\n",
        "[questions.run]\n" + TRAINING + '[[budget.limits]]\nfigure = "dollars"\nfail_above = 1\n',
        "[questions.run]\n" + TRAINING + '[[budget.limits]]\nfigure = "cost_usd"\nfail_abov = 1\n',
        '[questions.run]\nkind = "training"\n' + TRAINING + "[labels]\nteam = 3\n",
        "question = 3\n",
    ],
)
def test_what_check_refuses_for_its_shape_is_invalid(text: str, validator: Draft202012Validator) -> None:
    assert not _is_read(text, "mlquote.toml")
    assert list(validator.iter_errors(_plain(text)))


def _plain(text: str) -> Any:
    return tomllib.loads(text)


def test_the_schema_is_plain_json() -> None:
    assert '"$schema"' in to_json(spec_schema())
