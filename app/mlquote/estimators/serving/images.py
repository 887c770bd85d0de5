"""Images in a prompt: how many of its tokens they are, by the rule of the model's family, and the encoder's work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mlquote.catalog.rows import ImageRule
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, unknown, warned
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.serving.constants import Constants
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.models.image_tokens import MOST_OBLONG, Cut, Encoder, Grid, encoding_flop, grid_of
from mlquote.formulas.models.parameters import stack_params
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption

TABLE = "image_rules"
SIDE = "prompt_image_px"
"""The default side of an image."""
BETWEEN = "; "
"""Parts the names in a row."""
NONE_READ: Finding[None] = Finding(None)
NO_ENCODER = Finding(0.0)
"""No parameters of an encoder are in a model's count, as far as anybody can tell."""
MOST_OVER = 1.6
"""Projections and positions add no more than this to an encoder's layers."""


@dataclass(frozen=True, slots=True)
class PromptImages:
    """What the images of one mean request are."""

    tokens: float
    """Of the prompt, over all of them."""
    encoding_flop: float
    """The encoder's pass over all of them; 0 where nobody knows the encoder."""
    is_sized: bool
    """Their size decides how many tokens they are."""


def images_of(question: ServingQuestion, model: str, catalog: Snapshot, when: datetime) -> Finding[PromptImages | None]:
    """The images of a request; None where there are none, or nobody knows their tokens, which is said.

    Args:    model: catalogue id of the model that is served, "" where it has none
    Raises:  OutOfDomain for an image so oblong that no processor takes it
    """
    if not question.images:
        return NONE_READ
    row = family_of(model, question.hf_config, catalog)
    if row is None and question.image_tokens is None:
        cuts = f"nobody says into how many tokens {model or 'this model'} cuts an image"
        detail = f"{cuts}: the {question.images:g} images of a prompt are not counted"
        return unknown("image-tokens-unknown", detail)
    if question.image_tokens is not None:
        grid, sized = _as_given(question.image_tokens, row), NONE_READ
    else:
        assert row is not None
        grid, sized = _by_rule(question, row, catalog, when)
    return _told(question, row, grid, sized, catalog)


def beside_images(constants: Finding[Constants], has_images: bool) -> Finding[Constants]:
    """The constants where prompts have images: no such run was fitted, so ranges are wider."""
    if not has_images:
        return constants
    untried = constants.of(replace(constants.value, is_untried=True))
    return warned(untried, "no-measured-runs", "no run with images in its prompts is among those fitted")


def family_of(model: str, config: Mapping[str, Any] | None, catalog: Snapshot) -> ImageRule | None:
    """The row of the family that a model of the catalogue, or a config, belongs to."""
    models, types = catalog.derived(_families)
    return models.get(model) if config is None else types.get(str(config.get("model_type", "")))


def _families(catalog: Snapshot) -> tuple[dict[str, ImageRule], dict[str, ImageRule]]:
    """Model -> its family, and what a config calls itself -> its family: weights read images as they were published."""
    rows: list[ImageRule] = [catalog.history(TABLE, *key)[-1] for key in catalog.keys(TABLE)]
    models = {name: row for row in rows for name in row.models.split(BETWEEN)}
    return models, {name: row for row in rows for name in row.config_types.split(BETWEEN) if name}


def encoder_params_of(model: Resolved, catalog: Snapshot) -> Finding[float]:
    """Parameters of the encoder in a dense model's count: held, and read for images alone; 0 where there are none.

    What the count has over the layers of the language model, where that is about the encoder's size: a projection and
    positions come with it.
    """
    encoder = encoder_of(family_of(model.name, None, catalog))
    if encoder is None or model.stack is None or model.mixture:
        return NO_ENCODER
    over = model.params - stack_params(model.stack).total
    if not encoder.params < over < MOST_OVER * encoder.params:
        return NO_ENCODER
    why = "in the model's count, held and not read for a token: the image encoder and its projection"
    return Finding(float(over), (Assumption("image_encoder_params", over, basis="derived", why=why),))


