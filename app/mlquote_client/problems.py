"""What goes wrong: a problem that the service tells, an answer that is none, or no answer at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class ClientError(Exception):
    """Everything that this client raises by itself."""


class NoAnswer(ClientError):
    """The service was not reached, or took longer than the timeout; `__cause__` is what httpx says."""


class UnexpectedAnswer(ClientError):
    """An answer that is not what a service of this version gives: another program, or a newer one."""


@dataclass(frozen=True)
class Fault:
    """One thing that the caller can mend."""

    pointer: str
    """Where: a JSON pointer into the question, or a parameter's name."""
    detail: str
    """What is wrong there."""
    hint: str
    """What would be right; may be empty."""


class Problem(ClientError):
    """The service refused, and says why (RFC 9457): every fault at once."""

    def __init__(self, told: Mapping[str, Any], status: int) -> None:
        self.status = status
        self.code = str(told.get("code", ""))
        """Stable, kebab-case; `codes()` says what to do about each."""
        self.title = str(told.get("title", ""))
        self.detail = str(told.get("detail", ""))
        self.errors = tuple(
            Fault(str(each.get("pointer", "")), str(each.get("detail", "")), str(each.get("hint", "")))
            for each in told.get("errors", ())
        )
        self.try_url: str | None = told.get("try")
        """One address with every fault mended, which is answered; where the service found one."""
        self.retry_after_s: float | None = None
        """When to come back, of 429 and 503."""
        self.raw = told
        super().__init__(self._said())

    @property
    def hints(self) -> tuple[str, ...]:
        """What would be right, fault by fault, where it is known."""
        return tuple(each.hint for each in self.errors if each.hint)

    def _said(self) -> str:
        lines = [f"{self.status} {self.code or self.title}: {self.detail}"]
        for fault in self.errors:
            hint = f" ({fault.hint})" if fault.hint else ""
            lines += [f"  {fault.pointer or '(the question)'}: {fault.detail}{hint}"]
        return "\n".join([*lines, *([f"  try: {self.try_url}"] if self.try_url else [])])
