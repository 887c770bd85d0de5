"""What an engine lets weights and caches take of an accelerator, as engines are asked for it."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Accelerator, Default
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.memory import visible_bytes_of
from mlquote.estimators.serving.engines import ServingEngine
from mlquote.formulas.serving.load import usable_bytes
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_GIB


@dataclass(frozen=True, slots=True)
class EngineMemory:
    """One accelerator's memory as an engine divides it."""

    visible_bytes: float
    """As programs see it."""
    fraction: float
    """Share that the engine takes for all it holds."""
    reserve_bytes: float
    """Of that, what activations, captured graphs and the runtime take."""

    @property
    def usable_bytes(self) -> float:
        """What is left for weights and caches."""
        return usable_bytes(self.visible_bytes, self.fraction, self.reserve_bytes)


def engine_memory_of(
    part: Accelerator, engine: ServingEngine, fraction: float | None, catalog: Snapshot, when: datetime
) -> Finding[EngineMemory | None]:
    """The memory of a part under an engine; None where nobody publishes how much the part has.

    Args:    fraction: `gpu_memory_utilization`, where given
    """
    visible = visible_bytes_of(part, catalog, when)
    return catalog.remembered(
        _divided,
        (
            visible,
            _of_engine("engine_memory_fraction", engine, catalog, when) if fraction is None else fraction,
            _of_engine("engine_reserve_gib", engine, catalog, when),
        ),
    )


def _of_engine(name: str, engine: ServingEngine, catalog: Snapshot, when: datetime) -> Default:
    """The default of an engine's family, else of the others."""
    own: Default | None = catalog.held_or_first("defaults", name, engine.family, moment=when)
    return own or catalog.default(name, when)


def _divided(
    catalog: Snapshot, asked: tuple[Finding[float | None], Default | float, Default]
) -> Finding[EngineMemory | None]:
    visible, share, reserve = asked
    if visible.value is None:
        return Finding(None)
    rows, said = list(visible.rows), list(visible.assumptions)
    if isinstance(share, Default):
        assert share.value is not None
        rows.append(catalog.ref("defaults", share))
        why = "as the engine does where it is not told"
        said.append(Assumption("gpu_memory_utilization", share.value, why=why, source_url=share.source_url))
    assert reserve.value is not None
    rows.append(catalog.ref("defaults", reserve))
    why = "activations of the largest batch, captured graphs and the runtime, in each accelerator"
    said.append(Assumption("engine_reserve_gib", reserve.value, "GiB", reserve.low, reserve.high, why=why))
    fraction = share.value if isinstance(share, Default) else share
    assert fraction is not None
    memory = EngineMemory(visible.value, fraction, reserve.value * BYTES_PER_GIB)
    return Finding(memory, tuple(said), tuple(rows), visible.warnings)
