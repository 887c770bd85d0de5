"""How much of a peak rate a training job gets: whole-job MFU as fitted factors, moved by the runs most like it.

Two steps, both fitted by benchmarks/fit_training.py on published runs and kept as catalogue rows, never set by hand: a
ridge regression of ln(MFU) on a few facts known before a run (`fitted_factors`), and simple kriging of its residuals
(`efficiency_anchors`), so that a job close to known ones leans on them and a job unlike any keeps the factors and a
wider range. What is fitted is model FLOP over (billed accelerator-hours x dense 16-bit peak): restarts, evaluation and
stalls are inside. Left aside: a first-principles model of kernels and networks, which knows nothing of stalls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10, sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

REFERENCE_PARAMS = 1e10
REFERENCE_COUNT = 300.0
REFERENCE_YEAR = 2023.0
"""The job at which every continuous term is zero: 10 B active parameters, 300 accelerators, start of 2023."""
ONE_NODE = 8
"""Up to so many accelerators sit in one box and hardly wait for each other."""
CROWDED_PARAMS_PER_ACCELERATOR = 10**7.5
"""Below so many parameters per accelerator a benchmark is stretched thin: steps too short to hide communication."""
NARROW = frozenset({"fp8", "int8", "fp4", "mxfp4", "int4"})
"""Precisions of fewer than 16 bits."""
UNSAID_COUNT = 512.0
"""How far an unsaid number of accelerators is from others: as if it were the middle of the published runs."""


Mfu = TypeVar("Mfu", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job before it runs, as far as its efficiency depends on it; None where it is not known."""

    hardware: str
    """Accelerator class: hopper, ampere, ada, blackwell, tpu, tpu_early, pre_ampere, other."""
    architecture: str
    """transformer, moe, encoder, encoder_decoder, ssm, ..."""
    precision: str
    kind: str
    """pretrain, benchmark, throughput, finetune, lora, rl; a tuned fine-tuning is both: lora/benchmark."""
    params: float | None
    """Active parameters."""
    accelerator_count: float | None
    tokens: float | None
    year: float


def efficiency_terms(job: Job) -> dict[str, float]:
    """The regressors of a job: 1 for each class it is in, decades or years from the reference for the rest.

    Returns: term -> value; a factor f of a term counts f^value
    """
    terms = {"base": 1.0, f"hardware:{job.hardware}": 1.0}
    terms |= {f"kind:{kind}": 1.0 for kind in job.kind.split("/") if kind != "pretrain"}
    if job.architecture != "transformer":
        terms[f"architecture:{job.architecture}"] = 1.0
    if job.precision in NARROW:
        terms["precision:8bit"] = 1.0
    elif job.precision in ("fp32", "tf32"):
        terms["precision:32bit"] = 1.0
    if job.params:
        terms["params:per_decade"] = log10(job.params / REFERENCE_PARAMS)
    if job.accelerator_count:
        terms["count:per_decade"] = log10(job.accelerator_count / REFERENCE_COUNT)
        if job.accelerator_count <= ONE_NODE:
            terms["count:one_node"] = 1.0
        if "benchmark" in job.kind and job.params:
            each = job.params / job.accelerator_count
            terms["crowding:per_decade"] = min(0.0, log10(each / CROWDED_PARAMS_PER_ACCELERATOR))
    else:
        terms["count:unsaid"] = 1.0
    terms["year:per_year"] = job.year - REFERENCE_YEAR
    return terms


def fitted_mfu(factors: Mapping[str, float], terms: Mapping[str, float]) -> float:
    """Median whole-job MFU of a job by the factors alone.

    MFU = prod_k f_k^(x_k)

    Args:    factors: term -> fitted factor, > 0; a term without a factor counts 1
             terms: `efficiency_terms(job)`
    Returns: fraction of the dense 16-bit peak, for model FLOP
    Source:  benchmarks/fit_training.py; rule in docs/scoreboard.md
    """
    product = 1.0
    for term, value in terms.items():
        factor = factors.get(term)
        if factor is not None:
            product *= factor**value
    return product


def reachable_mfu(mfu: Mfu, ceiling: float) -> Mfu:
    """An MFU, or an array of them, kept below what a machine can reach: itself while small, bending under the ceiling.

    m' = m / (1 + (m / c)^6)^(1/6)

    Args:    mfu: m, > 0; ceiling: c, > 0
    Returns: fraction < ceiling
    """
    bent: Mfu = mfu / (1 + (mfu / ceiling) ** 6) ** (1 / 6)
    return bent


