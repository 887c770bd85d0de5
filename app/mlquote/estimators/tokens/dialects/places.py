"""Where a request ran, where its host or endpoint tells: some providers charge more in some places.

OpenAI's regional hosts (us.api.openai.com), xAI's (us-east-1.api.x.ai), Bedrock's runtime hosts and Vertex AI's
locations; a request may also say `region`, `location` or `endpoint` in so many words.
"""

import re

from mlquote.estimators.tokens.dialects.reading import Body

HOSTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("openai", re.compile(r"\b([a-z]{2})\.api\.openai\.com")),
    ("xai", re.compile(r"\b([a-z]{2})(?:-[a-z]+-\d)?\.api\.x\.ai")),
    ("aws-bedrock", re.compile(r"\bbedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com")),
    ("google-vertex", re.compile(r"\b([a-z]+-[a-z]+\d+)-aiplatform\.googleapis\.com")),
    ("google-vertex", re.compile(r"\baiplatform\.([a-z]+)\.rep\.googleapis\.com")),
    ("google-vertex", re.compile(r"/locations/([a-z0-9-]+)/")),
)
"""Provider -> where its host or path names a place."""
_SAID = ("region", "location", "endpoint")
_ADDRESSES = ("base_url", "url", "host", "endpoint", "hostname", "api_base")


def place_of(provider: str, request: Body) -> str | None:
    """The place that a request names, in its own words; None where it names none."""
    if not request.values:
        return None
    for name in _ADDRESSES:
        address = request.values.get(name)
        if isinstance(address, str):
            for owner, pattern in HOSTS:
                found = pattern.search(address.casefold()) if owner == provider else None
                if found:
                    return found[1]
    for name in _SAID:
        word = request.values.get(name)
        if isinstance(word, str) and "." not in word and "/" not in word and word.strip():
            return word.strip().casefold()
    return None
