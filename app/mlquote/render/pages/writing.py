"""A page from its template: Jinja2, every value escaped, an unknown name an error."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mlquote.render.figures import shown
from mlquote.render.pages.numbers import told_number


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("mlquote.render.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"ticks": _ticks, "shown": shown, "told": told_number, "words": _words}
    return made


def _words(name: Any) -> str:
    """A name of ours as people read it."""
    return str(name).replace("_", " ")


def _ticks(text: str) -> Markup:
    """A sentence whose `words` in backticks are code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def written(template: str, **told: Any) -> str:
    """The page of a template, such as `compare.html`, of the names that it uses.

    Raises: jinja2.UndefinedError for a name that the template uses and nobody told
    """
    return _templates().get_template(template).render(told)
