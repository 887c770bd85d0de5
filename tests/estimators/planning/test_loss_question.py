"""What may be asked about the price of a lower loss."""

import pytest
from pydantic import ValidationError

from mlquote.estimators.planning.loss_question import LossPlan

ASKED = {"loss_from": 2.1, "loss_to": 2.0, "accelerator": "h100-sxm"}


def test_laws_may_be_parted_by_commas() -> None:
    assert LossPlan.model_validate(ASKED | {"laws": "besiroglu2024,muennighoff2023"}).laws == (
        "besiroglu2024",
        "muennighoff2023",
    )


@pytest.mark.parametrize(
    "bad",
    [{"loss_to": 2.1}, {"loss_to": 2.2}, {"loss_to": 0}, {"seed": 1}, {"tied": True}, {"laws": []}, {"runs": []}],
    ids=str,
)
def test_what_means_nothing_is_no_question(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LossPlan.model_validate(ASKED | bad)
