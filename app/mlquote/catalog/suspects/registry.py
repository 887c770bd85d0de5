"""Every smell, and a catalogue sniffed: what smells and was not judged by a person."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mlquote.catalog.checks import Located
from mlquote.catalog.suspects import machines, places, tokens
from mlquote.catalog.suspects.smell import Catalog, Smell, Suspect
from mlquote.catalog.tables import TABLE

SMELLS: tuple[Smell, ...] = (*tokens.SMELLS, *machines.SMELLS, *places.SMELLS)
JUDGED_FOR_NOTHING = "judged-for-nothing"
"""What a judgement smells of once the row it excuses is gone, or no longer smells."""


def unjudged(catalog: Catalog) -> tuple[Suspect, ...]:
    """Every row that smells and that no row of `judged` answers for, then every judgement that answers for nothing."""
    judgements = [_Judgement(member) for member in catalog.get("judged", ())]
    found = tuple(s for s in sniffed(catalog) if not _answered(s, judgements))
    return (*found, *(judgement.suspect() for judgement in judgements if not judgement.used))


def sniffed(catalog: Catalog) -> Iterator[Suspect]:
    """Every row that smells, judged or not."""
    for smell in SMELLS:
        yield from smell.suspects(catalog)


def _answered(suspect: Suspect, judgements: Iterable["_Judgement"]) -> bool:
    """Whether any judgement answers for a suspect; each that does remembers it."""
    return sum(judgement.answers_for(suspect) for judgement in judgements) > 0


class _Judgement:
    """A row of `judged`, its pattern compiled, that remembers whether it was of use."""

    def __init__(self, member: Located) -> None:
        self.member, self.used = member, False
        row: Any = member.row
        self._about = (row.table_name, row.smell)
        self._row = re.compile(".*".join(re.escape(part) for part in row.row.split("*")), re.DOTALL)

    def answers_for(self, suspect: Suspect) -> bool:
        answers = (suspect.table, suspect.smell) == self._about and self._row.fullmatch(suspect.row) is not None
        self.used = self.used or answers
        return answers

    def suspect(self) -> Suspect:
        label = TABLE["judged"].label(self.member.row)
        fault = self.member.fault("row", f"{label}: no row smells so ({JUDGED_FOR_NOTHING})", "take the judgement out")
        return Suspect(JUDGED_FOR_NOTHING, "judged", label, fault)
