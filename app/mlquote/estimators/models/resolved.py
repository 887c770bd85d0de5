"""Which model a description means, every size known or derived, ready to be counted.

`resolved_of` turns a catalogue id, a count of parameters, an architecture or a Hugging Face config into one
`Resolved`, says what it had to derive and which sizes it could not use, and leaves the counting to `mlquote.formulas`.
What is given beats the catalogue, the catalogue beats a derivation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from mlquote.catalog.rows import Model
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.hugging_face.arithmetic import Sample
from mlquote.estimators.models.hugging_face.config import ReadConfig, read_config
from mlquote.estimators.models.image_layers import described_image, known_image
from mlquote.estimators.models.naming import Called, model_named
from mlquote.estimators.models.unused_sizes import unused_sizes
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import ParameterCount, stack_params
from mlquote.formulas.models.shape import Contradiction, filled
from mlquote.formulas.models.sizes import NAMES, Sizes
from mlquote.formulas.models.stacks import sizes_of, stack_of
from mlquote.formulas.models.vision import ImageCount
from mlquote.formulas.models.weights import Weights
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Assumption, Warning

SHAPED = frozenset({"transformer", "encoder", "encoder_decoder", "vit", "ssm"})
"""Kinds whose parameters and FLOP follow from layers, widths and heads."""
FAR = 2.5
"""Sizes and parameters that disagree by more than this are not of one model."""
ROUNDING = 0.1
"""Published counts are rounded, and leave out or take in embeddings: up to a tenth is no contradiction."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model ready to be counted: every size known or derived (the finding's assumptions name the derived ones).

    `stack` is None where only a parameter count makes sense (CNN, diffusion, other). `counted` says whether FLOP may
    be counted from the stack: its width and depth were given, so only 6 N D is left where it is False.
    """

    name: str
    """Catalogue id, or "" for a model of the question's own."""
    sizes: Sizes
    params: int
    active_params: int
    stack: Stack | None
    counted: bool
    context_tokens: int | None = None
    training_sequence_tokens: int | None = None
    training_tokens: float | None = None
    weight_dtype: str = ""
    patch_size: int | None = None
    image_size: int | None = None
    image: ImageCount | None = None
    """What one image costs, where the model reads images and its layers are known."""
    whole: bool = False
    """A config whose layers are known as parameters alone."""
    text: Weights | None = None
    """Where each product of a whole config is made that reads text: at places "x", or "read" and "written"."""
    sample: Sample | None = None
    """One image of a whole config that reads images."""

    def __hash__(self) -> int:
        """By its name and counts: models are keys of what is remembered, asked for every answer."""
        return hash((self.name, self.params, self.active_params))

    @property
    def laid_out(self) -> bool:
        """FLOP follow from layers, in one form or another."""
        return self.counted or self.text is not None

    @property
    def kind(self) -> str:
        """Kind of architecture."""
        return self.sizes.kind

    @property
    def mixture(self) -> bool:
        """One token uses only some of the parameters."""
        return self.active_params < self.params


UNSAID = Sizes()
"""What a question gives that names its model and no size."""
NAMING = ("models", "aliases")
"""What a model's name means changes with these tables only."""
Found = Finding[Resolved]
"""A model, what had to be derived of it, and the row it comes from."""


def resolved_of(
    described: Description, catalog: Snapshot, when: datetime, *, sequence_tokens: int | None = None
) -> Found:
    """The model a description means, each derived size an assumption, each size of no use a warning.

    Args:
        described: what the question says.
        catalog: release to look the model up in.
        when: instant whose row counts.
        sequence_tokens: training context, the number of learned positions where nothing else says it.

    Raises:
        Malformed: nothing says which model, or two things do.
        UnknownName: no such model.
        OutOfDomain: sizes contradict each other.
    """
    if sequence_tokens is None and described.names_alone:
        return catalog.remembered(_alone, (described.model or "", spell_of(when, changes_of(catalog, *NAMING))))
    if not described.says_something:
        raise Malformed(
            "nothing says which model", pointer="/model", hint="give model, params, architecture or hf_config"
        )
    _say_it_once(described)
    given = _given(described)
    try:
        found = _found(described, given, catalog, when, sequence_tokens)
        _active_within(found.value, given)
    except OutOfDomain as fault:
        raise _outside(fault, described) from fault
    return _with_unused(found, described)


