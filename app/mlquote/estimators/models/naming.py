"""Which row of the catalogue a model's name means, as hubs, runners of local models and files spell it.

A name that the catalogue lists is that model, and nothing need be said. Else the owner of a copy, words of a variant of
the same layers (`Instruct`, `it`) and the quantisation are taken off, from the end, until one listed name is left; what
was taken off is told, and the quantisation becomes the dtype of the weights. What is left open is refused, with the
models whose names hold every word that was said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.rows import Model
from mlquote.catalog.snapshot import Snapshot, letters
from mlquote.estimators.asking.finding import Finding
from mlquote.kit.errors import NotEffective, UnknownName, unknown_name
from mlquote.kit.provenance import Assumption, Warning

STORED: tuple[tuple[str, str], ...] = (
    (r"q4_k_m", "q4_k_m"),
    (r"q8_0|q8_k(_[a-z]+)*|w8a(8|16)|int8|8-?bit", "int8"),
    (r"q4_0|w4a(8|16)|u?int4|4-?bit|qat", "int4"),
    (r"nvfp4|fp4", "fp4"),
    (r"mxfp4", "mxfp4"),
    (r"(block-?)?fp8([-_]?(dynamic|static|block|kv|e4m3|per-?tensor|per-?channel))*|f8", "fp8"),
    (r"bf16|bfloat16", "bf16"),
    (r"f16|fp16|float16", "fp16"),
)
"""The end of a name that says how weights are stored, and the dtype it is."""
PACKED: tuple[tuple[str, str], ...] = ((r"gptq|awq|bnb", "int4"),)
"""Methods whose files are of four bits where the name does not say another width."""
UNREAD = r"i?q[1-8](_[a-z0-9]+)*|tq[12]_0|ud|gguf|ggml|exl[23]|hqq|[2356](\.[0-9]+)?-?(bit|bpw)|int[2356]"
"""Levels and containers whose bytes per weight no dtype here has."""
ASIDE = r"[0-9]{5}-of-[0-9]{5}|g(32|64|128)|mlx|quantized|quant|unsloth|imatrix|i1|latest|dynamic"
"""Words that say nothing of the layers nor of the bytes."""
VARIANT = r"instruct|chat|it|base|pt|hf"
"""Words of a variant that has the layers of the model it was made from."""
LEAST_WORDS = 3
"""Words that an id must have for a longer name to be near it: "hermes-3-llama-3.1-8b" is near llama-3.1-8b."""
BEGINS = 3
"""Letters by which an id begins as a name does."""
SOLD_AT_LEAST = 4
"""Letters that a name must have before the beginning of a sold model's id is taken for it."""


@dataclass(frozen=True, slots=True)
class Called:
    """The row that a name means, and how its weights are stored where the name says so."""

    row: Model
    weight_dtype: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is left of a name while its end is taken off, and what was taken."""

    left: str
    taken: tuple[str, ...] = ()
    dtype: str = ""
    packed: str = ""
    unread: str = ""


def model_named(name: str, catalog: Snapshot, when: datetime) -> Finding[Called]:
    """The model that `name` means at `when`.

    Args:
        name: an id, an alias, a name on a hub ("owner/model"), of a local runner ("model:tag") or of a file.
        catalog: release to look it up in.
        when: instant whose row counts.

    Returns: the row, the dtype that the name says, and what was left off the name.

    Raises:
        UnknownName: no such model; code `sizes-not-published` where it is sold by the token.
        NotEffective: the model is not in effect at that moment.
    """
    try:
        return Finding(Called(catalog.model(name, when)))
    except UnknownName:
        pass
    for reading in _readings(name):
        row = _row(reading.left, catalog, when)
        if row is not None:
            return _read(name, reading, row)
    raise _refusal(name, catalog)


def _row(name: str, catalog: Snapshot, when: datetime) -> Model | None:
    try:
        return catalog.model(name, when) if name else None
    except (UnknownName, NotEffective):
        return None


def _readings(name: str) -> Iterator[_Reading]:
    """The name with its owner, then without, each with less and less of its end."""
    whole = name.strip().replace(":", "-").removesuffix(".gguf").removesuffix(".GGUF")
    ended = whole != name.strip().replace(":", "-")
    owner, _, own = whole.rpartition("/")
    for left, taken in ((whole, ()), (own, (owner,))) if owner else ((whole, ()),):
        reading: _Reading | None = _Reading(left, taken, unread="gguf" if ended else "")
        while reading is not None:
            yield reading
            reading = _shorter(reading)


def _shorter(r: _Reading) -> _Reading | None:
    """The name without its last word, where that word says nothing of the layers."""
    for pattern, dtype in (*STORED, *PACKED, (UNREAD, ""), (ASIDE, ""), (VARIANT, "")):
        found = re.fullmatch(rf"(.+?)[-_.]({pattern})", r.left, re.IGNORECASE)
        if found is None:
            continue
        shorter = replace(r, left=found[1], taken=(*r.taken, found[2]))
        if (pattern, dtype) in PACKED:
            return replace(shorter, packed=r.packed or dtype)
        if pattern == UNREAD:
            return replace(shorter, unread=found[2] if r.unread.casefold() in {"", "gguf"} else r.unread)
        return replace(shorter, dtype=r.dtype or dtype)
    return None


def _read(name: str, r: _Reading, row: Model) -> Finding[Called]:
    """The row, told with all that was left off its name."""
    dtype = r.dtype or r.packed
    apart = ", ".join(repr(word) for word in r.taken) or "its punctuation"
    stored = f"; weights stored as {dtype}" if dtype else ""
    said = Assumption("model", row.id, basis="given", why=f"{name!r} without {apart}{stored}")
    lost = r.unread and not dtype
    detail = f"{r.unread!r} in {name!r} is no dtype known here: weights count as {row.weight_dtype or 'bf16'}"
    return Finding(Called(row, dtype), (said,), warnings=(Warning("quantisation-not-read", detail),) if lost else ())


def _refusal(name: str, catalog: Snapshot) -> UnknownName:
    """Why there is no such model: its sizes are nobody's to know, or the name is nearest to others."""
    near = _holding(name, catalog)
    sellers = () if near else _sellers(name, catalog)
    if sellers:
        return _sold_only(name, sellers, catalog)
    if near:
        return UnknownName(
            f"no model named {name!r} in this catalogue release",
            pointer="/model",
            hint=f"nearest: {', '.join(near[:3])}",
            code="unknown-model",
        )
    known = [key[0] for key in catalog.keys("models")] + catalog.names("model")
    return unknown_name("model", name, known, pointer="/model")


