"""A chat completion as every provider in the shape of OpenAI's answers it."""

from typing import Any


def chat(prompt: int, completion: int, total: int | None = None, **usage: Any) -> dict[str, Any]:
    """A chat completion with these counts."""
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total or prompt + completion}
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": counts | usage}
