"""The tokenizers that are installed beside the service: an optional package, loaded when first asked for."""

import importlib
from collections.abc import Callable
from functools import cache

_PACKAGE = "bpe_openai"
"""OpenAI's encodings with their vocabularies inside, so that nothing is downloaded (github.com/github/rust-gems)."""


@cache
def tokenizer(encoding: str) -> Callable[[str], int] | None:
    """What counts a text's tokens by an encoding; None where no installed package has it."""
    try:
        encode = importlib.import_module(_PACKAGE).get_encoding(encoding).encode_ordinary
    except (ImportError, ValueError, KeyError):
        return None
    return lambda text: len(encode(text))
