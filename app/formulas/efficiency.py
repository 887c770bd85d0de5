"""How much of a peak rate a training job gets: whole-job MFU as a product of fitted factors, with its doubt.

The rule is a ridge regression of ln(MFU) on a few facts known before a run; its coefficients are catalogue rows
(`fitted_factors`), written by benchmarks/fit_training.py from the published runs, never by hand. What is fitted is
model FLOP over (billed accelerator-hours x dense 16-bit peak): restarts, evaluation and stalls are inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log10

REFERENCE_PARAMS = 1e10
REFERENCE_COUNT = 300.0
REFERENCE_YEAR = 2023.0
"""The job at which every continuous term is zero: 10 B active parameters, 300 accelerators, start of 2023."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job before it runs, as far as its efficiency depends on it; None where it is not known."""

    hardware: str
    """Accelerator class: "hopper", "ampere", "tpu", "pre_ampere", "blackwell", "other"."""
    architecture: str
    precision: str
    kind: str
    """"pretrain", "benchmark", "throughput", "finetune", "lora", "rl"."""
    params: float | None
    accelerator_count: float | None
    year: float


def efficiency_terms(job: Job) -> dict[str, float]:
    """The regressors of a job: 1 for each class it is in, decades or years from the reference for the rest.

    Args:    job: as above
    Returns: term -> value; terms that are zero are left out
    """
    terms = {"base": 1.0, f"hardware:{job.hardware}": 1.0, f"kind:{job.kind}": 1.0}
    if job.architecture:
        terms[f"architecture:{job.architecture}"] = 1.0
    if job.precision in ("fp8", "int8", "fp4", "mxfp4"):
        terms["precision:8bit"] = 1.0
    elif job.precision in ("fp32", "tf32"):
        terms["precision:32bit"] = 1.0
    if job.params:
        terms["params:per_decade"] = log10(job.params / REFERENCE_PARAMS)
    if job.accelerator_count:
        terms["count:per_decade"] = log10(job.accelerator_count / REFERENCE_COUNT)
    terms["year:per_year"] = job.year - REFERENCE_YEAR
    return terms


def fitted_mfu(factors: Mapping[str, float], terms: Mapping[str, float]) -> float:
    """Median whole-job MFU of a job.

    MFU = prod_k f_k^(x_k)

    Args:    factors: term -> fitted factor, > 0; a term without a factor counts 1
             terms: `efficiency_terms(job)`
    Returns: fraction of the dense 16-bit peak, for model FLOP
    Source:  benchmarks/fit_training.py; rule in docs/training_efficiency.md
    """
    product = 1.0
    for term, value in terms.items():
        factor = factors.get(term)
        if factor is not None:
            product *= factor**value
    return product


def confident_mfu(mfu: float, ceiling: float = 0.9) -> float:
    """An MFU kept below what a machine can reach: linear when small, bending under the ceiling.

    m' = c (1 - exp(-m / c))

    Args:    mfu: > 0; ceiling: c
    Returns: fraction < ceiling
    """
    return ceiling * (1 - exp(-mfu / ceiling))
