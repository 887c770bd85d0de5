"""A model's id out of what people write around it: a gateway's prefix, a resource's path, an ARN."""

import re
from typing import Final, NamedTuple

from mlquote.kit.errors import UnknownName


class Written(NamedTuple):
    """What a name is made of; "" for a part that it does not say."""

    model: str
    seller: str = ""
    """Who sells it, as the name says: vertex_ai of vertex_ai/gemini-2.5-pro."""
    place: str = ""
    """Where it runs, as the name says: us-central1 of projects/p/locations/us-central1/publishers/..."""


_ARN: Final = re.compile(r"arn:aws[a-z-]*:bedrock:([a-z0-9-]*):\d*:([a-z-]+)/(.+)")
"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html"""
_NAMES_ITS_MODEL: Final = {"foundation-model": True, "inference-profile": False}
"""Resources whose ARN holds a model's id -> whether they run in the ARN's region alone."""
_RESOURCE: Final = re.compile(r"(?:projects/[^/]+/locations/([^/]+)/)?publishers/[^/]+/models/(.+)")
"""https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations"""
_ROUTES: Final = ("converse/", "converse_like/", "invoke/", "responses/", "chat/", "deployments/", "models/")
"""What gateways put between a seller and a model to choose an API, and Gemini's own path."""


def unwrapped(name: str) -> Written | None:
    """A folded name without the first thing written around it; None where it has nothing of the kind.

    Raises: UnknownName for an ARN that does not say which model it runs
    """
    arn = _ARN.fullmatch(name)
    if arn is not None:
        place, kind, model = arn.groups()
        if kind not in _NAMES_ITS_MODEL:
            hint = "give the id of the model it was made from, such as us.anthropic.claude-...: its settings list it"
            raise UnknownName(
                f"{name[:120]!r} does not say which model it runs", pointer="/model", hint=hint, code="unknown-model"
            )
        return Written(model, "aws-bedrock", place if _NAMES_ITS_MODEL[kind] else "")
    resource = _RESOURCE.fullmatch(name)
    if resource is not None:
        return Written(resource[2], "google-vertex", resource[1] or "")
    for route in _ROUTES:
        if name.startswith(route):
            return Written(name.removeprefix(route))
    head, slash, tail = name.partition("/")
    return Written(tail, head) if slash and head and tail else None
