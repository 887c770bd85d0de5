"""The shape of every answer that FastAPI cannot read from its route, by method, path and status."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mlquote.catalog.tables import TABLES
from mlquote.store.api_keys import ApiKey
from mlquote.web.openapi import told, told_losses
from mlquote.web.openapi.bounds import in_json_schema
from mlquote.web.schemas import schema_of_record

_REF = "#/components/schemas/{model}"
_BUDGET, _RESERVATION = "/v1/budgets/{name}", "/v1/budgets/{name}/reservations/{id}"
ANSWERS: dict[tuple[str, str], type[Any]] = {
    ("GET", "/v1"): told.Index,
    ("GET", "/readyz"): told.Readiness,
    ("GET", "/v1/catalog"): told.CatalogSaid,
    ("GET", "/v1/catalog/providers"): told.Providers,
    ("GET", "/v1/catalog/token_models"): told.SoldModels,
    ("GET", "/v1/catalog/zones"): told.Zones,
    ("GET", "/v1/catalog/releases"): told.ReleaseList,
    ("POST", "/v1/catalog/releases"): told.ReleasePublished,
    ("POST", "/v1/catalog/releases/{release}/withdrawal"): told.ReleaseWithdrawn,
    ("GET", "/v1/catalog/releases/{a}/diff/{b}"): told.ReleaseDiff,
    ("GET", "/v1/catalog/{table}"): told.RowsPage,
    ("GET", "/v1/catalog/{table}/{key}"): told.RowsPage,
    ("GET", "/v1/catalog/{table}/{key}/history"): told.RowsPage,
    ("GET", "/v1/budgets"): told.Budgets,
    ("PUT", _BUDGET): told.BudgetKept,
    ("GET", _BUDGET): told.BudgetStanding,
    ("GET", f"{_BUDGET}/history"): told.BudgetVersions,
    ("GET", f"{_BUDGET}/reservations"): told.Reservations,
    ("GET", f"{_BUDGET}/ledger"): told.LedgerEntries,
    ("GET", f"{_BUDGET}/ledger/audit"): told.LedgerAudit,
    ("POST", f"{_BUDGET}/ledger/corrections"): told.CorrectionWritten,
    ("GET", _RESERVATION): told.ReservationNow,
    ("POST", f"{_RESERVATION}/settle"): told.ReservationSettled,
    ("POST", f"{_RESERVATION}/release"): told.ReservationSaid,
    ("GET", "/v1/reservations/{id}"): told.ReservationNow,
    ("POST", "/v1/reservations/{id}/settle"): told.ReservationSettled,
    ("POST", "/v1/reservations/{id}/release"): told.ReservationSaid,
    ("POST", "/v1/usage/cost"): told.UsageCost,
    ("GET", "/v1/usage/jobs/{id}/answer"): told.UsageCost,
    ("GET", "/v1/rate-cards"): told.Cards,
    ("PUT", "/v1/rate-cards/{name}"): told.CardStored,
    ("GET", "/v1/rate-cards/{name}"): told.CardSaid,
    ("GET", "/v1/rate-cards/{name}/history"): told.CardVersions,
    ("GET", "/v1/keys"): told.Keys,
    ("POST", "/v1/keys"): told.KeyMade,
    ("GET", "/v1/keys/self"): ApiKey,
    ("DELETE", "/v1/keys/{id}"): ApiKey,
    ("POST", "/v1/keys/{id}/rotate"): told.KeyMade,
    ("GET", "/v1/audit"): told.Writes,
    ("GET", "/v1/charts"): told.Charts,
    ("GET", "/v1/views"): told.Views,
    ("GET", "/v1/losses"): told_losses.Losses,
    ("GET", "/v1/losses/terms"): told_losses.LossTerms,
    ("GET", "/v1/losses/words"): told_losses.LossWords,
    ("GET", "/v1/losses/reductions"): told_losses.Reductions,
    ("GET", "/v1/losses/{name}"): told_losses.LossSaid,
    ("GET", "/v1/regularizers"): told_losses.Penalties,
    ("GET", "/v1/regularizers/{name}"): told_losses.PenaltySaid,
}
"""Operation -> what it answers with where it succeeds."""
ROWS = {table.public or table.name: f"{table.row.__name__}Row" for table in TABLES}
"""A table's name -> the schema of its rows."""


def describe(operation: dict[str, Any], method: str, path: str) -> None:
    """Give the answers of an operation their shape, where it stands in ANSWERS."""
    record = ANSWERS.get((method, path))
    if record is None:
        return
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            shown = answer.setdefault("content", {}).setdefault("application/json", {})
            shown["schema"] = {"$ref": _REF.format(model=record.__name__)}


@cache
def schemas() -> dict[str, Any]:
    """Every schema that ANSWERS names, by its name."""
    named: list[tuple[Any, str]] = [(table.row, ROWS[table.public or table.name]) for table in TABLES]
    named += [(record, "") for record in dict.fromkeys(ANSWERS.values())]
    found = _schemas([schema_of_record(record, name) for record, name in named])
    found["RowsPage"]["properties"]["rows"]["items"] = {"anyOf": [_ref(name) for name in dict.fromkeys(ROWS.values())]}
    return found


def _schemas(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    _, document = models_json_schema([(model, "validation") for model in models], ref_template=_REF, by_alias=True)
    found: dict[str, Any] = in_json_schema(document["$defs"])
    return found


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}
