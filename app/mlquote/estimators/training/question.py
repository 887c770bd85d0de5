"""What may be asked about a training run: what, how much, on what, where and at what price."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.asking.machine_words import words_apart
from mlquote.estimators.asking.question import (
    Dtype,
    Fraction,
    Moment,
    Name,
    NonNegative,
    Params,
    Positive,
    PositiveCount,
    Question,
    Share,
    Usd,
    WrittenPremises,
    any_case,
)
from mlquote.estimators.machines.own_part import AcceleratorFigures
from mlquote.estimators.models.architecture import Architecture
from mlquote.estimators.models.flop import ADAPTED, Method


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.strip().isdigit() else value


def _listed(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


_list = BeforeValidator(_listed)
_digit = BeforeValidator(_number)
Optimizer = Literal[
    "adam", "adam_bf16_gradients", "adam_fp32", "adam_bf16", "adam_bf16_in_backward", "adam_8bit", "adam_8bit_bf16",
    "adam_8bit_in_backward", "adam_paged", "adam_8bit_paged", "adam_8bit_paged_in_backward", "adam_offloaded", "muon",
    "sgd",
]  # fmt: skip
MemoryConvention = Literal["parts", "deepspeed"]
DEFAULT_PRECISION: Dtype = "bf16"
"""What matrix products are computed in where nobody says."""


class TrainingQuestion(Question):
    """A training run, planned or done: say what is known, and the rest is looked up, derived or stated as unknown."""

    model: Name | None = None
    """Catalogue id or alias of a known model."""
    params: Params | None = None
    """All parameters."""
    active_params: Params | None = None
    """Parameters that one token uses (mixtures of experts)."""
    architecture: Architecture | None = None
    """Sizes given one by one; what is missing is derived."""
    hf_config: dict[str, Any] | None = None
    """A Hugging Face config.json as it is."""

    tokens: Positive | None = None
    """Training tokens in one pass; times `epochs` are seen."""
    samples: Positive | None = None
    """Training samples in one pass: images, or texts of `sequence_length` tokens."""
    training_flop: Positive | None = None
    """Model FLOP of the whole run, where it is already known."""
    epochs: Annotated[Positive, Field(le=1e6)] = 1.0
    """Passes over the tokens."""
    sequence_length: Annotated[PositiveCount, Field(le=10**9)] | None = None
    """Tokens that attend to each other; default: the model's own training context."""
    document_lengths: Annotated[tuple[PositiveCount, ...], _list, Field(min_length=1, max_length=10**5)] | None = None
    """Lengths of the documents packed into one row, as a list or with commas: each attends only to itself."""
    mean_document_tokens: Annotated[Positive, Field(le=1e9)] | None = None
    """Mean tokens of one text, where `document_lengths` are not known: each attends only to itself; a sample is one."""
    packing: bool | None = None
    """Texts are packed into whole rows, or (false) stand one in a row, padded to the longest of its micro-batch.
    Default: `document_lengths` are packed, texts of `mean_document_tokens` are not, as TRL has it."""
    method: Annotated[Method, any_case] = "pretrain"
    """`pretrain`, `continued_pretrain`, `finetune` (`sft`), `lora`, `qlora`; `dpo`, `orpo`, `kto` on preferences;
    `grpo`, `rloo`, `ppo` with rollouts; `distill` from a `teacher`; `contrastive` for embeddings and rerankers. `rlhf`
    and `rl` count the policy alone."""
    run_kind: Annotated[Literal["production", "benchmark", "throughput_test"], any_case] = "production"
    """A production run stalls and restarts; a tuned benchmark (MLPerf) and a throughput test do not."""
    adapters: Annotated[Literal["lora", "qlora"], any_case] | None = None
    """Low-rank adapters beside frozen weights under any method but `pretrain`; a reference model is then the base
    itself. The methods `lora` and `qlora` are fine-tuning with them."""
    lora_rank: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Rank of the adapters; default 16."""
    target_modules: Annotated[tuple[Name, ...], _list, Field(min_length=1, max_length=100)] | None = None
    """What has an adapter, as PEFT names it: `q_proj,v_proj`, ..., or `all-linear`, which is the default."""
    generations_per_prompt: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Completions of one prompt under `grpo`, `rloo` and `ppo`; default as trainers have it: 8, 2 and 1."""
    completion_tokens: Annotated[PositiveCount, Field(le=10**7)] | None = None
    """Mean tokens of a generated completion, part of `sequence_length`; default 256."""
    teacher: Name | None = None
    """The model that `distill` learns from: a catalogue id."""
    trainable_fraction: Fraction | None = None
    """Share of the weights that is trained; default 1, under adapters 0. Frozen ones cost 4 FLOP a token, not 6."""
    recompute: Annotated[Literal["none", "selective", "full"], any_case] = "none"
    """Activations computed again in the backward pass: hardware FLOP, never model FLOP."""
    flop_convention: Annotated[Literal["causal", "full_attention", "6nd", "palm", "cookbook"], any_case] | None = None
    """How FLOP are counted; default `causal` where the shape is known, else `6nd`."""
    tensor_parallel: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """Ranks that share each layer; default: as few as fit."""
    pipeline_parallel: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """Stages that the layers are cut into."""
    expert_parallel: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """Data-parallel ranks that share the experts of a mixture."""
    zero_stage: Annotated[Literal[0, 1, 2, 3], _digit] | None = None
    """ZeRO (FSDP is 3): shards optimizer states (1), gradients (2), weights (3) over data-parallel ranks."""
    batch_tokens: Positive | None = None
    """Tokens of one optimizer step, over all accelerators: tells what a step sends, and whether that bounds it."""
    network_gb_per_s: Positive | None = None
    """One direction of the network between nodes, GB/s for each accelerator; default by generation."""
    micro_batch_size: Annotated[PositiveCount, Field(le=10**6)] = 1
    """Sequences whose activations one rank keeps at a time."""
    gradient_accumulation_steps: Annotated[PositiveCount, Field(le=10**6)] | None = None
    """Micro-batches that one optimizer step adds up."""
    optimizer: Annotated[Optimizer, any_case] = "adam"
    """`adam` (bf16 weights, fp32 gradients and states: 18 bytes), `adam_bf16_gradients`, `adam_fp32`, `adam_8bit`,
    `muon` or `sgd`; without a master copy `adam_bf16` (8 bytes) and `adam_8bit_bf16`; `..._in_backward` keeps no
    gradients; `..._paged` and `adam_offloaded` keep states in the host's memory."""
    fused_attention: bool = True
    """Attention scores are never stored (FlashAttention)."""
    fused_loss: bool | None = None
    """The loss is computed in place or in chunks (Megatron, Liger, torchtune): 4 bytes a logit, else 12. Default:
    true in pretraining, false elsewhere."""
    embedding_dtype: Annotated[Literal["fp32", "bf16", "fp16"], any_case] | None = None
    """What `qlora` keeps the embedding table and the head in, which it does not quantise; default fp32 (PEFT)."""
    memory_convention: Annotated[MemoryConvention, any_case] = "parts"
    """`parts`: the most loaded rank's parts added up; `deepspeed`: model states as its estimators count."""
    experiments_multiplier: Annotated[Positive, Field(ge=1, le=1000)] = 1.0
    """All compute, experiments and failed runs included, over the final run's."""

    accelerator: Name
    """Catalogue id or alias of the accelerator, or with `accelerator_figures` any name."""
    accelerator_figures: AcceleratorFigures | None = None
    """Figures of your own accelerator, beside a name of the catalogue or for a part that it lacks."""
    accelerator_count: Annotated[PositiveCount, Field(le=10**8)] | None = None
    """How many at once."""
    precision: Annotated[Dtype, any_case] | None = None
    """Precision of the matrix products; default bf16, or what the part has instead."""
    mfu: Share | None = None
    """Model FLOP utilisation of the dense peak of `precision`; default: fitted on published runs."""
    hfu: Share | None = None
    """Hardware FLOP utilisation, of model FLOP plus recomputation; not together with `mfu`."""
    goodput_fraction: Share | None = None
    """Share of the time that moves training forward; multiplies `mfu`, `hfu` or a measured speed."""
    tokens_per_s_per_accelerator: Positive | None = None
    """Measured training speed of one accelerator: hours follow from it exactly, and `mfu` is told."""
    step_s: Annotated[Positive, Field(le=1e9)] | None = None
    """Measured seconds of one optimizer step of `batch_tokens` on `accelerator_count`: hours follow exactly."""
    tflop_per_s_per_accelerator: Annotated[Positive, Field(le=1e9)] | None = None
    """Measured model TFLOP/s of one accelerator (without recomputation): hours and `mfu` follow from the FLOP."""
    accelerator_hours: Positive | None = None
    """Accelerator-hours of the run, where already known; then only `accelerator` is needed beside it."""
    power_w: Annotated[Positive, Field(le=1e6)] | None = None
    """Mean draw of one accelerator, of the scope in `power_scope`."""
    power_scope: Annotated[Literal["chip", "system"], any_case] = "system"
    """`chip`: the accelerator alone; `system`: with its share of host, memory, network and fans."""
    idle_fraction: Fraction | None = None
    """Share of the paid hours in which accelerators stand idle: billed as the others, at an idle draw. Default 0."""
    date: Moment | None = None
    """Date of the run; efficiency and prices moved with the years. Default: `as_of`."""

    provider: Name | None = None
    """Who rents it out (aws, gcp, azure, lambda, ...)."""
    region: Name | None = None
    """The provider's region."""
    price_model: Annotated[PriceModel, any_case] = "on_demand"
    """`on_demand`, `spot`, `capacity_block` (bought ahead), `owned`, or for a term of up to so long `reserved_1m`,
    `reserved_3m`, `reserved_6m`, `reserved_1y`, `reserved_3y`."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own."""
    storage_gb_months: NonNegative | None = None
    """Object storage of data and checkpoints: GB (2^30 bytes, as billed) times months. Default: not in the cost."""
    usd_per_gb_month: Usd | None = None
    """A storage price of your own."""
    egress_gb: NonNegative | None = None
    """GB (2^30 bytes) sent out to the internet. Default: not in the cost."""
    usd_per_egress_gb: Usd | None = None
    """An egress price of your own."""
    cost_basis: Annotated[Literal["rental", "amortised"], any_case] | None = None
    """What `cost_usd` means; default `rental`, or `amortised` where `price_model` is `owned`."""
    place: WrittenPremises | None = None
    """Where machines of your own stand: `datacentre` (default), `office` or `home`: decides host, network, rack,
    overhead and tariff of what is `owned`."""
    grid_zone: Name | None = None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Annotated[NonNegative, Field(le=5)] | None = None
    """Carbon intensity of your electricity."""
    pue: Annotated[Positive, Field(ge=1, le=5)] | None = None
    """Power usage effectiveness of the building: facility energy over IT energy."""

    @model_validator(mode="after")
    def _said_together(self) -> Self:
        return words_apart(self)

    @property
    def own_usd_per_hour(self) -> Decimal | None:
        """A rent of one's own: of the question, else of the accelerator's figures."""
        figures = self.accelerator_figures
        if self.usd_per_accelerator_hour is not None or figures is None:
            return self.usd_per_accelerator_hour
        return figures.usd_per_hour

    @property
    def is_amortised(self) -> bool:
        """Dollars are an owner's: capital and electricity."""
        return (self.cost_basis or ("amortised" if self.price_model == "owned" else "rental")) == "amortised"

    @property
    def adapted(self) -> Literal["lora", "qlora"] | None:
        """The adapters that are trained, by whichever field says so; None where the weights are."""
        if self.method in ADAPTED:
            return "qlora" if self.method == "qlora" else "lora"
        return self.adapters

    @property
    def is_timed(self) -> bool:
        """Hours are known without any FLOP: given, or by tokens at a measured speed."""
        said = (self.accelerator_hours, self.tokens_per_s_per_accelerator, self.step_s)
        return any(each is not None for each in said)

    @property
    def is_measured(self) -> bool:
        """Hours or a speed are given: no efficiency is asked of anybody."""
        return self.is_timed or self.tflop_per_s_per_accelerator is not None
