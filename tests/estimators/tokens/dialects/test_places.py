"""Where a request ran: by its host, its path, or its own word."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response

CHAT = {"model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
GEMINI = {"modelVersion": "m", "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1}}


@pytest.mark.parametrize(
    ("provider", "body", "request_", "place"),
    [
        ("openai", CHAT, {"base_url": "https://us.api.openai.com/v1"}, "us"),
        ("openai", CHAT, {"host": "eu.api.openai.com"}, "eu"),
        ("openai", CHAT, {"base_url": "https://api.openai.com/v1"}, None),
        ("xai", CHAT, {"host": "us-east-1.api.x.ai"}, "us"),
        ("xai", CHAT, {"host": "api.x.ai"}, None),
        ("google-vertex", GEMINI, {"url": "https://us-east5-aiplatform.googleapis.com/v1/projects"}, "us-east5"),
        ("google-vertex", GEMINI, {"url": "https://aiplatform.eu.rep.googleapis.com/v1"}, "eu"),
        ("google-vertex", GEMINI, {"endpoint": "regional"}, "regional"),
        ("google-vertex", GEMINI, {"location": "global"}, "global"),
        ("aws-bedrock", CHAT, {"endpoint": "https://bedrock-runtime.eu-west-1.amazonaws.com"}, "eu-west-1"),
        ("groq", CHAT, {"base_url": "https://us.api.openai.com/v1"}, None),
        ("openai", CHAT, {"region": 5}, None),
        ("openai", CHAT, {}, None),
    ],
)
def test_a_place_is_read_from_host_path_or_word(provider: str, body: Any, request_: Any, place: str | None) -> None:
    assert read_response(provider, body, request=request_).region == place


def test_the_response_and_an_arn_come_before_the_host() -> None:
    request = {"modelId": "arn:aws:bedrock:eu-west-1::foundation-model/m", "region": "us-east-1"}
    assert read_response("aws-bedrock", CHAT, request=request).region == "eu-west-1"