def _alone(catalog: Snapshot, named: tuple[str, datetime]) -> Found:
    """A model that is named and nothing else is said about: most questions do so."""
    name, when = named
    return _found(Description(model=name), UNSAID, catalog, when, None)


def _say_it_once(described: Description) -> None:
    """A model and its sizes come from one place."""
    if described.hf_config is None:
        return
    if described.model is not None:
        raise Malformed("model and hf_config both say which model", pointer="/hf_config", hint="give one of the two")
    beside = described.architecture.model_fields_set - {"params", "active_params"} if described.architecture else set()
    for name in sorted(beside):
        detail = f"hf_config says every size, and architecture.{name} another time"
        raise Malformed(detail, pointer=f"/architecture/{name}", hint="change it in the config")


def _outside(fault: OutOfDomain, described: Description) -> OutOfDomain:
    """The fault, pointing outside `architecture` where the question said it there."""
    first = fault.faults[0]
    name = first.pointer.rpartition("/")[2]
    said = {"params": described.params, "active_params": described.active_params}.get(name)
    pointer = f"/{name}" if said is not None else first.pointer
    return OutOfDomain(fault.detail, pointer=pointer, hint=first.hint)


def _active_within(resolved: Resolved, given: Sizes) -> None:
    """One token uses no more parameters than there are."""
    if given.active_params is not None and given.active_params > resolved.params:
        detail = f"{given.active_params} active parameters of {resolved.params}"
        raise OutOfDomain(detail, pointer="/architecture/active_params", hint="at most params")


def _with_unused(found: Found, described: Description) -> Found:
    """The model with a warning for each size that was given and changes nothing."""
    part, resolved = described.architecture, found.value
    if part is None:
        return found
    if resolved.name and "kind" in part.model_fields_set and part.kind != resolved.kind:
        detail = f"{resolved.name} is a model of kind {resolved.kind!r}, not {part.kind!r}"
        raise OutOfDomain(detail, pointer="/architecture/kind", hint=resolved.kind)
    _refuse_images_of_text(part, resolved)
    said = unused_sizes(part, resolved.sizes, image=resolved.image is not None)
    return replace(found, warnings=(*found.warnings, *said))


def _refuse_images_of_text(part: Architecture, resolved: Resolved) -> None:
    """Layers of an image network say nothing about a model that is known to read text."""
    text = resolved.kind in SHAPED - {"vit"} and (resolved.name or "kind" in part.model_fields_set)
    for name in ("conv_layers", "forward_flop_per_sample"):
        if text and getattr(part, name) is not None:
            detail = f"a {resolved.kind} reads text, and {name} is about images"
            raise OutOfDomain(detail, pointer=f"/architecture/{name}", hint="kind: vit, cnn or diffusion")


def _found(
    described: Description, given: Sizes, catalog: Snapshot, when: datetime, sequence_tokens: int | None
) -> Found:
    part = described.architecture
    if described.hf_config is not None:
        return _of_config(described.hf_config, given)
    if described.model is None:
        return _described(given, sequence_tokens, part)
    named = model_named(described.model, catalog, when)
    row = named.value.row
    if part is None and sequence_tokens is None and (given is UNSAID or given.known().keys() <= {"kind"}):
        plain = catalog.derived(_plain_rows)
        key = (row.id, row.effective_from)
        if key not in plain:
            plain[key] = _named(_of_row(row, Sizes(), None, None), catalog, row)
        return _as_called(plain[key], named)
    return _as_called(_named(_of_row(row, given, sequence_tokens, part), catalog, row), named)