def cut_of(row: ImageRule) -> Cut:
    """The rule of a row, as the formulas see it."""
    return Cut(
        rule=row.rule,
        patch_px=row.patch_px,
        patches_across=row.patches_across or 1,
        tokens_per_image=row.tokens_per_image,
        least_tokens=row.least_tokens,
        most_tokens=row.most_tokens,
        longest_side_px=row.longest_side_px,
    )


def encoder_of(row: ImageRule | None) -> Encoder | None:
    """The encoder of a row; None where nobody knows it."""
    if row is None or row.encoder_layers is None or row.encoder_hidden_size is None or row.encoder_ffn_size is None:
        return None
    return Encoder(
        layers=row.encoder_layers,
        full_layers=row.encoder_layers if row.encoder_full_layers is None else row.encoder_full_layers,
        window_patches=row.encoder_window_patches or 0,
        hidden_size=row.encoder_hidden_size,
        ffn_size=row.encoder_ffn_size,
        ffn_gated=bool(row.encoder_ffn_gated),
    )


def _as_given(tokens: float, row: ImageRule | None) -> Grid:
    """An image whose tokens the question says; its patches by the family's unit, where there is one."""
    if row is None:
        return Grid(round(tokens), 0)
    cut = cut_of(row)
    return grid_of(cut, 1, 1) if row.rule == "fixed" else Grid(round(tokens), round(tokens * cut.patches_across**2))


def _by_rule(
    question: ServingQuestion, row: ImageRule, catalog: Snapshot, when: datetime
) -> tuple[Grid, Finding[None]]:
    """An image cut by its family's rule, and the size that was taken."""
    cut = cut_of(row)
    if row.rule == "fixed":
        return grid_of(cut, 1, 1), NONE_READ
    width, sized = question.image_size, NONE_READ
    if width is None:
        default = catalog.default(SIDE, when)
        assert default.value is not None
        width = round(default.value)
        said = Assumption("image_size", width, "px", why="not given: a picture of middling size, square")
        sized = Finding(None, (said,), (catalog.ref("defaults", default),))
    height = width if question.image_height is None else question.image_height
    if max(height, width) > MOST_OBLONG * min(height, width):
        hint = f"at most {MOST_OBLONG} times as long as wide"
        raise OutOfDomain(f"an image of {width} x {height} is too oblong", pointer="/image_height", hint=hint)
    return grid_of(cut, height, width), sized


def _told(
    question: ServingQuestion, row: ImageRule | None, grid: Grid, sized: Finding[None], catalog: Snapshot
) -> Finding[PromptImages | None]:
    """All images of a request, with the rule that counted them."""
    count, encoder, said = question.images, encoder_of(row), list(sized.assumptions)
    tokens = grid.tokens if question.image_tokens is None else question.image_tokens
    if question.image_tokens is None and row is not None:
        why = f"of one image, by the rule of {row.family} ({row.rule})"
        said.append(Assumption("image_tokens", tokens, "tokens", basis="catalog", why=why, source_url=row.source_url))
    flop = encoding_flop(encoder, grid.patches) if encoder is not None else 0.0
    if flop:
        why = f"of one image: {grid.patches} patches through the encoder, in 16 bits, beside the prompt"
        said.append(Assumption("image_encoding_flop", flop, "FLOP", basis="derived", why=why))
    is_sized = question.image_tokens is None and row is not None and row.rule != "fixed"
    refs = (catalog.ref(TABLE, row),) if row is not None else ()
    images = PromptImages(count * tokens, count * flop, is_sized)
    found: Finding[PromptImages | None] = Finding(images, tuple(said), sized.rows + refs)
    if flop:
        return found
    return warned(found, "image-encoder-unknown", "the pass of the encoder that reads the images is not counted")
