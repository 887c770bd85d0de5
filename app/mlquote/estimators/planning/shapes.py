"""The sizes that a plan chooses from: one model of the catalogue made smaller and larger in its own proportions."""

from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.flop import DEFAULT_SEQUENCE_TOKENS, Regime, training_flop
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.formulas.models.compute import Convention
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption

STEP = 0.05
"""Sizes lie about so far apart, in ln of the parameters."""
DEEPER = 1.2
"""A size may be so many times deeper, or shallower, for its width than its family."""
UNLIKE = 1.5
"""Query heads to a key-value head may be so many times more or fewer than in the family."""
MOST_PARAMS_PLANNED = 1.2e13
MOST_HEADS = 600


@dataclass(frozen=True, slots=True)
class FamilySize:
    """One size of the family: its sizes as a question gives them, and the model they make."""

    sizes: tuple[tuple[str, Any], ...]
    resolved: Resolved
    flop_per_token: float
    """Model FLOP of training on one token."""


@dataclass(frozen=True, slots=True)
class Family:
    """Every size of a family, ascending, and the length of its training sequences."""

    name: str
    sequence_length: int
    shapes: tuple[FamilySize, ...]
    params: NDArray[np.float64]
    flop_per_token: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    sequence_length: int | None
    convention: Convention | None
    when: datetime


def family_of(
    name: str, sequence_length: int | None, convention: Convention | None, catalog: Snapshot, when: datetime
) -> Finding[Family]:
    """A model's proportions at every size, remembered.

    Raises:  UnknownName for a model; OutOfDomain for one that is no dense decoder
    """
    spell = spell_of(when, changes_of(catalog, "models", "aliases"))
    return catalog.remembered(_family, _Wanted(name, sequence_length, convention, spell))


def _family(catalog: Snapshot, wanted: _Wanted) -> Finding[Family]:
    found = resolved_of(Description(model=wanted.name), catalog, wanted.when)
    model = found.value
    sizes = model.sizes
    if model.kind != "transformer" or model.mixture or sizes.attention not in ("mha", "gqa", "mqa"):
        detail = f"{wanted.name} is no dense decoder with plain attention, whose proportions could be kept"
        raise OutOfDomain(detail, pointer="/shape_family", hint="such as llama-3.1-8b, pythia-1.4b or qwen3-8b")
    length = wanted.sequence_length or model.training_sequence_tokens or DEFAULT_SEQUENCE_TOKENS
    regime = Regime(sequence_tokens=length, convention=wanted.convention)
    shapes = tuple(_shape(each, regime, catalog, wanted.when) for each in _thinned(_every(model)))
    params = np.array([float(shape.resolved.params) for shape in shapes])
    order = np.argsort(params, kind="stable")
    shapes = tuple(shapes[i] for i in order)
    family = Family(model.name, length, shapes, params[order], np.array([shape.flop_per_token for shape in shapes]))
    why = f"{len(shapes)} sizes in the proportions of {model.name}, {STEP:.0%} apart"
    said = Assumption("shape_family", model.name, why=why, source_url=found.rows[0].source_url if found.rows else "")
    return Finding(family, (said,), found.rows)


def _shape(sizes: dict[str, Any], regime: Regime, catalog: Snapshot, when: datetime) -> FamilySize:
    length = int(regime.sequence_tokens or DEFAULT_SEQUENCE_TOKENS)
    described = Description(architecture=Architecture(**sizes))
    resolved = resolved_of(described, catalog, when, sequence_tokens=length).value
    flop = training_flop(resolved, 1e9, regime).value.model_flop / 1e9
    return FamilySize(tuple(sizes.items()), resolved, flop)


def _every(model: Resolved) -> list[dict[str, Any]]:
    """All sizes in the family's proportions: every number of heads, and depths about what goes with that width."""
    own = model.sizes
    assert own.heads and own.kv_heads and own.hidden_size and own.layers and own.head_dim and own.ffn_size
    wide, group = own.hidden_size / own.heads, own.heads / own.kv_heads
    found = []
    for heads in range(1, MOST_HEADS + 1):
        shared = _divisor_near(heads, heads / group)
        if heads > 2 * group and abs(log(shared * group / heads)) > log(UNLIKE):
            continue
        hidden = round(wide * heads)
        depth = hidden * own.layers / own.hidden_size
        kept = {
            "hidden_size": hidden, "heads": heads, "kv_heads": shared,
            "head_dim": own.head_dim, "ffn_size": max(1, round(hidden * own.ffn_size / own.hidden_size)),
            "ffn_gated": own.ffn_gated, "vocab_size": own.vocab_size, "tied_embeddings": own.tied_embeddings,
        }  # fmt: skip
        depths = range(max(1, round(depth / DEEPER)), round(depth * DEEPER) + 1)
        found += [{"kind": "transformer", "layers": layers, **kept, "attention": _attention(kept)} for layers in depths]
    return found


def _attention(kept: dict[str, Any]) -> str:
    if kept["kv_heads"] == kept["heads"]:
        return "mha"
    return "mqa" if kept["kv_heads"] == 1 else "gqa"


def _divisor_near(whole: int, wanted: float) -> int:
    """The divisor that is nearest to a number, in ratio."""
    return min((n for n in range(1, whole + 1) if whole % n == 0), key=lambda n: (abs(log(n / wanted)), n))


def _thinned(every: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each step of size the one that keeps the family's depth for its width best."""
    best: dict[int, tuple[float, int, dict[str, Any]]] = {}
    ratio: dict[int, list[int]] = {}
    for sizes in every:
        ratio.setdefault(sizes["hidden_size"], []).append(sizes["layers"])
    for sizes in every:
        params = _about(sizes)
        if params > MOST_PARAMS_PLANNED:
            continue
        depths = ratio[sizes["hidden_size"]]
        off = abs(log(sizes["layers"] / (depths[0] * depths[-1]) ** 0.5))
        key = round(log(params) / STEP)
        best[key] = min(
            best.get(key, (off, sizes["hidden_size"], sizes)), (off, sizes["hidden_size"], sizes), key=_first
        )
    return [sizes for _, _, sizes in best.values()]


def _first(entry: tuple[float, int, dict[str, Any]]) -> tuple[float, int]:
    return entry[0], -entry[1]


def _about(sizes: dict[str, Any]) -> float:
    """Parameters, norms left aside."""
    h, d = sizes["hidden_size"], sizes["head_dim"]
    attention = 2 * h * d * (sizes["heads"] + sizes["kv_heads"])
    feed = (3 if sizes["ffn_gated"] else 2) * h * sizes["ffn_size"]
    ends = (1 if sizes["tied_embeddings"] else 2) * (sizes["vocab_size"] or 0) * h
    return float(sizes["layers"] * (attention + feed) + ends)
