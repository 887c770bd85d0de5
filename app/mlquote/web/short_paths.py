"""Which paths are short ones: those that no other route begins like, no page, and no file that browsers ask for."""

import re

SHORT = (
    r"(?!(?:v1|docs|redoc|openapi\.json|healthz|readyz|metrics|static|assets|calculator|compare|explore|loss|spend)(?:/|$))"
    r"(?!.*\.(?:ico|txt|php|xml|html?|png|svg|js|css|map|json|env|aspx?|jsp)/?$)[^.].*"
)
"""A path without its first slash."""
_short = re.compile(SHORT)


def is_short(path: str) -> bool:
    """Whether a path is a question in short, and so estimates."""
    return _short.fullmatch(path.removeprefix("/")) is not None
