"""Which HTTP status each kind of error answers with: for the door that writes it, and the one that reads it back."""

from mlquote.kit import errors
from mlquote.kit.errors import QuoteError

STATUS: dict[type[QuoteError], int] = {
    errors.Malformed: 422,
    errors.OutOfDomain: 422,
    errors.UnknownName: 404,
    errors.NotEffective: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.UnknownCoding: 415,
    errors.TooMany: 429,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Unavailable: 503,
    errors.InvalidCatalog: 422,
}


def status_of(error: QuoteError) -> int:
    """The status of an error, by its class or the nearest one above it."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_at(status: int) -> type[QuoteError] | None:
    """The first kind of error that answers with a status; None for a status that is none of ours."""
    return next((kind for kind, known in STATUS.items() if known == status), None)
