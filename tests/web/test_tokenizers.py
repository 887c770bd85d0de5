"""The tokenizers that are installed: asked for by encoding, missing ones are none."""

import sys
from types import SimpleNamespace

import pytest

from mlquote.web.tokenizers import tokenizer


@pytest.fixture(autouse=True)
def fresh() -> None:
    tokenizer.cache_clear()


def test_an_installed_encoding_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    package = SimpleNamespace(get_encoding=lambda name: SimpleNamespace(encode_ordinary=lambda text: text.split()))
    monkeypatch.setitem(sys.modules, "bpe_openai", package)
    count = tokenizer("o200k_base")
    assert count is not None
    assert count("one two three") == 3


def test_without_the_package_nothing_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bpe_openai", None)
    assert tokenizer("o200k_base") is None
