"""A page from its template: Jinja2, every value escaped, an unknown name an error."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mlquote.render.pages.numbers import told_number


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("mlquote.render.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters["told"] = told_number
    return found


def written(template: str, **told: Any) -> str:
    """The page of a template, such as `compare.html`, of the names that it uses.

    Raises: jinja2.UndefinedError for a name that the template uses and nobody told
    """
    return _templates().get_template(template).render(told)
