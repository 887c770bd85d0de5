"""The list of commands costs their names alone, and says what each says of itself."""

import subprocess
import sys
from importlib import import_module
from inspect import getdoc

import pytest
import typer

from mlquote.cli.main import Commands

LOADED = """
import sys
from mlquote.cli.main import app
try:
    app(["--help"])
except SystemExit:
    pass
heavy = [name for name in sys.modules if name.partition(".")[0] in ("pydantic", "sqlalchemy", "numpy", "fastapi")]
print(sorted({name.partition(".")[0] for name in heavy}), file=sys.stderr)
"""


def test_the_list_of_commands_imports_no_room_below() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stderr.splitlines()[-1] == "[]"
    assert all(name in ran.stdout for name in Commands.places)


@pytest.mark.parametrize("name", Commands.places)
def test_a_command_is_where_it_is_said_to_be_and_says_the_same(name: str) -> None:
    place = Commands.places[name]
    found = getattr(import_module(place.module), place.name)
    told = found.info.help if isinstance(found, typer.Typer) else getdoc(found)
    assert told is not None and told.startswith(place.says.rstrip("."))
