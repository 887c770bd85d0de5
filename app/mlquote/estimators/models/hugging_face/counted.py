"""Every type that is counted whole, with its kind."""

from collections.abc import Callable

from mlquote.estimators.models.hugging_face.denoisers import DENOISERS
from mlquote.estimators.models.hugging_face.diffusion_transformers import DIFFUSION_TRANSFORMERS
from mlquote.estimators.models.hugging_face.encoders import ENCODERS
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.hearing import HEARING
from mlquote.estimators.models.hugging_face.translators import TRANSLATORS
from mlquote.estimators.models.hugging_face.vision import VISION

Count = Callable[[Fields], int]
COUNTS: dict[str, tuple[str, Count]] = {
    **{name: ("encoder", count) for name, count in ENCODERS.items()},
    **{name: ("encoder_decoder", count) for name, count in TRANSLATORS.items()},
    **{name: ("other", count) for name, count in (DENOISERS | DIFFUSION_TRANSFORMERS | VISION | HEARING).items()},
}
