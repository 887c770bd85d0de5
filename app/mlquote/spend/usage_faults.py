"""Lines of a log that are in no total: each is named, however many there are, and memory hardly grows with them."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlquote.kit.errors import QuoteError

MOST_IN_FULL = 1000
"""Lines that are told with their reasons; of all further ones the number and the code are."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was not priced."""

    line: int
    code: str
    detail: str
    errors: list[dict[str, str]]

    @classmethod
    def of(cls, number: int, error: QuoteError) -> "Fault":
        """The fault of a line that cannot be read."""
        errors = [{"pointer": f.pointer, "detail": f.detail, "hint": f.hint} for f in error.faults]
        return cls(number, error.code, error.detail, errors)


@dataclass(slots=True)
class Faults:
    """Faults as they come: the first in full, of the others eight bytes each."""

    first: list[Fault] = field(default_factory=list)
    count: int = 0
    _further: "dict[str, array[int]]" = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Keep one more fault."""
        self.count += 1
        if len(self.first) < MOST_IN_FULL:
            self.first.append(fault)
        else:
            self._further.setdefault(fault.code, array("Q")).append(fault.line)

    def withdraw(self, line: int) -> None:
        """Forget the fault of a line, where there is one."""
        kept = [fault for fault in self.first if fault.line != line]
        if len(kept) < len(self.first):
            self.first[:] = kept
            self.count -= 1
            return
        for numbers in self._further.values():
            if line in numbers:
                numbers.remove(line)
                self.count -= 1

    def further(self) -> Mapping[str, list[int]]:
        """Code -> the numbers of the lines beyond the first."""
        return {code: lines.tolist() for code, lines in sorted(self._further.items())}
