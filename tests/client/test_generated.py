"""The client's types are those of the service, and the client that blocks is the one that is awaited.

MLQUOTE_TEST_REWRITE=1 writes them anew; read the change before committing it.
"""

import os

import pytest
from fastapi import FastAPI

from benchmarks.clients.typed_answers import CLIENT, formatted, plainly, written


def test_the_generated_files_are_what_the_service_says(app: FastAPI) -> None:
    for name, text in written(app.openapi()).items():
        if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
            (CLIENT / name).write_text(text)
        assert (CLIENT / name).read_text() == text, "python -m benchmarks.clients.typed_answers writes it anew"


def test_no_word_of_waiting_is_left_in_the_client_that_blocks() -> None:
    text = formatted(plainly((CLIENT / "async_client.py").read_text()))
    assert [
        word for word in ("async ", "await ", "asyncio", "Async", "aclose") if word in text.partition('"""\n\n')[2]
    ] == []


@pytest.mark.parametrize("name", ["answers.py", "questions.py", "units.py"])
def test_every_generated_file_says_so(name: str) -> None:
    assert "written by benchmarks/clients/typed_answers.py" in (CLIENT / name).read_text().splitlines()[0]
