"""The machines of a plan, as a training question has them."""

from mlquote.estimators.planning.loss_question import LossPlan
from mlquote.estimators.planning.terms import MachineTerms
from mlquote.estimators.training.question import TrainingQuestion


def test_every_term_is_a_field_of_a_training_question_and_handed_on() -> None:
    assert MachineTerms.model_fields.keys() <= TrainingQuestion.model_fields.keys()
    plan = LossPlan(loss_from=2.1, loss_to=2.0, accelerator="h100-sxm", accelerator_count=64, pue=1.1, mfu=0.4)
    run = plan.run_of(7.4e9, 1.5e11)
    assert (run.params, run.tokens, run.accelerator_count, run.pue, run.mfu) == (7_400_000_000, 1.5e11, 64, 1.1, 0.4)
