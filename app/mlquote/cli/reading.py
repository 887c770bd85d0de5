"""What a command reads: a file, or with - standard input, whatever its format."""

import sys
import tomllib
from pathlib import Path

from mlquote.kit.errors import Malformed

STANDARD_INPUT = "-"


def text_of(path: Path) -> tuple[str, str]:
    """A file's text, and its name, whose ending says its format.

    Raises: Malformed for what cannot be read
    """
    try:
        if str(path) == STANDARD_INPUT:
            text = sys.stdin.buffer.read().decode()
            return text, f"stdin.{_format(text)}"
        return path.read_text("utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"cannot read {path}: {error}", pointer=str(path)) from error


def _format(text: str) -> str:
    if text.lstrip().startswith("{"):
        return "json"
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return "yaml"
    return "toml"
