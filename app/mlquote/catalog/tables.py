"""The catalogue's tables: what identifies a fact of each over time, and how their rows are typed.

A new table is a row type in rows.py, one line here, and a migration.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mlquote.catalog.rows import (
    Accelerator,
    AcceleratorPeak,
    AcceleratorPower,
    Alias,
    AnnotationPrice,
    CostFactor,
    Default,
    Doubt,
    EfficiencyAnchor,
    Embodied,
    Facility,
    FittedFactor,
    GridIntensity,
    ImageRule,
    Judged,
    Model,
    ModelLifecycle,
    PurchasePrice,
    Region,
    RentalPrice,
    ScalingLaw,
    ServingConstant,
    ServingRun,
    Source,
    Threshold,
    TimeWindow,
    TokenPrice,
    TrainingRun,
    TrainingScore,
    TuningRun,
    Verification,
)
from mlquote.kit.provenance import RowRef


@dataclass(frozen=True)
class Table:
    """A table: its row type, what identifies a fact over time, and which fields come after the identity.

    Two rows of the same key may not hold at the same moment. `annual` figures hold until the next one supersedes
    them, so their rows are open at the end and the latest that has begun is the one in effect.
    """

    name: str
    row: type[Any]
    key: tuple[str, ...]
    annual: bool = False
    public: str = ""
    """The name under /v1/catalog/, where it is not `name`."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Column names, in the order of the row's fields."""
        return tuple(f.name for f in fields(self.row))

    @cached_property
    def types(self) -> dict[str, tuple[type[Any], bool, tuple[str, ...]]]:
        """Column -> (plain type, may be blank, allowed words)."""
        return {name: _plain(hint) for name, hint in get_type_hints(self.row).items()}

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """The values that identify the fact this row states."""
        return tuple(getattr(row, column) for column in self.key)

    def label(self, row: Any) -> str:
        """The key as one readable string, blanks left out."""
        return "/".join(str(value) for value in self.key_of(row) if value not in ("", None))

    def ref(self, row: Any) -> RowRef:
        """The row as an answer names it."""
        return RowRef(self.name, self.label(row), row.effective_from, row.source_url, row.checked_on)


def _plain(hint: Any) -> tuple[type[Any], bool, tuple[str, ...]]:
    if get_origin(hint) is Literal:
        return str, False, get_args(hint)
    options = [a for a in get_args(hint) if a is not type(None)]
    if options:
        return options[0], True, ()
    return hint, hint is str, ()


_TOKEN_KEY = (
    "provider", "model", "meter", "modality", "cache_ttl", "processing", "tier_operator", "tier_tokens", "region",
    "time_window", "variant", "unit",
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    Table("accelerators", Accelerator, ("id",)),
    Table(
        "accelerator_peaks",
        AcceleratorPeak,
        ("accelerator", "dtype", "unit_class", "accumulate", "sparsity", "claim"),
    ),
    Table(
        "accelerator_power",
        AcceleratorPower,
        ("accelerator", "system", "workload", "scope", "statistic", "claim", "year"),
    ),
    Table("purchase_prices", PurchasePrice, ("accelerator", "seller", "form", "system"), annual=True),
    Table(
        "rental_prices",
        RentalPrice,
        ("provider", "sku", "accelerator", "accelerator_count", "region", "price_model", "commitment", "basis"),
        annual=True,
    ),
    Table("token_prices", TokenPrice, _TOKEN_KEY),
    Table("model_lifecycles", ModelLifecycle, ("provider", "model")),
    Table("time_windows", TimeWindow, ("id", "start", "weekdays")),
    Table("models", Model, ("id",)),
    Table("image_rules", ImageRule, ("family",)),
    Table(
        "grid_intensity",
        GridIntensity,
        ("zone", "dataset", "dataset_release", "boundary", "accounting", "flow"),
        annual=True,
    ),
    Table("regions", Region, ("provider", "region"), annual=True),
    Table("facilities", Facility, ("scope", "name", "metric", "statistic"), annual=True),
    Table("embodied", Embodied, ("item", "item_kind", "per", "boundary", "method")),
    Table("cost_factors", CostFactor, ("id", "subject", "method"), annual=True),
    Table("doubts", Doubt, ("quantity", "level")),
    Table("defaults", Default, ("name", "level")),
    Table("thresholds", Threshold, ("id",)),
    Table("scaling_laws", ScalingLaw, ("id",)),
    Table(
        "annotation_prices",
        AnnotationPrice,
        ("provider", "task", "unit", "annotator", "basis", "tier_units"),
        annual=True,
    ),
    Table("training_runs", TrainingRun, ("id",)),
    Table("training_scores", TrainingScore, ("run", "given", "quantity")),
    Table("tuning_runs", TuningRun, ("id",)),
    Table("fitted_factors", FittedFactor, ("quantity", "term")),
    Table("efficiency_anchors", EfficiencyAnchor, ("run",)),
    Table("serving_runs", ServingRun, ("id",)),
    Table("serving_constants", ServingConstant, ("name", "applies_to")),
    Table("judged", Judged, ("table_name", "row", "smell")),
    Table("verifications", Verification, ("sample", "table_name", "row", "against", "verdict")),
    Table("aliases", Alias, ("kind", "scope", "alias")),
    Table("sources", Source, ("id",)),
)

TABLE: dict[str, Table] = {table.name: table for table in TABLES}
