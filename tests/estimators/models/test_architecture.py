"""What a question says about a model: absurd sizes refused, and what counts as naming one."""

import pytest
from pydantic import ValidationError

from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.training.question import TrainingQuestion


@pytest.mark.parametrize(
    "bad",
    [{"layers": -1}, {"layers": 10**9}, {"attention": "psychic"}, {"layrs": 3}, {"hidden_size": "wide"}, {"heads": 0}],
    ids=str,
)
def test_an_absurd_size_is_no_architecture(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Architecture.model_validate(bad)


def test_words_are_read_whatever_their_case() -> None:
    read = Architecture.model_validate({"kind": " ViT ", "attention": "GQA+SWA"})
    assert (read.kind, read.attention) == ("vit", "gqa+swa")


@pytest.mark.parametrize("kind", [TrainingQuestion, ServingQuestion], ids=lambda kind: kind.__name__)
def test_every_question_about_a_model_describes_one(kind: type[TrainingQuestion] | type[ServingQuestion]) -> None:
    asked = kind.model_validate({"accelerator": "l4", "model": "gpt-2", "active_params": 5})
    assert Description.of(asked) == Description(model="gpt-2", active_params=5)


def test_active_parameters_alone_mean_no_model() -> None:
    assert not Description(active_params=5).says_something
    assert Description(params=5).says_something
