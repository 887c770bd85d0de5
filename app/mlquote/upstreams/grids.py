"""A grid's carbon per kWh as another table lists it."""

from collections.abc import Mapping
from typing import Any

from mlquote.upstreams.listing import Draft, Listed


def listed_intensity(
    draft: Draft, key: tuple[str, ...], printed: object, page: str, said: Mapping[str, Any]
) -> None:  # fmt: skip
    """One figure in g CO2e/kWh.

    Args:    key: the key of `grid_intensity`; printed: the figure as the table prints it, "" where it has none
             said: what else a row of it says: zone_kind, zone_name, year, licence
    """
    try:
        figure = float(str(printed))
    except ValueError:
        draft.unread["no figure"] += 1
        return
    draft.add(Listed("grid_intensity", key, figure, page, said))
