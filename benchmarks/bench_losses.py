"""Value and gradient of our losses against PyTorch CPU float64, in one process, on the same number of threads.

    python -m venv .peers/torch && .peers/torch/bin/pip install torch==2.13.0 numpy
    .peers/torch/bin/python benchmarks/bench_losses.py [--threads 2] [--repeats 5] [--sizes 10000,1000000,10000000]

Ours is the whole in-process question (read, checked, diagnosed, answered) on NumPy arrays; PyTorch's is the functional
loss and its backward pass. Each figure is the best of several alternating rounds; the ratio is ours over PyTorch's.
On one thread it is that thread's processor time, which a busy machine disturbs less; set OPENBLAS_NUM_THREADS=1 then.
`vocabulary` is the value alone, of float64 logits of 151,936 classes.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name everyone knows it by

from mlquote.losses.blocks import Machine
from mlquote.losses.objective import evaluate

CLASSES, WIDTH, ROWS, DIMENSIONS, VOCABULARY = 100, 128, 2048, 256, 151_936


def tensor(array: Any, *, grad: bool = False) -> torch.Tensor:
    """An array as a tensor sharing its memory."""
    return torch.from_numpy(array).requires_grad_(grad)


def focal(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """torchvision.ops.sigmoid_focal_loss, gamma 2, alpha 0.25, mean."""
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    p_t = p * y + (1 - p) * (1 - y)
    loss = ce * ((1 - p_t) ** 2)
    return ((0.25 * y + 0.75 * (1 - y)) * loss).mean()


def info(q: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over cosine similarities at temperature 0.07."""
    s = F.normalize(q, dim=1) @ F.normalize(k, dim=1).T / 0.07
    return F.cross_entropy(s, torch.arange(len(q)))


def cases(size: int, draw: Any) -> dict[str, tuple[dict[str, Any], Callable[..., torch.Tensor], list[Any], list[Any]]]:
    """Each case: our question, PyTorch's loss, and its arguments with and without gradient."""
    x, y = draw.normal(size=size), draw.normal(size=size)
    labels = (draw.random(size) < 0.3).astype(np.float64)
    rows = size // CLASSES
    z, c = draw.normal(size=(rows, CLASSES)), draw.integers(0, CLASSES, rows)
    log_q = torch.log_softmax(torch.from_numpy(z), 1).numpy()
    t = torch.softmax(torch.from_numpy(draw.normal(size=(rows, CLASSES))), 1).numpy()
    a, p, n = (draw.normal(size=(size // WIDTH, WIDTH)) for _ in range(3))
    binary = {"predictions": x, "targets": labels, "input_form": "logits"}
    return {
        "mse": ({"loss": "mse", "predictions": x, "targets": y}, F.mse_loss, [x], [y]),
        "bce": (
            {"loss": "binary_cross_entropy", **binary},
            F.binary_cross_entropy_with_logits,
            [x],
            [labels],
        ),
        "focal": ({"loss": "focal", **binary, "params": {"alpha": 0.25}}, focal, [x], [labels]),
        "cross_entropy": (
            {"loss": "cross_entropy", "predictions": z, "targets": c, "input_form": "logits"},
            F.cross_entropy,
            [z],
            [c],
        ),
        "kl": (
            {
                "loss": "kl_divergence",
                "predictions": log_q,
                "targets": t,
                "input_form": "log_probabilities",
                "reduction": "batchmean",
            },
            lambda q, target: F.kl_div(q, target, reduction="batchmean"),
            [log_q],
            [t],
        ),
        "triplet": (
            {"loss": "triplet", "predictions": {"anchor": a, "positive": p, "negative": n}},
            F.triplet_margin_loss,
            [a, p, n],
            [],
        ),
    }


def embeddings(draw: Any) -> dict[str, Any]:
    """InfoNCE over 2048 x 2048 similarities of 256 dimensions."""
    q, k = draw.normal(size=(ROWS, DIMENSIONS)), draw.normal(size=(ROWS, DIMENSIONS))
    question = {"loss": "infonce", "predictions": {"queries": q, "keys": k}, "params": {"variant": "paired"}}
    return {"infonce": (question, info, [q, k], [])}


def vocabulary(draw: Any) -> dict[str, Any]:
    """Cross-entropy of 256 tokens over a vocabulary, without a gradient."""
    z, c = draw.normal(size=(256, VOCABULARY)), draw.integers(0, VOCABULARY, 256)
    question = {"loss": "cross_entropy", "predictions": z, "targets": c, "input_form": "logits"}
    return {"vocabulary": (question, F.cross_entropy, [], [z, c])}


def seconds(work: Callable[[], Any], clock: Callable[[], float]) -> float:
    """How long one call takes."""
    start = clock()
    work()
    return clock() - start


def measured(case: Any, machine: Machine, repeats: int, least: float = 0.2) -> tuple[float, float, float]:
    """Best seconds of ours and of PyTorch's, alternating, and the relative difference of the two costs."""
    question, loss, wanted, fixed = case
    clock = time.thread_time if machine.threads == 1 else time.perf_counter
    question = {**question, "gradient": bool(wanted), "return_per_example": False}
    constants = [tensor(array) for array in fixed]

    def ours() -> Any:
        return evaluate(question, machine)

    def theirs() -> Any:
        leaves = [tensor(array, grad=True) for array in wanted]
        value = loss(*leaves, *constants)
        if leaves:
            value.backward()
        return value.item(), [leaf.grad for leaf in leaves]

    mine, reference = ours()["cost"], theirs()[0]
    best, spent, rounds = [math.inf, math.inf], 0.0, 0
    while rounds < repeats or spent < least:
        for place, work in enumerate((ours, theirs)):
            took = seconds(work, clock)
            best[place], spent = min(best[place], took), spent + took
        rounds += 1
    return best[0], best[1], abs(mine - reference) / abs(reference)


def main() -> None:
    """Print every case's ratio, their geometric mean and the worst."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sizes", default="10000,1000000,10000000")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pool = ThreadPoolExecutor(max(1, options.threads - 1)) if options.threads > 1 else None
    machine, draw, ratios = Machine(options.threads, pool), np.random.default_rng(0), []
    print(f"torch {torch.__version__}, NumPy {np.__version__}, float64, {options.threads} threads")
    print(f"{'case':16}{'entries':>10}{'ours ms':>11}{'torch ms':>11}{'ratio':>8}{'cost differs':>14}")
    for size in [int(part) for part in options.sizes.split(",")] + [0]:
        for name, case in (cases(size, draw) if size else embeddings(draw) | vocabulary(draw)).items():
            if options.only and name not in options.only.split(","):
                continue
            mine, theirs, gap = measured(case, machine, options.repeats)
            ratios.append(mine / theirs)
            entries = size or (256 * VOCABULARY if name == "vocabulary" else ROWS * ROWS)
            print(f"{name:16}{entries:>10}{mine * 1e3:>11.3f}{theirs * 1e3:>11.3f}{ratios[-1]:>8.2f}{gap:>14.1e}")
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"geometric mean {mean:.2f} (goal 0.75), worst {max(ratios):.2f} (goal 1.5)")


if __name__ == "__main__":
    main()
