"""Commands that are imported when they are run: the list of them costs no more than their names.

`mlquote --help`, a completion and `--version` would wait for every table of the estimators otherwise.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class CommandPlace(NamedTuple):
    """Where a command stands, and what the list of commands says of it: the first sentence of its own help."""

    module: str
    name: str
    says: str


class LazyCommand(TyperCommand):
    """A command's name and line of help; whoever runs it imports it."""

    def __init__(self, name: str, place: CommandPlace) -> None:
        """Stand for the command at `place`."""
        super().__init__(name, help=place.says)
        self.place = place

    def real(self) -> Any:
        """The command itself."""
        found: Any = getattr(import_module(self.place.module), self.place.name)
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found)
        alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
        alone.command(self.name)(found)
        return typer.main.get_command(alone)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself, which is invoked from it."""
        return self.real().make_context(info_name, args, parent, **extra)


class LazyGroup(TyperGroup):
    """A group that knows its commands by name before it has imported them."""

    places: ClassVar[Mapping[str, CommandPlace]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, those of `places` first."""
        return [*self.places, *(name for name in super().list_commands(ctx) if name not in self.places)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, which stands for itself until it is run."""
        place = self.places.get(cmd_name)
        return LazyCommand(cmd_name, place) if place is not None else super().get_command(ctx, cmd_name)
