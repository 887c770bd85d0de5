"""Losses of a generator against a critic: GAN, Wasserstein, hinge and least-squares forms, and the gradient penalty."""

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, row_norms, sigmoid, softplus

FORMS = ("non_saturating", "wasserstein", "hinge", "least_squares")


def gan(block: Block) -> Array:
    """A critic's scores of real and generated data, from the critic's side or from the generator's.

        critic:     non_saturating  softplus(-real) + softplus(fake)
                    wasserstein     fake - real
                    hinge           max(0, 1 - real) + max(0, 1 + fake)
                    least_squares   ((real - 1)^2 + fake^2) / 2
        generator:  softplus(-fake);  -fake;  -fake;  (fake - 1)^2 / 2

    Gradient: of each term in its own score.
    Domain: any real scores; the generator's side takes no real ones.
    Kinks: a score of exactly 1 or -1 in the hinge, where 0 is returned.
    Aligned with: critic: the log-ratio of densities (non_saturating), a witness of the distance (wasserstein).
    Pitfalls: real and fake are averaged together, pair by pair: as many of each; wasserstein needs a Lipschitz bound,
        by clipping or the gradient penalty; non_saturating is binary_cross_entropy on logits, labels 1 and 0, added.
    Source: Goodfellow et al. (2014), section 3; Arjovsky et al., Wasserstein GAN (2017); Lim and Ye (2017); Mao et al.,
        Least squares GAN (2017).
    """
    fake, form = block.predictions["fake"], block["form"]
    if block["player"] == "generator":
        values, slope = _generator(fake, form)
        block.give(slope, "fake")
        return values
    real = block.predictions["real"]
    if form == "hinge" and block.slots:
        block.notes.mark("subgradient_at_kink", (real == 1.0) | (fake == -1.0))
    (one, one_slope), (other, other_slope) = _critic(-real, form), _critic(fake, form)
    block.give(-one_slope, "real")
    block.give(other_slope, "fake")
    if form == "least_squares":
        block.give(real - 1.0, "real")
        one = 0.5 * (real - 1.0) ** 2
    return one + other


def _critic(u: Array, form: str) -> tuple[Array, Array]:
    """What a score on the wrong side costs: of fake u, of real -u."""
    if form == "wasserstein":
        return u, np.ones_like(u)
    if form == "hinge":
        return np.maximum(1.0 + u, 0.0), (u > -1.0).astype(np.float64)
    if form == "least_squares":
        return 0.5 * u * u, u
    return softplus(u), sigmoid(u)


def _generator(fake: Array, form: str) -> tuple[Array, Array]:
    if form == "least_squares":
        return 0.5 * (fake - 1.0) ** 2, fake - 1.0
    if form == "non_saturating":
        return softplus(-fake), -sigmoid(-fake)
    return -fake, np.full(fake.shape, -1.0)


def prepare_gan(batch: Batch, reader: Reader) -> Batch:
    """Real scores for the critic, and for it alone."""
    critic = batch.params["player"] == "critic"
    if critic and "real" not in batch.predictions:
        reader.refuse("predictions/real", "the critic's side needs real scores", "or params.player generator")
    if not critic and "real" in batch.predictions:
        reader.refuse("predictions/real", "the generator's side takes no real scores", "drop them")
    return batch


def gan_properties(params: Params) -> Properties:
    """Convex in the scores, each form by itself."""
    form = params["form"]
    linear = form == "wasserstein" or (form == "hinge" and params["player"] == "generator")
    smooth = {"non_saturating": 0.25, "wasserstein": 0.0, "least_squares": 1.0}
    return Properties(
        differentiable=form != "hinge" or linear,
        convex_in_predictions=True,
        lipschitz=None if form == "least_squares" else 2.0**0.5,
        smooth=0.0 if linear else smooth.get(form),
        bounded_below=None if linear else 0.0,
        aligned_with="a density ratio, or a distance of distributions",
    )


def gradient_penalty(block: Block) -> Array:
    """How far the length of a critic's input gradient is from where it should be, given that gradient.

        L = coef (|g| - center)^2,  |g| over all entries of a sample

    Gradient: 2 coef (|g| - center) g / |g|.
    Domain: the critic's gradient in its input, samples along axis 0; coef > 0; center >= 0 (1: WGAN-GP, 0: R1 and R2).
    Kinks: g = 0 with a center above 0, where 0 is returned.
    Aligned with: critics of that slope.
    Pitfalls: WGAN-GP takes the gradient at points between real and generated data; R1's coefficient is gamma/2.
    Source: Gulrajani et al., Improved training of Wasserstein GANs (2017), equation 3; Mescheder et al. (2018).
    """
    size = row_norms(block.p)
    far = size - block["center"]
    if block.wants():
        block.notes.mark("subgradient_at_kink", (size == 0.0) & (block["center"] > 0.0))
        pull = 2.0 * block["coef"] * far / np.where(size > 0.0, size, 1.0)
        block.give(block.p * pull[:, None])
    values: Array = block["coef"] * far * far
    return values


def gradient_penalty_properties(params: Params) -> Properties:
    """Convex only around 0."""
    plain = params["center"] == 0.0
    return Properties(
        differentiable=plain,
        convex_in_predictions=plain,
        lipschitz=None,
        smooth=2.0 * params["coef"] if plain else None,
        bounded_below=0.0,
        aligned_with="critics of that slope",
    )