@dataclass(frozen=True, slots=True)
class Kernel:
    """How alike two jobs are: k = signal^2 exp(-d / 2), d the sum of squared distances and penalties below."""

    scales: Mapping[str, float]
    """Distance of 1 in: params, tokens and count (decades), year (years)."""
    penalties: Mapping[str, float]
    """Added to d where two jobs differ in: hardware, kind, architecture, precision."""
    signal: float
    """Log-sd of what jobs alike have in common."""
    noise: float
    """Log-sd of what only chance tells."""


class Neighbours:
    """Published runs with what the factors left unexplained of each; asked what a job near them has to expect."""

    def __init__(self, jobs: Sequence[Job], residuals: Sequence[float], kernel: Kernel) -> None:
        """Solve the kriging system once.

        Args:    jobs: n published runs; residuals: ln(observed / fitted MFU) of each, length n
        """
        self._kernel = kernel
        self._numbers = np.array([self._place(job) for job in jobs]).reshape(len(jobs), 4)
        self._words = [[_words(job)[i] for job in jobs] for i in range(4)]
        self._unlike: dict[tuple[str, ...], NDArray[np.float64]] = {}
        covariance = np.array([self._likeness(job) for job in jobs]).reshape(len(jobs), len(jobs))
        self._inverse = np.linalg.inv(covariance + kernel.noise**2 * np.eye(len(jobs)))
        self._weights = self._inverse @ np.asarray(residuals, dtype=np.float64)

    def expected(self, job: Job) -> tuple[float, float, NDArray[np.float64]]:
        """What a job near these has to expect beyond the factors.

        r* = k' A^-1 r;  s*^2 = signal^2 + noise^2 - k' A^-1 k

        Returns: (mean of ln(actual / fitted MFU), its sd, likeness to each published run, shape (n,))
        Source:  Cressie 1993, Statistics for Spatial Data, section 3.4 (simple kriging)
        """
        like = self._likeness(job)
        mean = float(like @ self._weights)
        variance = (
            self._kernel.signal**2 + self._kernel.noise**2 - float(np.einsum("i,ij,j", like, self._inverse, like))
        )
        return mean, sqrt(max(variance, self._kernel.noise**2)), like

    def expected_means(
        self, job: Job, params: NDArray[np.float64], counts: NDArray[np.float64], tokens: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The mean that `expected` has, of many jobs that are alike in words and year.

        Args:    job: the words and the year; params, counts, tokens: of each job, shape (m,)
        Returns: mean of ln(actual / fitted MFU), shape (m,)
        """
        scales, places = self._kernel.scales, self._numbers[:, :3]
        numbers = np.stack(
            [
                np.log10(each) / scales[name]
                for name, each in (("params", params), ("tokens", tokens), ("count", counts))
            ],
            axis=1,
        )
        apart = self._unlikeness(_words(job)) + (self._numbers[:, 3] - job.year / scales["year"]) ** 2
        apart = -0.5 * (apart + (places**2).sum(axis=1))
        found = np.empty(len(numbers))
        for start in range(0, len(numbers), _TOGETHER):
            some = numbers[start : start + _TOGETHER]
            near = some @ places.T  # -d / 2 = x a - (x^2 + a^2 + penalties) / 2
            near += apart
            near -= 0.5 * (some**2).sum(axis=1)[:, None]
            found[start : start + _TOGETHER] = np.exp(near, out=near) @ self._weights
        return self._kernel.signal**2 * found

    def _place(self, job: Job) -> tuple[float, ...]:
        scales = self._kernel.scales
        return (
            log10(job.params or REFERENCE_PARAMS) / scales["params"],
            log10(job.tokens or 1e12) / scales["tokens"],
            log10(job.accelerator_count or UNSAID_COUNT) / scales["count"],
            job.year / scales["year"],
        )

    def _likeness(self, job: Job) -> NDArray[np.float64]:
        apart = self._numbers - self._place(job)
        distance = np.einsum("ij,ij->i", apart, apart) + self._unlikeness(_words(job))
        likeness: NDArray[np.float64] = self._kernel.signal**2 * np.exp(-0.5 * distance)
        return likeness

    def _unlikeness(self, words: tuple[str, ...]) -> NDArray[np.float64]:
        """Penalties between a job of these words and each published run, shape (n,)."""
        if words not in self._unlike:
            unlike = np.zeros(len(self._numbers))
            for name, ours, theirs in zip(_WORDS, words, self._words, strict=True):
                unlike += self._kernel.penalties[name] * np.array([word != ours for word in theirs], dtype=float)
            self._unlike[words] = unlike
        return self._unlike[words]


_TOGETHER = 4096
"""Jobs reckoned at once: their distances to every published run stay in a processor's cache."""
_WORDS = ("hardware", "kind", "architecture", "precision")


def _words(job: Job) -> tuple[str, str, str, str]:
    return job.hardware, job.kind, job.architecture, job.precision
