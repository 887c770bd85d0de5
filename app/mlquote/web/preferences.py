"""What a client would rather have, where both are right: `Prefer: respond-async, wait=10` (RFC 7240)."""

from typing import NamedTuple

from fastapi import Request

_LONGEST_S = 600


class Preferred(NamedTuple):
    """How long a client waits for a long answer before it is told where to ask for it."""

    is_async: bool
    """Whether a job is wanted for a log of any length."""
    wait_s: float | None
    """Seconds; None where it does not say."""

    @property
    def applied(self) -> dict[str, str]:
        """The header that says what was heard."""
        heard = ["respond-async"] * self.is_async + ([] if self.wait_s is None else [f"wait={self.wait_s:g}"])
        return {"Preference-Applied": ", ".join(heard)} if heard else {}


def preferred(request: Request) -> Preferred:
    """What `Prefer` says here; preferences that are not known, or say nothing, are passed over, as its RFC has it.

    Source: RFC 7240, 4.1 (respond-async) and 4.3 (wait)
    """
    is_async, wait = False, None
    for part in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = (piece.strip().strip('"') for piece in part.partition(";")[0].partition("="))
        if name.casefold() == "respond-async":
            is_async = True
        elif name.casefold() == "wait" and value.isascii() and value.isdigit() and wait is None:
            wait = min(float(value[:9]), _LONGEST_S)
    return Preferred(is_async, wait)
