"""What an engine prints when it starts: how many sequences of the greatest length its caches hold."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption

Room = Callable[[float], float]
"""Tokens kept of a sequence -> such sequences whose caches fit in one batch."""
LONGEST_SOUGHT = 1e9
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Longest:
    """The greatest length, and how many such sequences the caches hold."""

    tokens: int
    """Prompt and output."""
    sequences: float
    """Over everything."""

    @property
    def cache_tokens(self) -> float:
        """Tokens that the caches hold in sequences of this length, over everything."""
        return self.tokens * self.sequences


def longest_of(question: ServingQuestion, facts: ServingFacts, room: Room, batches: int) -> Finding[Longest]:
    """The longest sequences the engine is started for, and how many of them its caches hold.

    Raises:  OutOfDomain where the requests are longer than asked for, or not even one sequence of that length fits
    """
    asked, wanted = facts.prompt_tokens + facts.output_tokens.value, question.max_model_len
    if wanted is None:
        return _by_default(facts.model.value.context_tokens, ceil(asked), room, batches)
    if asked > wanted:
        detail = f"prompt and output are {asked:g} tokens, and the engine is started for {wanted}"
        raise OutOfDomain(detail, pointer="/max_model_len", hint=f"at least {ceil(asked)}", code="above-max-model-len")
    each = room(wanted)
    if each < 1:
        detail = f"not one sequence of {wanted} tokens finds room beside the weights"
        hint = f"at most about {floor(_most_tokens(room))}, or more memory"
        raise OutOfDomain(detail, pointer="/max_model_len", hint=hint, code="does-not-fit")
    return Finding(Longest(wanted, each * batches))


def _by_default(context_tokens: int | None, asked: int, room: Room, batches: int) -> Finding[Longest]:
    """The model's whole context, as engines start where they are not told."""
    longest = max(context_tokens or 0, asked)
    why = "the model's context, as engines take it" if longest == context_tokens else "prompt and output as asked"
    said = Assumption("max_model_len", longest, "tokens", basis="derived", why=why)
    return Finding(Longest(longest, max(room(longest), 0.0) * batches), (said,))


def _most_tokens(room: Room) -> float:
    """Tokens of the longest sequence that finds room, by halving: windows and states make it no straight line."""
    low, high = 0.0, LONGEST_SOUGHT
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if room(middle) >= 1 else (low, middle)
    return low
