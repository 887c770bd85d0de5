"""What may be asked about hosting a model: which, on what, for which requests, under which targets, at what price."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.catalog.rows import PriceModel
from mlquote.estimators.asking.machine_words import words_apart
from mlquote.estimators.asking.question import (
    Count,
    Dtype,
    Fraction,
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
    folded,
)
from mlquote.estimators.machines.own_part import AcceleratorFigures
from mlquote.estimators.models.architecture import Architecture

_SCOPES = {"system_wall": "wall", "system": "wall", "chip": "gpu"}


def _scope(value: Any) -> Any:
    """A scope's other names, whatever their case."""
    word = folded(value)
    return _SCOPES.get(word, word) if isinstance(word, str) else word


_FEW = Field(le=10**6)

Scenario = Literal["offline", "server", "interactive"]
PowerScope = Literal["gpu", "wall", "facility"]
Task = Literal["generate", "image", "embed", "rerank", "transcribe"]
Tokens = Annotated[NonNegative, Field(le=1e8)]
Target = Annotated[Positive, Field(le=1e9)]


class ServingQuestion(Question):
    """A model hosted on accelerators of one's own or rented: say what is known, the rest takes a stated default."""

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

    accelerator: Name
    """Catalogue id or alias of the accelerator, or with `accelerator_figures` any name."""
    accelerator_figures: AcceleratorFigures | None = None
    """Figures of your own accelerator, beside a name of the catalogue or for a part that it lacks."""
    accelerator_count: Annotated[PositiveCount, _FEW] | None = None
    """All accelerators together; default: the least power of two on which the model fits with room for caches."""
    tensor_parallel: Annotated[PositiveCount, _FEW] | None = None
    """Accelerators that work on one layer together; default: as many as the weights need."""
    pipeline_parallel: Annotated[PositiveCount, _FEW] | None = None
    """Pipeline stages of one replica; default 1, more where a given `tensor_parallel` is too narrow."""
    expert_parallel: Annotated[PositiveCount, _FEW] | None = None
    """Accelerators that share the experts of a replica, each with all of the attention (data-parallel attention)."""
    prefill_accelerators: Annotated[PositiveCount, _FEW] | None = None
    """Those of all that compute prompts alone, in groups like the others, which only decode; default: all do both."""
    weight_dtype: Annotated[Dtype, any_case] | None = None
    """How weights are stored; default: as the model was published, else bf16."""
    kv_dtype: Annotated[Dtype, any_case] | None = None
    """How the key-value cache is stored; default bf16."""
    gpu_memory_utilization: Share | None = None
    """Share of each accelerator's memory that the engine takes for weights, caches and all it runs with; default: the
    engine's own."""
    max_model_len: Annotated[PositiveCount, Field(le=10**9)] | None = None
    """Longest sequence, prompt and output, that the engine is started for; default: the model's context."""
    max_num_seqs: Annotated[PositiveCount, Field(le=10**9)] | None = None
    """Most sequences that one replica's engine runs at once; default: what the engines fitted take."""
    engine: Name | None = None
    """Serving software in free text ("vLLM 0.11.1"): its family is recognised, an unknown one takes the average."""

    engine_date: date | None = None
    """When the engine was released; default: as its version tells, else of the newest that were measured."""

    lora_adapters: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """LoRA adapters kept ready beside the weights, on each accelerator; default none."""
    lora_rank: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Rank of each of them; default 16."""

    task: Annotated[Task, any_case] = "generate"
    """`generate` tokens one by one; or in whole passes: an `image` (diffusion), `embed` (vectors of texts), `rerank` (a
    score for each pair of query and document), `transcribe` (speech to text)."""
    steps: Annotated[PositiveCount, Field(le=10_000)] | None = None
    """Noise levels of one image; default 50."""
    passes_per_step: Annotated[PositiveCount, Field(le=2)] | None = None
    """Passes of the denoiser at each noise level; default 2, with and without the text (classifier-free guidance)."""
    image_size: Annotated[PositiveCount, Field(ge=32, le=100_000)] | None = None
    """Side of an image in pixels, its width where `image_height` is given; default: of one that is made what the model
    was trained on, of one that is read 1024."""
    image_height: Annotated[PositiveCount, Field(ge=32, le=100_000)] | None = None
    """Height in pixels of an image that is read, where it is not square."""
    images: Annotated[NonNegative, Field(le=1e5)] = 0.0
    """Images in a prompt, a mean: prompt tokens beside `input_tokens`, as many as the model's family cuts them into."""
    image_tokens: Annotated[Positive, Field(ge=1, le=1e6)] | None = None
    """Prompt tokens of one image, where known; default: by the rule of the model's family."""
    audio_seconds: Annotated[Positive, Field(le=1e6)] | None = None
    """Mean length of a recording; default 30."""

    input_tokens: Tokens | None = None
    """Mean prompt, cached prefix included, `images` not; default 256."""
    output_tokens: Annotated[Tokens, Field(ge=0.001)] | None = None
    """Mean output, reasoning included, 0.001 at least; default 256."""
    scenario: Annotated[Scenario, any_case] = "server"
    """`offline` fills the machine; `server` is a closed loop at `concurrency`; `interactive` is the most throughput
    within `max_ttft_ms` and `max_tpot_ms`."""
    concurrency: Annotated[Positive, Field(ge=1e-6, le=1e9)] | None = None
    """Sequences in flight over all accelerators, a mean."""
    requests_per_s: Annotated[Positive, Field(le=1e9)] | None = None
    """Open-loop load over all accelerators: requests arrive whether or not others are done."""
    max_ttft_ms: Target | None = None
    """Target for the time to the first token, held by 99 % of the requests."""
    max_tpot_ms: Target | None = None
    """Target for the time per output token after the first, held by 99 % of the requests."""
    prefix_cache_hit_fraction: Fraction = 0.0
    """Share of prompt tokens whose keys and values are already cached: not computed, still read."""
    speculative_tokens: Annotated[Count, Field(le=32)] = 0
    """Tokens drafted per step (a draft model, or multi-token prediction)."""
    acceptance_fraction: Fraction | None = None
    """Chance that a drafted token is accepted; default 0.7."""
    draft_cost_fraction: Fraction | None = None
    """Time of drafting one token over that of a step; default 0.03, a multi-token-prediction layer."""
    output_tokens_per_s: Annotated[Positive, Field(le=1e12)] | None = None
    """Measured throughput of the whole system, where known: cost, energy and carbon per token follow from it."""
    utilisation_fraction: Share = 1.0
    """Share of the paid hours at this load: what is idle is paid for all the same."""
    power_scope: Annotated[PowerScope, BeforeValidator(_scope)] = "facility"
    """`gpu`: accelerators alone; `wall`: whole servers at the plug; `facility`: wall times PUE."""

    provider: Name | None = None
    """Who rents it out (aws, gcp, azure, lambda, ...)."""
    region: Name | None = None
    """The provider's region."""
    price_model: Annotated[PriceModel, any_case] = "on_demand"
    """`on_demand`, `spot`, `capacity_block` (bought ahead), `owned`, or for a term of up to so long `reserved_1m`,
    `reserved_3m`, `reserved_6m`, `reserved_1y`, `reserved_3y`."""
    cost_basis: Annotated[Literal["rental", "amortised"], any_case] | None = None
    """What dollars mean: rent, or an owner's capital and electricity; default `rental`, `amortised` where `price_model`
    is `owned`."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own."""
    power_w: Annotated[Positive, Field(le=1e6)] | None = None
    """Mean draw of one accelerator with its share of the server, where measured."""
    place: WrittenPremises | None = None
    """Where machines of your own stand: `datacentre` (default), `office` or `home`: decides host, network, rack,
    overhead and tariff of what is `owned`."""
    grid_zone: Name | None = None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Annotated[NonNegative, Field(le=5)] | None = None
    """Carbon intensity of your electricity."""
    pue: Annotated[Positive, Field(ge=1, le=5)] | None = None
    """Power usage effectiveness of the building: facility energy over IT energy."""
    against_provider: Name | None = None
    """API provider to break even against."""
    against_model: Name | None = None
    """The provider's model id to break even against."""
    rate_card: Name | None = None
    """An organisation's own prices, laid over the API's to break even against."""
    operations_usd_per_month: Usd | None = None
    """What running it oneself costs beside the accelerators (people, storage, network); default 0, said so."""

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
    def is_filled(self) -> bool:
        """The machine is filled to the brim: offline, and nobody says how many sequences there are."""
        return self.scenario == "offline" and self.concurrency is None and self.requests_per_s is None

    @property
    def terms(self) -> PriceModel:
        """The price model with the cost basis taken into it: an amortised hour is an owned one, a rented one is not."""
        if self.cost_basis == "amortised":
            return "owned"
        return "on_demand" if self.cost_basis == "rental" and self.price_model == "owned" else self.price_model