def _plain_rows(catalog: Snapshot) -> dict[tuple[str, datetime | None], Found]:
    """Catalogue models without anything beside them, each resolved once."""
    return {}


def _named(found: Found, catalog: Snapshot, row: Model) -> Found:
    return replace(found, rows=(catalog.ref("models", row), *found.rows))


def _as_called(found: Found, named: Finding[Called]) -> Found:
    """The model with what its name says beside its id."""
    if not named.assumptions:
        return found
    value = replace(found.value, weight_dtype=named.value.weight_dtype or found.value.weight_dtype)
    assumptions = (*named.assumptions, *found.assumptions)
    return replace(found, value=value, assumptions=assumptions, warnings=(*found.warnings, *named.warnings))


def _given(described: Description) -> Sizes:
    """The sizes the question itself gives."""
    part = described.architecture
    said = {n: v for n in NAMES if (v := getattr(part, n)) is not None} if part else {}
    for name, value in (("params", described.params), ("active_params", described.active_params)):
        if value is not None and said.setdefault(name, value) != value:
            raise Malformed(f"{name} is given twice and differs", pointer=f"/architecture/{name}", hint="give it once")
    return Sizes(**said) if said else UNSAID


def _described(given: Sizes, sequence_tokens: int | None, part: Architecture | None) -> Found:
    """A model of the question's own."""
    if part is None:
        return _shaped("", given, sequence_tokens)
    image = _described_image(part)
    if image is not None and given.params is None and image.params:
        given = replace(given, params=image.params)
    found = _shaped("", given, sequence_tokens)
    resolved = replace(found.value, patch_size=part.patch_size, image_size=part.image_size)
    if image is None and (image := _known_image(resolved)) is not None and given.params is None:
        resolved = replace(resolved, params=image.params, active_params=image.params)
    return replace(found, value=replace(resolved, image=image) if image else resolved)


def _of_config(config: Mapping[str, Any], given: Sizes) -> Found:
    """A model read from its config; parameters given beside it win over those counted."""
    read = read_config(config)
    if read.stack is None:
        sizes = Sizes(kind=read.kind, params=read.params, active_params=read.params)
    else:
        sizes = sizes_of(read.stack, read.kind)
    params = given.params or read.params
    active = given.active_params or sizes.active_params or params
    resolved = Resolved(
        "",
        sizes,
        params,
        min(active, params),
        read.stack,
        read.stack is not None,
        context_tokens=read.context_tokens,
        weight_dtype=read.weight_dtype,
        patch_size=read.patch_size,
        image_size=read.image_size,
        whole=read.stack is None,
        text=read.arithmetic if read.sample is None else None,
        sample=read.sample,
    )
    said, warnings = _said_of_config(read), _left_out_of_config(read)
    return Finding(replace(resolved, image=_known_image(resolved)), said, warnings=warnings)


def _said_of_config(read: ReadConfig) -> tuple[Assumption, ...]:
    """How a config was read: its family, and what it leaves to its class."""
    said = [Assumption("architecture", read.family, basis="given", why="hf_config, counted to the parameter")]
    if read.taken:
        names = ", ".join(f"{pointer.removeprefix('/hf_config/')} {value}" for pointer, value in read.taken)
        said.append(Assumption("hf_config", names, why="the file is silent: its class's own defaults"))
    return tuple(said)


def _left_out_of_config(read: ReadConfig) -> tuple[Warning, ...]:
    """Modules that predict further ahead: the file names them, the count of the model itself leaves them out."""
    if not read.look_ahead:
        return ()
    detail = f"{read.look_ahead} layers that predict further ahead (MTP) are not counted among the parameters"
    return (Warning("parameters-uncounted", detail),)