def _sold_only(name: str, sellers: tuple[str, ...], catalog: Snapshot) -> UnknownName:
    """A model that is known by its price alone, and by estimates of its training where somebody made them."""
    shown = ", ".join(sellers[:4]) + (", ..." if len(sellers) > 4 else "")
    asked = letters(name.casefold().rpartition("/")[2])
    runs = [run for run, model in catalog.indexed("training_runs", "id", "model") if letters(model.casefold()) == asked]
    estimated = f"; estimates of its training: {', '.join(runs)} of GET /v1/catalog/training_runs" if runs else ""
    return UnknownName(
        f"{name!r} is sold by the token ({shown}); this release knows no public weights or sizes of it",
        pointer="/model",
        hint=f"its price: /v1/estimates/inference{estimated}; for a size that you suppose, give params or architecture",
        code="sizes-not-published",
    )


def _words(name: str) -> frozenset[str]:
    """A name's words and numbers: "Llama-3.1 70B" -> llama, 3.1, 70b."""
    return frozenset(re.findall(r"[a-z]+(?![a-z])|[0-9]+(?:\.[0-9]+)?[a-z]?(?![a-z0-9.])", name.casefold()))


def _holding(name: str, catalog: Snapshot) -> list[str]:
    """Ids whose names hold every word of this one, the closest and newest first; else ids that this name holds."""
    asked = _words(name.rpartition("/")[2])
    begins = name.strip().casefold()[:BEGINS]
    holding: list[tuple[bool, int, int, str]] = []
    held: list[tuple[bool, int, int, str]] = []
    for day, known, said in catalog.indexed("models", "release_date", "id", "name"):
        own = _words(known)
        age = -day.toordinal() if day else 0
        if asked and asked <= own | _words(said):
            holding.append((not known.startswith(begins), len(own), age, known))
        elif len(own) >= LEAST_WORDS and own <= asked:
            held.append((False, -len(own), age, known))
    return list(dict.fromkeys(known for *_, known in sorted(holding or held)))


def _sold(catalog: Snapshot) -> dict[str, tuple[str, ...]]:
    """Letters of the models that are sold by the token -> who sells them."""
    sold: dict[str, set[str]] = {}
    for provider, model in catalog.indexed("token_prices", "provider", "model"):
        sold.setdefault(letters(model.casefold().rpartition("/")[2]), set()).add(provider)
    return {model: tuple(sorted(sellers)) for model, sellers in sold.items()}


def _sellers(name: str, catalog: Snapshot) -> tuple[str, ...]:
    """Who sells a model of this name, or models whose names begin with it, by the token."""
    asked, sold = letters(name.casefold().rpartition("/")[2]), catalog.derived(_sold)
    if asked in sold:
        return sold[asked]
    if len(asked) < SOLD_AT_LEAST:
        return ()
    return tuple(sorted({seller for model in sold if model.startswith(asked) for seller in sold[model]}))
