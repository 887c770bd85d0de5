"""Continuous batching: what a replica delivers, how long tokens take, and what it draws, at a number of sequences.

One cycle holds it together: a request stays for its first token and for each later one, so that throughput, first token
and pace cannot contradict (Little). Each output token also pays for input/output prompt tokens, because prompts enter
the same machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mlquote.formulas.serving.roofline import (
    Law,
    Lengths,
    StepTime,
    decode_step,
    prefill_s_per_token,
    raised,
)

Test = Callable[[float], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an engine behaves around its steps: fitted constants, resolved for one engine and scenario."""

    fixed_batch: float
    """1 where all prompts are there at once and run as one batch to the end; 0 where requests come and go."""
    median_stall_fraction: float
    """Share of the prompt work between two tokens that their median shows: a median does not see rare stalls."""
    first_token_s: float
    """Fixed part of the time to the first token: admission, tokenising, scheduling."""
    first_token_layer_s: float
    """Part of it per layer: prompts run without captured graphs."""
    crowding: float
    crowding_exponent: float
    """Other prompts in front: crowding x prefill x (b - 1)^exponent."""
    step_wait: float
    """Steps that a prompt waits for in a running batch."""
    interruption: float
    """Share of a prompt's fixed part for which the running batch stands still: engines that run prompts in passes of
    their own."""
    first_wave: float
    """What the first wave of requests adds to the mean time to the first token, over the median: they all come at once,
    to an engine that is still cold. The longer a run, the less."""
    idle_draw: float
    memory_draw: float
    compute_draw: float
    memory_exponent: float
    compute_exponent: float
    group_exponent: float
    """Draw over TDP: idle + (memory u_m^x + compute u_c^y) T^-z."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The requests one replica works on; means, so fractions are allowed."""

    input_tokens: float
    """Prompt tokens that are computed: cached prefixes left out."""
    output_tokens: float
    tokens_per_sequence: float = 1.0
    """Tokens verified at once (speculation: drafted + 1)."""
    tokens_per_step: float = 1.0
    """Tokens gained per sequence and step (speculation: accepted + 1)."""
    draft_factor: float = 1.0
    """Step time with drafting over without."""

    @property
    def later_tokens(self) -> float:
        """Output tokens after the first; none of a mean below one."""
        return (self.output_tokens - 1 + abs(self.output_tokens - 1)) / 2


class Pace(NamedTuple):
    """A replica at work with some sequences."""

    step: StepTime
    step_s: float
    """Time per output token of one sequence, prompts apart."""
    prompt_s: float
    """Prompt work that falls on each such step."""
    prompt_token_s: float

    @property
    def cycle_s(self) -> float:
        """Time per output token of one sequence, prompts included."""
        return self.step_s + self.prompt_s


def pace(law: Law, lengths: Lengths, traffic: Traffic, sequences: float) -> Pace:
    """How fast a replica goes with `sequences` in its batch.

    cycle = step(b) + b (input / output) t_prompt_token

    Args:    law, lengths: as `decode_step`; traffic: mean request; sequences: b >= 1
    Source:  Agrawal et al. 2024, Sarathi-Serve, section 3 (prompts stall decodes of the same batch)
    """
    step = decode_step(law, lengths, sequences, traffic.tokens_per_sequence)
    step_s = step.total_s * traffic.draft_factor / traffic.tokens_per_step
    token_s = prefill_s_per_token(law, lengths)
    return Pace(step, step_s, sequences * traffic.input_tokens / traffic.output_tokens * token_s, token_s)


def engine_s(habits: Habits, layers: float) -> float:
    """Fixed part of a prompt's pass: admission, and launches without captured graphs.

    Args:    layers: of the model; those with experts count as many times as they launch more kernels
    Returns: seconds
    """
    return habits.first_token_s + habits.first_token_layer_s * layers


def tpot_s(at: Pace, habits: Habits, traffic: Traffic, *, sequences: float, layers: float) -> float:
    """Mean time per output token after the first: the step, and the prompts of the others that interrupt it.

    TPOT = step(b) + prompts (1 - 1/b) + i engine p / (1 + p),  p = (b - 1) / out;  the step alone in a fixed batch

    Between two tokens come p prompts of others, in one pass of their own at most, which costs its fixed part too.

    Args:    at: the pace at `sequences`; sequences: b >= 1; layers: as `engine_s`
    Returns: seconds
    """
    others = (sequences - 1) / traffic.output_tokens
    passes = habits.interruption * engine_s(habits, layers) * others / (1 + others)
    return at.step_s + (1 - habits.fixed_batch) * (at.prompt_s * (1 - 1 / sequences) + passes)


def inter_token_median_s(at: Pace, habits: Habits, sequences: float) -> float:
    """Median time between two tokens: the step, and the little of the prompts' stalls that a median sees.

    Args:    at: the pace at `sequences`; sequences: b >= 1
    Returns: seconds
    """
    seen = (1 - habits.fixed_batch) * habits.median_stall_fraction
    return at.step_s + seen * at.prompt_s * (1 - 1 / sequences)


