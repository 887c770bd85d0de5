"""How much there is to label: units, votes, gold, rework and review, counted exactly."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.annotation.tasks import TASKS, TaskKind
from mlquote.estimators.asking.finding import Finding
from mlquote.formulas.labelling import majority_accuracy, pairs_of_ranking, sequential_votes, started_units
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Assumption

_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Counted:
    """Labels of one way of counting: by the unit of the task, or by the item."""

    units: int
    """What is labelled, each once."""
    labels: int
    """With votes, gold and rework."""
    reviews: int
    """Looked over."""


@dataclass(frozen=True, slots=True)
class LabelWork:
    """What is to be labelled."""

    items: int
    unit: str
    votes: Decimal
    """For each unit, expected where they are asked one after the other."""
    verdict_accuracy: float | None
    """How often the verdict is right; None where nobody says how often one vote is."""
    pairs: int | None
    """Comparisons that rankings hold."""
    by_unit: Counted
    by_item: Counted


def work_of(question: AnnotationQuestion) -> Finding[LabelWork]:
    """The work that a question asks for, and what was taken where it says nothing."""
    kind = TASKS[question.task]
    votes, accuracy = votes_of(question)
    units, unit, taken = _units(question, kind)
    pairs = None
    if question.task == "preference_pair":
        answers = question.ranking_size or 2
        pairs = question.items * pairs_of_ranking(answers)
        if question.ranking_size is None:
            taken.append(Assumption("ranking_size", 2, "answers", why="a pair, where nothing else is said"))
    if question.votes is None and question.vote_margin is None:
        taken.append(Assumption("votes", 1, "votes", why="one label an item, where nothing else is said"))
    if question.setup_usd is None:
        taken.append(Assumption("setup_usd", Decimal(0), "$", why="none given: guidelines and training come on top"))
    work = LabelWork(
        question.items, unit, votes, accuracy, pairs,
        _counted(units, votes, question), _counted(question.items, votes, question),
    )  # fmt: skip
    return Finding(work, tuple(taken))


def votes_of(question: AnnotationQuestion) -> tuple[Decimal, float | None]:
    """Votes for each unit, and how often the verdict is right."""
    accuracy = question.labeler_accuracy
    if question.vote_margin is not None and accuracy is not None:
        votes, right = sequential_votes(accuracy, question.vote_margin)
        return plain(Decimal(repr(votes)).quantize(_SIX)), right
    votes = question.votes or 1
    if accuracy is None or votes % 2 == 0:
        return Decimal(votes), None
    return Decimal(votes), majority_accuracy(accuracy, votes)


def _counted(units: int, votes: Decimal, question: AnnotationQuestion) -> Counted:
    """labels = units * votes * (1 + gold) * (1 + rework), a started one whole; a vote is of the expected number."""
    share = EXACT.multiply(1 + question.gold_fraction, 1 + question.rework_fraction)
    labels = EXACT.multiply(EXACT.multiply(Decimal(units), votes), share)
    return Counted(units, ceil(labels), ceil(EXACT.multiply(Decimal(units), question.review_fraction)))


def _units(question: AnnotationQuestion, kind: TaskKind) -> tuple[int, str, list[Assumption]]:
    """Units, what one is, and what was taken where the question says nothing."""
    taken: list[Assumption] = []
    marked = 0
    if kind.per_label:
        each = question.labels_per_item
        if each is None:
            each = Decimal(1)
            taken.append(Assumption("labels_per_item", each, "labels", why="one in each item, where nothing is said"))
        marked = ceil(EXACT.multiply(Decimal(question.items), each))
        if not kind.sized:
            return marked, kind.unit, taken
    size, of_unit = _sizes(question, kind)
    if size is None or of_unit is None:
        if kind.sized:
            field = "words_per_item" if kind.sized == "words" else "media_seconds"
            taken.append(Assumption(field, None, why="not given: each item is taken as one unit"))
        return question.items + marked, kind.unit, taken
    what = "words" if kind.sized == "words" else "s"
    return question.items * started_units(size, of_unit) + marked, f"{kind.unit} of {plain(of_unit)} {what}", taken


def _sizes(question: AnnotationQuestion, kind: TaskKind) -> tuple[Decimal | None, Decimal | None]:
    """Length of one item, and of one unit."""
    if kind.sized == "words":
        return question.words_per_item, question.words_per_unit or kind.unit_size
    if kind.sized == "media":
        return question.media_seconds, question.media_seconds_per_unit or kind.unit_size
    return None, None
