"""A retry is recognised by its Idempotency-Key, whoever's key it was and whatever the network did in between."""

from fastapi import Request

from mlquote.kit.errors import Malformed
from mlquote.spend.reservations import Request as Again
from mlquote.web.deps import now

MOST_CHARACTERS = 200
RETRIED = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A retry under the same key and body has the same answer; another body under it is 409.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS},
        }
    ]
}
"""How OpenAPI tells of the header."""


def asked_again(request: Request, by: str, digest: str) -> Again:
    """Who asks, when, and the key under which a retry of this body has the same answer.

    Raises: Malformed for a key that is empty, too long or unprintable.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MOST_CHARACTERS and key.isprintable()):
        raise Malformed("not an Idempotency-Key", pointer="/Idempotency-Key", hint=f"1 to {MOST_CHARACTERS} characters")
    return Again(by, now(request), key, digest)