def tail_tpot_s(mean_s: float, alone_s: float, tail_factor: float) -> float:
    """Time per output token that 99 % of the requests stay below: what crowding adds to the mean, times a factor.

    t_99 = t(1) + k (t(b) - t(1))

    Args:    mean_s: t(b); alone_s: t(1), one sequence alone; tail_factor: k, fitted on runs held to p99 targets
    Returns: seconds
    """
    return alone_s + tail_factor * (mean_s - alone_s)


def prefill_s(at: Pace, traffic: Traffic) -> float:
    """Work of one prompt, alone on the replica."""
    return at.prompt_token_s * traffic.input_tokens


def ttft_s(habits: Habits, warm_s: float, sequences: float) -> float:
    """Mean time to the first token over a run, as much of its first wave as `habits` count; waits for room apart.

    TTFT = warm [1 + w (1 - 1/b)]; the warm time alone in a fixed batch

    Args:    warm_s: as `warm_ttft_s`; sequences: b >= 1
    Returns: seconds
    Source:  means beside medians of sgl-cookbook: alike at one sequence, 1.6 times as much at 14 and more
    """
    return warm_s * (1 + (1 - habits.fixed_batch) * habits.first_wave * (1 - 1 / sequences))


def warm_ttft_s(habits: Habits, traffic: Traffic, at: Pace, *, each_s: float, sequences: float, layers: float) -> float:
    """Median time to the first token of a warm engine with `sequences` in the batch, waits for room apart.

    fixed + layers x per-layer + prefill + others in front + w TPOT (1 - 1/b)
    others = prefill [(b - 1) / out + crowding (b - 1)^c (1 - 1/out)]; (b - 1) prefill in a fixed batch

    What an output of one token leaves to nobody else, (b - 1) / out, keeps the machine from working on more prompts
    than it can. In a fixed batch no first token comes before all prompts are through.

    Args:    at: the pace at `sequences`; each_s: TPOT, as `tpot_s`; sequences: b >= 1
             layers: of the model; those with experts count as many times as they launch more kernels
    Returns: seconds
    """
    prompt, fixed = prefill_s(at, traffic), habits.fixed_batch
    later = traffic.later_tokens / traffic.output_tokens
    crowd = habits.crowding * raised(sequences - 1, habits.crowding_exponent) * later
    others = fixed * (sequences - 1) + (1 - fixed) * ((sequences - 1) * (1 - later) + crowd)
    wait = (1 - fixed) * habits.step_wait * each_s * (1 - 1 / sequences)
    return engine_s(habits, layers) + prompt * (1 + others) + wait


def residence_s(traffic: Traffic, first_s: float, each_s: float) -> float:
    """How long a request stays in the batch.

    residence = TTFT + (out - 1) TPOT

    Args:    first_s: TTFT, waits for room apart; each_s: TPOT
    Returns: seconds
    """
    return first_s + traffic.later_tokens * each_s


def tokens_per_s(traffic: Traffic, sequences: float, residence: float) -> float:
    """Output tokens per second of one replica.

    b out / residence

    Args:    sequences: b; residence: seconds that each of them stays
    Source:  Little 1961, A Proof for the Queuing Formula L = lambda W
    """
    return sequences * traffic.output_tokens / residence


def draw_fraction(law: Law, habits: Habits, traffic: Traffic, at: Pace, *, sequences: float, width: float) -> float:
    """Chip power over TDP of an accelerator at work.

    f = idle + (m u_memory^x + c u_compute^y) T^-z, held below 1 by (f^-8 + 1)^(-1/8)

    Args:    law: as `decode_step`; at: the pace at `sequences`; width: accelerators of a replica (T)
    Returns: fraction of TDP
    Source:  fitted by benchmarks/fit_serving.py on measured GPU power (ML.ENERGY v3)
    """
    cycle = at.cycle_s * traffic.tokens_per_step
    memory = (at.step.weights_s + at.step.cache_s) / cycle
    ratio = traffic.input_tokens / traffic.output_tokens
    flop = law.flop_per_token * sequences * (traffic.tokens_per_sequence + ratio * traffic.tokens_per_step)
    compute = flop / (law.flop_per_s * cycle)
    busy = habits.memory_draw * raised(memory, habits.memory_exponent)
    busy = busy + habits.compute_draw * raised(compute, habits.compute_exponent)
    fraction = habits.idle_draw + busy * raised(width, -habits.group_exponent)
    return raised(raised(fraction, -8.0) + 1, -1 / 8)


def largest(ok_at: Test, most: float, *, steps: int = 24) -> float:
    """The largest number of sequences in [1, most] that passes a test which only fewer sequences pass; 0 if none does.

    Args:    ok_at: monotone test, true for few; most: upper end, >= 1
    Source:  bisection on the logarithm
    """
    if not ok_at(1.0):
        return 0.0
    if ok_at(most):
        return most
    low, high = 1.0, most
    for _ in range(steps):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if ok_at(middle) else (low, middle)
    return low
