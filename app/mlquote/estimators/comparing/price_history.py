"""Why a quote is not what it was: the same question under two releases, or at two moments, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import ConfigDict

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.estimators.asking.question import Moment, Name, Question, utc
from mlquote.estimators.comparing.comparison import beside_only, lifted
from mlquote.estimators.kinds import INFERENCE, read_question
from mlquote.estimators.tokens.bill import InferenceLine
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Malformed
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer, Trail


class QuoteChange(Question):
    """An inference question, and what its answer is compared with: an older release, an earlier moment, or both."""

    model_config = ConfigDict(extra="allow")
    own: ClassVar = ("question", "since_release", "since", "as_of", "release")

    question: Mapping[str, Any] | None = None
    """The question's fields, if they are not given beside these."""
    since_release: Name | None = None
    """The release whose answer is the old one; default: the same release."""
    since: Moment | None = None
    """The moment whose prices are the old ones; default: the same moment."""

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Query parameters: the question's stand beside these, the counts of its usage among them."""
        own = {name: value for name, value in parameters.items() if name in cls.own}
        rest = {name: value for name, value in parameters.items() if name not in cls.own}
        return own | lifted(ApiUsage, rest)

    def asked(self) -> ApiUsage:
        """The question that both sides answer."""
        fields = dict(self.question) if self.question is not None else dict(self.model_extra or {})
        beside_only(fields, {"release": self.release, "as_of": None}, "/question")
        question = read_question(INFERENCE, fields, "/question" if self.question is not None else "")
        assert isinstance(question, ApiUsage)
        return question


@dataclass(frozen=True, slots=True)
class LineChange:
    """One meter then and now; null where one side does not price it."""

    meter: str
    was_usd: Decimal | None
    is_usd: Decimal | None
    difference_usd: Decimal | None
    was_usd_per_unit: Decimal | None
    is_usd_per_unit: Decimal | None
    because: str


@dataclass(frozen=True, slots=True)
class Change:
    """The whole quote then and now."""

    was_usd: Decimal | None
    is_usd: Decimal | None
    difference_usd: Decimal | None
    because: str
    was: Mapping[str, Any]
    lines: tuple[LineChange, ...]


def quote_change(question: QuoteChange, catalog: Snapshot, now: datetime, before: Snapshot | None = None) -> Answer:
    """The same question answered twice, and why the answers differ.

    Args:   before: the snapshot of `since_release`; default: `catalog`
    Raises: Malformed where neither a release nor a moment to compare with is given
    """
    if question.since_release is None and question.since is None:
        raise Malformed(
            "say since when", pointer="/since_release", hint="an older release, or since: an earlier moment"
        )
    asked, moment = question.asked(), question.moment(now)
    older, then = before or catalog, utc(question.since) if question.since is not None else moment
    new = inference_estimate(asked.model_copy(update={"as_of": moment, "release": None}), catalog, now)
    old = inference_estimate(asked.model_copy(update={"as_of": then, "release": None}), older, now)
    trail = Trail()
    for ref in (*old.rows, *new.rows):
        trail.use(ref)
    for warning in new.warnings:
        trail.warn(warning.code, warning.detail)
    for warning in old.warnings:
        if warning not in new.warnings:
            trail.warn(warning.code, f"then: {warning.detail}")
    lines = tuple(_line_changes(old, new, _rows(older), _rows(catalog)))
    result = Change(
        was_usd=old.result.cost_usd,
        is_usd=new.result.cost_usd,
        difference_usd=_difference(old.result.cost_usd, new.result.cost_usd),
        because="; ".join(line.because for line in lines if line.because) or "nothing that this quote uses has changed",
        was={"release": older.release.id, "as_of": then},
        lines=lines,
    )
    filled = question.filled(as_of=moment, since=then, release=catalog.release.id, since_release=older.release.id)
    return trail.answer(filled, result, catalog.catalog_ref(moment))


def _line_changes(
    old: Answer, new: Answer, then: Mapping[str, list[TokenPrice]], now: Mapping[str, list[TokenPrice]]
) -> Iterator[LineChange]:
    before = {(line.meter, line.row): line for line in old.result.cost_lines}
    after = {(line.meter, line.row): line for line in new.result.cost_lines}
    for key in dict.fromkeys([*before, *after]):
        was, is_ = before.get(key), after.get(key)
        meter = key[0]
        yield LineChange(
            meter=meter,
            was_usd=was.usd if was else None,
            is_usd=is_.usd if is_ else None,
            difference_usd=_difference(was.usd if was else None, is_.usd if is_ else None),
            was_usd_per_unit=was.usd_per_unit if was else None,
            is_usd_per_unit=is_.usd_per_unit if is_ else None,
            because=_because(meter, was, is_, then, now),
        )


def _because(
    meter: str,
    was: InferenceLine | None,
    is_: InferenceLine | None,
    then: Mapping[str, list[TokenPrice]],
    now: Mapping[str, list[TokenPrice]],
) -> str:
    """Why one line differs; "" where it does not."""
    if was is None or was.usd is None:
        return f"{meter} was not priced by this row before" if is_ and is_.usd is not None else ""
    if is_ is None or is_.usd is None:
        return f"{meter} is not priced by that row any more"
    if was.usd_per_unit == is_.usd_per_unit:
        return "" if was.usd == is_.usd else f"{meter}: another quantity or discount"
    row = _stating(now.get(is_.row or "", []), is_.usd_per_unit)
    told = f"{meter} went from {was.usd_per_unit} to {is_.usd_per_unit} {is_.unit}"
    if row is None:
        return told
    since = f", in effect from {row.effective_from.isoformat()}" if row.effective_from else ""
    corrected = any(r.effective_from == row.effective_from for r in then.get(is_.row or "", []) if r.usd != row.usd)
    why = " (a correction of the catalogue)" if corrected else ""
    return f"{told}{since}{why}: {row.note or row.source_url}"


def _stating(rows: list[TokenPrice], usd: Decimal | None) -> TokenPrice | None:
    return next((row for row in reversed(rows) if plain(row.usd) == usd), None)


def _rows(snapshot: Snapshot) -> dict[str, list[TokenPrice]]:
    return snapshot.derived(_by_label)


def _by_label(snapshot: Snapshot) -> dict[str, list[TokenPrice]]:
    """Every price by the key that answers name it with."""
    index: dict[str, list[TokenPrice]] = {}
    for key in snapshot.keys("token_prices"):
        versions = snapshot.history("token_prices", *key)
        index.setdefault(TABLE["token_prices"].label(versions[0]), []).extend(versions)
    return index


def _difference(was: Decimal | None, is_: Decimal | None) -> Decimal | None:
    return None if was is None or is_ is None else plain(EXACT.subtract(is_, was))
