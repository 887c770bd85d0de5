"""Adapters served beside the weights they belong to: the memory they take, and how much slower steps become."""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, warned
from mlquote.estimators.models.flop import DEFAULT_LORA_RANK, adapters_in
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.serving.constants import Constants
from mlquote.estimators.serving.data_sheet import DataSheet
from mlquote.formulas.models.adapters import ALL_LINEAR
from mlquote.formulas.serving.roofline import Rates
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption

ADAPTER_BYTES = 2
"""Adapters stay in 16 bits, whatever their base is stored in."""
NOT_SERVED: Finding[None] = Finding(None)


@dataclass(frozen=True, slots=True)
class ServedAdapters:
    """Adapters that are kept ready on every accelerator."""

    held_bytes: float
    """Of all of them together."""
    slowdown: float
    """How many times as long the layers' work takes with them as without."""


def adapters_of_serving(
    count: int | None, rank: int | None, model: Resolved, catalog: Snapshot, when: datetime
) -> Finding[ServedAdapters | None]:
    """What adapters take; None where none are served.

    Args:    count: kept ready at once; rank: of each
    Raises:  OutOfDomain where the model's matrices are not known
    """
    if count is None:
        return NOT_SERVED
    if model.stack is None:
        hint = "give architecture or hf_config, or leave lora_adapters out"
        raise OutOfDomain(f"the matrices of {model.name} are not known", pointer="/lora_adapters", hint=hint)
    used = rank or DEFAULT_LORA_RANK
    held = float(count * adapters_in(model, used, (ALL_LINEAR,)).params * ADAPTER_BYTES)
    row = catalog.default("lora_slowdown", when)
    assert row.value is not None
    why = "rank x (inputs + outputs) of every projection, 16 bits; all of them on each accelerator"
    said = [
        Assumption("lora_bytes", held, "bytes per accelerator", basis="derived", why=why),
        Assumption(
            row.name, row.value, row.unit, row.low, row.high, why="measured with over without adapters",
            source_url=row.source_url,
        ),
    ]  # fmt: skip
    if rank is None:
        said.insert(0, Assumption("lora_rank", used, why="a usual rank; none was given"))
    return Finding(ServedAdapters(held, row.value), tuple(said), (catalog.ref("defaults", row),))


def beside_adapters(sheet: Finding[DataSheet], adapters: ServedAdapters | None) -> Finding[DataSheet]:
    """The part with what adapters leave of its memory."""
    if adapters is None:
        return sheet
    chip = sheet.value.chip
    left = max(0.0, chip.usable_bytes - adapters.held_bytes)
    return sheet.of(replace(sheet.value, chip=replace(chip, usable_bytes=left)))


def slowed(constants: Finding[Constants], adapters: ServedAdapters | None) -> Finding[Constants]:
    """The constants with adapters beside each matrix: no such run was fitted, so ranges are wider."""
    if adapters is None:
        return constants
    found = constants.value
    detail = (
        f"no run with adapters is among those fitted: the layers' work takes {adapters.slowdown:g} times as long, "
        "and ranges are wider"
    )
    with_them = replace(found, rates=_slowed(found.rates, adapters.slowdown), is_untried=True)
    return warned(constants.of(with_them), "no-measured-runs", detail)


def _slowed(rates: Rates, times: float) -> Rates:
    """Weights, products and launches take longer; caches, messages and the host's work do not."""
    return replace(
        rates,
        weight_slowdown=rates.weight_slowdown * times,
        decode_flop_fraction=rates.decode_flop_fraction / times,
        prefill_flop_fraction=rates.prefill_flop_fraction / times,
        flop_ceiling_per_s=rates.flop_ceiling_per_s / times,
        step_s=rates.step_s * times,
        layer_s=rates.layer_s * times,
    )
