"""Rows of a micro-batch: whole ones, packed with texts, or one text each, padded to the longest beside it."""

from dataclasses import dataclass
from math import fsum, inf

from mlquote.estimators.models.flop import DEFAULT_SEQUENCE_TOKENS
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.methods import recipe_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Assumption

PRETRAINING = frozenset({"pretrain", "continued_pretrain"})
"""Methods that are run with fused kernels throughout, on rows cut from one stream of tokens."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row of a micro-batch."""

    held_tokens: float
    """Of its texts, at the mean."""
    computed_tokens: float
    """Padding included, at the mean."""
    longest_tokens: int
    """Of the longest row, which memory must hold."""

    @property
    def is_padded(self) -> bool:
        """Something is computed that no text needs."""
        return self.computed_tokens > self.held_tokens


def length_of(question: TrainingQuestion, resolved: Resolved) -> int:
    """Tokens of one whole row."""
    return question.sequence_length or resolved.training_sequence_tokens or DEFAULT_SEQUENCE_TOKENS


def text_lengths(question: TrainingQuestion) -> tuple[int, ...]:
    """Lengths of texts, as far as the question says them: all, or their mean."""
    mean = question.mean_document_tokens
    return question.document_lengths or (() if mean is None else (max(1, round(mean)),))


def can_pad(question: TrainingQuestion) -> bool:
    """Its rows may hold one text each: neither a stream that is cut, nor prompts with their completions."""
    is_stream = question.method in PRETRAINING and question.adapted is None
    return not is_stream and not recipe_of(question.method).generates


def packs(question: TrainingQuestion) -> bool:
    """Texts are packed into whole rows: as asked, else where only their mean is known as TRL has it, which is not."""
    if not can_pad(question) or not text_lengths(question):
        return True
    return question.mean_document_tokens is None if question.packing is None else question.packing


def row_of(question: TrainingQuestion, resolved: Resolved) -> TextRow:
    """The rows of a run.

    A padded one is as long as the longest of B texts: E[max] = sum_i l_i ((i / n)^B - ((i - 1) / n)^B) over n sorted
    lengths; of texts whose mean m alone is known, spread as an exponential, m (1 + 1/2 + ... + 1/B).

    Source:  David and Nagaraja 2003, Order Statistics, section 3.1 (maximum of a sample; exponential: example 3.2)
    """
    length, batch = length_of(question, resolved), question.micro_batch_size
    if packs(question):
        return TextRow(length, length, length)
    limit = question.sequence_length or inf
    if question.document_lengths is None:
        mean = question.mean_document_tokens
        assert mean is not None
        longest = min(limit, mean * fsum(1 / k for k in range(1, batch + 1)))
        return TextRow(mean, longest, length)
    texts = sorted(min(each, limit) for each in question.document_lengths)
    n = len(texts)
    longest = fsum(each * ((i / n) ** batch - ((i - 1) / n) ** batch) for i, each in enumerate(texts, start=1))
    return TextRow(fsum(texts) / n, longest, int(texts[-1]))


def sample_tokens(question: TrainingQuestion, resolved: Resolved) -> tuple[float | None, str]:
    """(tokens of one sample, how that is told): a text where its length is known, else a row."""
    if question.mean_document_tokens is not None:
        return question.mean_document_tokens, "mean_document_tokens"
    if question.document_lengths and not packs(question):
        return fsum(question.document_lengths) / len(question.document_lengths), "the mean of document_lengths"
    padded = "with padding: give mean_document_tokens where texts are shorter, document_lengths where they are packed"
    return question.sequence_length or resolved.training_sequence_tokens, padded


def check_rows(question: TrainingQuestion) -> None:
    """Refuse texts that cannot be.

    Raises:  Malformed for two ways to say how long texts are; OutOfDomain for a mean beyond the whole row
    """
    mean, length = question.mean_document_tokens, question.sequence_length
    if mean is None:
        return
    if question.document_lengths is not None:
        detail = "document_lengths and mean_document_tokens both say how long texts are"
        raise Malformed(detail, pointer="/mean_document_tokens", hint="give one of the two")
    if length is not None and mean > length:
        detail = f"texts of {mean:g} tokens at the mean do not fit rows of {length:g}"
        raise OutOfDomain(
            detail, pointer="/mean_document_tokens", hint=f"up to {length:g}, or a longer sequence_length"
        )


def rows_told(question: TrainingQuestion) -> tuple[Assumption, ...]:
    """How texts stand in rows, where nobody says it and their mean is known."""
    if question.packing is not None or question.mean_document_tokens is None or not can_pad(question):
        return ()
    why = "TRL's SFTConfig packs nothing unless asked: one text a row, padded to the longest of its micro-batch"
    return (Assumption("packing", "false", why=why),)