def _of_row(row: Model, given: Sizes, sequence_tokens: int | None, part: Architecture | None) -> Found:
    """A catalogue model, with what the question overrides."""
    changed = given.known().keys() - {"kind"}
    recounted = changed - {"params", "active_params"}
    left_out = {"params", "active_params"} if recounted and row.kind in SHAPED else set()
    left_out |= {"full_attention_layers", "dense_layers"} if "layers" in changed else set()
    known = {f.name: getattr(row, f.name) for f in fields(Model) if f.name in NAMES and f.name not in left_out}
    known["attention"] = row.attention or None
    said = {name: value for name, value in given.known().items() if name in changed}
    sizes = Sizes(**{name: value for name, value in known.items() if value is not None} | said)
    found = _shaped(row.id, sizes, sequence_tokens or row.training_sequence_tokens)
    resolved = replace(
        found.value,
        context_tokens=row.context_tokens,
        training_sequence_tokens=row.training_sequence_tokens,
        training_tokens=row.training_tokens,
        weight_dtype=row.weight_dtype,
        patch_size=(part.patch_size if part else None) or row.patch_size,
        image_size=(part.image_size if part else None) or row.image_size,
    )
    image = (_described_image(part) if part else None) or _known_image(resolved)
    return replace(found, value=replace(resolved, image=image))


def _shaped(name: str, sizes: Sizes, sequence_tokens: int | None) -> Found:
    """Sizes made whole and counted."""
    counted = sizes.layers is not None and sizes.hidden_size is not None and sizes.kind in SHAPED
    stages = bool(name) and sizes.kind == "vit" and sizes.layers is None  # Swin: blocks differ from stage to stage
    if sizes.kind not in SHAPED or stages:
        if sizes.params is None:
            detail = f"params is missing, which the kind {sizes.kind!r} cannot do without"
            raise Malformed(detail, pointer="/architecture/params", hint="give params")
        return Finding(Resolved(name, sizes, sizes.params, sizes.active_params or sizes.params, None, False))
    whole, stack, count, derived = _whole(sizes, sequence_tokens or 2048)
    params = sizes.params or count.total
    active = min(sizes.active_params or (count.active if sizes.experts else params), params)
    if counted and not sizes.experts and sizes.ffn_size and abs(count.active / active - 1) > ROUNDING:
        # Parameters say more about FLOP than a feed-forward of which nobody said how many there are.
        freed = replace(sizes, ffn_size=None, params=params, active_params=active)
        found = _shaped(name, freed, sequence_tokens)
        why = f"solved from params, which ffn_size {sizes.ffn_size} contradicts"
        reasons = (replace(a, why=why) if a.name == "architecture.ffn_size" else a for a in found.assumptions)
        return replace(found, assumptions=tuple(reasons))
    if counted and not 1 / FAR <= count.active / active <= FAR:
        detail = f"the sizes count up to {count.active} parameters a token uses, the question says {active}"
        raise OutOfDomain(detail, pointer="/architecture/params", hint="leave out one or the other")
    return Finding(Resolved(name, whole, params, active, stack, counted), derived)


@lru_cache(maxsize=4096)
def _whole(sizes: Sizes, sequence_tokens: int) -> tuple[Sizes, Stack, ParameterCount, tuple[Assumption, ...]]:
    """Sizes made whole, their stack and count, and an assumption for each derived size."""
    try:
        whole, why = filled(sizes, sequence_tokens=sequence_tokens)
    except Contradiction as fault:
        raise OutOfDomain(str(fault), pointer=f"/architecture/{fault.field}", hint=fault.hint) from fault
    stack = stack_of(whole)
    derived = (
        Assumption(f"architecture.{name}", getattr(whole, name), basis="derived", why=reason)
        for name, reason in why.items()
    )
    return whole, stack, stack_params(stack), tuple(derived)


def _known_image(r: Resolved) -> ImageCount | None:
    stack = r.stack if r.counted and r.kind == "vit" else None
    return known_image(r.name, stack, image_size=r.image_size, patch_size=r.patch_size)


def _described_image(part: Architecture) -> ImageCount | None:
    return described_image(part.conv_layers, image_size=part.image_size, forward_flop=part.forward_flop_per_sample)
