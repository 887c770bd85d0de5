"""How long a deployment runs: `hours`, a field that a check and a spec add to a question whose answer is a rate.

Such an answer says dollars an hour and watts. A budget needs an amount, so the question says for how long.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from mlquote.estimators.asking.numbers import written
from mlquote.estimators.asking.question import Question
from mlquote.estimators.kinds import Estimator, read_question
from mlquote.kit.errors import Fault, Malformed, QuoteError

FIELD = "hours"


def _hours(value: Any) -> Any:
    return written(value, FIELD) if isinstance(value, str) else value


_HOURS: TypeAdapter[Decimal] = TypeAdapter(
    Annotated[Decimal, BeforeValidator(_hours), Field(gt=0, le=1_000_000, allow_inf_nan=False)]
)


def read_running(member: Estimator, fields: Mapping[str, Any], pointer: str = "") -> tuple[Question, Decimal | None]:
    """The question that these fields spell, and how many hours it runs where that was said.

    Raises: Malformed with every fault, of `hours` too.
    """
    own, given = split(member, fields)
    faults: list[Fault] = []
    hours = None
    try:
        hours = None if given is None else _HOURS.validate_python(given)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"]
        faults.append(Fault(f"{pointer}/{FIELD}", message, "how long it runs, such as 720 for 30 days"))
    try:
        question = read_question(member, own, pointer)
    except QuoteError as error:
        raise error.retold((*error.faults, *faults)) from error
    if faults:
        raise Malformed(f"{faults[0].pointer}: {faults[0].detail}", faults=faults)
    return question, hours


def split(member: Estimator, fields: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The question's own fields, and `hours`, which a kind that is no rate does not have."""
    if not member.is_rate:
        return dict(fields), None
    return {name: value for name, value in fields.items() if name != FIELD}, fields.get(FIELD)
