"""What is asked, as typed keywords; written by benchmarks/clients/typed_answers.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

Number = float | int | Decimal | str
"""A number, or one as people write it: "15T", "1,000,000", "50%"."""
Moment = datetime | date | str


class AcceleratorFigures(TypedDict, total=False):
    """Figures of your own accelerator, each optional: beside a name of the catalogue they take the place of its
    own."""

    memory_gb: Number | None
    """Memory as it is sold: GiB that are built in."""
    memory_gb_per_s: Number | None
    """Memory bandwidth, GB/s."""
    peak_tflop_per_s: Mapping[str, Any] | None
    """Dense rate of matrix products by dtype, TFLOP/s: {"bf16": 165, "fp8": 330}. Sparse rates are none."""
    tdp_w: Number | None
    """Rated power of one accelerator, W."""
    link_gb_per_s: Number | None
    """Link to the others of its machine, GB/s, both directions; PCIe where there is none."""
    usd_per_hour: Number | None
    """Rent of one for an hour; `usd_per_accelerator_hour` comes first."""
    purchase_usd: Number | None
    """What one costs to buy today: what an owner's hour loses in value follows from it."""


class Architecture(TypedDict, total=False):
    """A model's sizes, each optional: what is missing is derived, and the answer's assumptions say how."""

    kind: str
    """Decoder (`transformer`), `encoder`, `encoder_decoder`, `vit`, `cnn`, `diffusion`, `ssm`, or `other`."""
    params: Number | None
    """All stored parameters, tied ones once."""
    active_params: Number | None
    """Parameters that one token uses, where experts are chosen."""
    layers: Number | None
    """Decoder layers (of an encoder: its layers)."""
    hidden_size: Number | None
    """Width of the residual stream."""
    heads: Number | None
    """Query heads."""
    kv_heads: Number | None
    """Key-value heads: as many as `heads` (MHA), fewer (GQA) or one (MQA)."""
    head_dim: Number | None
    """Size of one head."""
    ffn_size: Number | None
    """Intermediate size of the feed-forward; of one expert, where there are experts and no `expert_ffn_size`."""
    ffn_gated: bool | None
    """Three matrices (SwiGLU, GeGLU) instead of two."""
    vocab_size: Number | None
    """Rows of the embedding table, padding included."""
    tied_embeddings: bool | None
    """Input and output embeddings are one table."""
    attention: str | None
    """`mha|gqa|mqa|mla|hybrid-linear|hybrid-mamba`, with `+swa` or `+chunked`."""
    full_attention_layers: Number | None
    """Layers that see the whole sequence; the others are windowed, chunked or recurrent."""
    sliding_window: Number | None
    """Tokens seen back by a windowed or chunked layer."""
    experts: Number | None
    """Routed experts per layer."""
    experts_per_token: Number | None
    """Routed experts one token uses."""
    shared_experts: Number | None
    """Experts every token uses."""
    dense_layers: Number | None
    """Layers of a mixture that have one dense feed-forward instead of experts."""
    expert_ffn_size: Number | None
    """Intermediate size of one expert, where it differs from the dense layers' `ffn_size`."""
    q_lora_rank: Number | None
    """Rank of the query's latent (MLA); 0 for none."""
    kv_lora_rank: Number | None
    """Rank of the key-value latent (MLA)."""
    qk_rope_head_dim: Number | None
    """Rotated part of a head (MLA)."""
    qk_nope_head_dim: Number | None
    """Part of a head without rotation (MLA)."""
    v_head_dim: Number | None
    """Size of a head's value (MLA)."""
    state_elements_per_layer: Number | None
    """Numbers in one sequence's recurrent state in one layer (linear attention, Mamba)."""
    encoder_layers: Number | None
    """Encoder layers of an encoder-decoder; default: as many as the decoder has."""
    mtp_layers: Number | None
    """Layers that predict tokens further ahead in training (DeepSeek-V3: 1), beside `layers`."""
    positions: Number | None
    """Rows of a table of learned positions; 0 where positions are computed."""
    patch_size: Number | None
    """Side of an image patch in pixels (ViT, DiT)."""
    image_size: Number | None
    """Side of a square image in pixels."""
    conv_layers: Sequence[ConvLayer] | None
    """A convolutional network, layer by layer, on an image of three channels."""
    forward_flop_per_sample: Number | None
    """Forward FLOP of one sample, where you know it (2 per multiply-add)."""


class ConvLayer(TypedDict, total=False):
    """One layer of a convolutional network, or `repeat` equal ones."""

    kind: str
    """`conv`, `linear` (on everything flattened), `pool`, or `global_pool` (one value per channel)."""
    out_channels: Number | None
    """Channels of a convolution, or outputs of a product."""
    kernel_size: Number
    """Side of the kernel or pooling window in pixels."""
    stride: Number
    """Step in pixels."""
    padding: Number | None
    """Pixels added on each side; default: kernel_size // 2 for a convolution, 0 for pooling."""
    groups: Number
    """Groups of a convolution; as many as channels where it is depthwise."""
    bias: bool
    """One parameter for each output."""
    norm: bool
    """A norm after a convolution: two parameters per channel."""
    repeat: Number
    """How often the layer comes."""


class LabellingModel(TypedDict, total=False):
    """A model that labels instead: one call an item."""

    provider: str | None
    """Who sells it."""
    model: str
    """The provider's model id."""
    input_tokens: Number
    """Tokens of one prompt, the item in it."""
    output_tokens: Number
    """Tokens of one answer."""


class ProjectPart(TypedDict, total=False):
    """One part: a question of any kind, or one of `line_item`, `storage`, `egress`, `idle_reserve`,
    `committed_minimum` and `multiple`, its own fields beside these."""

    kind: str | None
    """Kind of question or of part; told from the fields where it is left out."""
    question: Mapping[str, Any] | None
    """The question's fields, if they are not given beside these."""
    month: Number
    """The first month it falls in, 1 the project's first."""
    months: Number | None
    """In how many months; default: one where it occurs once, else all that are left."""
    occurs: str | None
    """`once`: its amounts are of all its months together, spread evenly; `monthly`: of each. Default: `monthly` for
    rates, workloads, storage, idle reserves and minimums."""
    hours: Number | None
    """Of a rate: how long it runs in all."""
    hours_per_month: Number | None
    """Of a rate: how long it runs each month; default 730.5, a twelfth of a year."""
    monthly_use_growth_fraction: Number
    """By how much use grows from each month to the next; below 0 it shrinks."""
    monthly_price_change_fraction: Number
    """By how much its prices change from each month to the next; below 0 they fall."""


class TimeStage(TypedDict, total=False):
    """Work that is timed by itself: spotting, drawing, checking."""

    name: str
    """What it is."""
    seconds_per_unit: Number | None
    """Seconds of work on one label (a mean), for each vote."""
    seconds_per_item: Number | None
    """Seconds of work on one item (a mean), for all who look at it."""
    worker_hours: Number | None
    """Hours of work in all."""


class TrainedRun(TypedDict, total=False):
    """A run that was trained to its end."""

    params: Number
    """Parameters."""
    tokens: Number
    """Training tokens."""
    loss: Number
    """Final loss, nats per token."""


class Usage(TypedDict, total=False):
    """Counts of one request. Every field is disjoint from the others, but `reasoning_tokens`, a part of the
    output."""

    input_tokens: Number | None
    """Text tokens of the prompt that were neither read from nor written to a cache."""
    output_tokens: Number | None
    """Text tokens generated, reasoning included."""
    reasoning_tokens: Number | None
    """How many of `output_tokens` were reasoning; matters only where the provider prices them apart."""
    cache_read_tokens: Number | None
    """Prompt tokens read from a cache."""
    cache_write_tokens: Number | None
    """Prompt tokens written to a cache for the provider's default time."""
    cache_write_5m_tokens: Number | None
    """Prompt tokens written to a cache for five minutes."""
    cache_write_1h_tokens: Number | None
    """Prompt tokens written to a cache for an hour."""
    cache_write_12h_tokens: Number | None
    """Prompt tokens written to a cache for twelve hours."""
    explicit_cache_read_tokens: Number | None
    """Prompt tokens read from a cache that the caller made by name, where those have their own price."""
    audio_input_tokens: Number | None
    """Audio tokens of the prompt, uncached."""
    audio_cache_read_tokens: Number | None
    """Audio tokens of the prompt read from a cache."""
    audio_cache_write_tokens: Number | None
    """Audio tokens of the prompt written to a cache."""
    audio_output_tokens: Number | None
    """Audio tokens generated."""
    image_input_tokens: Number | None
    """Image tokens of the prompt, uncached."""
    image_cache_read_tokens: Number | None
    """Image tokens of the prompt read from a cache."""
    image_output_tokens: Number | None
    """Image tokens generated."""
    video_input_tokens: Number | None
    """Video tokens of the prompt, uncached."""
    video_cache_read_tokens: Number | None
    """Video tokens of the prompt read from a cache."""
    video_output_tokens: Number | None
    """Video tokens generated."""
    citation_tokens: Number | None
    """Tokens of cited pages, where the provider bills them."""
    images: Number | None
    """Images generated, where they are billed by the piece."""
    input_images: Number | None
    """Images sent, where they are billed by the piece."""
    image_size: str | None
    """Size of the images, as the provider writes it: 1024x1024, 2K."""
    image_quality: str | None
    """Quality of the images, as the provider writes it: low, medium, high, standard, hd."""
    resolution: str | None
    """Resolution of generated video: 720p, 1080p."""
    web_searches: Number | None
    """Web searches billed by the piece (for Gemini 3 unique queries, for Gemini 2 grounded prompts)."""
    search_context: str | None
    """How much the search reads, where its price depends on that."""
    file_searches: Number | None
    """File searches."""
    maps_queries: Number | None
    """Queries grounded in a map."""
    rerank_searches: Number | None
    """Rerank searches (one query with up to 100 documents)."""
    code_sessions: Number | None
    """Sessions of code interpreter or shell containers, each billed as a full one; `code_minutes` tells them
    apart."""
    code_minutes: Number | None
    """Minutes that such containers ran, five at least a session, where they are billed by the minute."""
    container_memory: str | None
    """Memory of those containers: 1g, 4g, 16g, 64g."""
    queries: Number | None
    """Queries of a service that is billed by the query."""
    text_messages: Number | None
    """Text messages in a voice session."""
    pages: Number | None
    """Document pages read."""
    annotated_pages: Number | None
    """Document pages read and annotated."""
    characters: Number | None
    """Characters sent (speech synthesis, older text models)."""
    output_characters: Number | None
    """Characters generated."""
    seconds: Number | None
    """Seconds of audio heard, or of audio or video made, whichever the model is billed by."""
    input_seconds: Number | None
    """Seconds of audio or video sent, where what is sent and what is made are both billed."""
    output_seconds: Number | None
    """Seconds of audio or video made, where what is sent and what is made are both billed."""
    model_unit_hours: Number | None
    """Hours of model units under a commitment (Bedrock's provisioned throughput), times the units."""
    steps: Number | None
    """Denoising steps."""
    pixels: Number | None
    """Pixels, where images are billed by them."""
    training_tokens: Number | None
    """Tokens trained on in fine-tuning: tokens of the file times epochs."""


class WhatIf(TypedDict, total=False):
    """The same project, on the same draws, with fields changed."""

    name: str | None
    """What it is called in the answer."""
    part: str | None
    """Whose fields are changed; left out, the project's own."""
    change: Mapping[str, Any]
    """Field -> its other value."""


class Workload(TypedDict, total=False):
    """Like requests, day after day."""

    requests_per_day: Number
    """Requests a day."""
    input_tokens: Number
    """Tokens of one prompt, all of it."""
    output_tokens: Number
    """Tokens of one answer."""
    cached_input_fraction: Number | None
    """Share of all prompt tokens that are read from the cache."""
    shared_prefix_tokens: Number | None
    """Instead: how much of every prompt is the same and is cached."""
    cache_hit_fraction: Number | None
    """Share of requests that find that prefix in the cache; default: from the rate of requests and the lifetime."""
    cache_ttl: str | None
    """How long a cache entry lives after its last use; default 5m where something is cached."""
    batch_fraction: Number
    """Share of the requests that are sent as a batch."""
    days: Number
    """How many days, from as_of on."""


class AdaptationPlan(TypedDict, total=False):
    """Fields of a question to /v1/plans/adaptation."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    requests_per_month: Number
    """Requests a month."""
    input_tokens: Number
    """Tokens of one prompt, a shared prefix included."""
    output_tokens: Number
    """Tokens of one answer."""
    shared_prefix_tokens: Number | None
    """How much of every prompt is the same, and may be cached."""
    months: Number | None
    """How long it runs; default 12."""
    provider: str | None
    """Who sells the API."""
    model: str
    """The model that is prompted there, whose answers the others are measured against."""
    cache_ttl: str | None
    """How long the API keeps a prefix after its last use; default 5m."""
    cache_hit_fraction: Number | None
    """Share of requests that find it there; default: from their rate and the lifetime."""
    hosted_model: str | None
    """A smaller open model that would learn the task: a catalogue id."""
    accelerator: str | None
    """What it is trained and hosted on."""
    accelerator_count: Number | None
    """Accelerators that host it; default: as many as the busiest time needs."""
    weight_dtype: str | None
    """How its weights are stored where it is hosted."""
    peak_factor: Number | None
    """Requests a second at the busiest time over the mean; default 1, an even rate."""
    machine_provider: str | None
    """Who rents the machines out."""
    region: str | None
    """The region of the machines."""
    price_model: str
    """Terms of renting, or `owned`."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own."""
    operations_usd_per_month: Number | None
    """What running it oneself costs beside the machines (people, storage); default 0, said so."""
    examples: Number | None
    """Examples of the task that a model of one's own learns from."""
    epochs: Number | None
    """Passes over them; default 3."""
    usd_per_example: Number | None
    """Price of one example written by people; `examples_ready` instead where they are there."""
    examples_ready: bool | None
    """The examples are there and cost nothing more; default false."""
    eval_items: Number | None
    """Answers that people compare with the API's, for each model that learns; default 385."""
    eval_votes: Number | None
    """People who compare each; default 3."""
    usd_per_eval_label: Number | None
    """Price of one comparison; default: what sellers ask."""
    train_params: Number | None
    """Parameters of a model that would be trained from nothing."""
    train_tokens: Number | None
    """Tokens that it would be trained on."""
    seed: Number | None
    """Of the draws that give the months of break-even; default 0."""


class AnnotationQuestion(TypedDict, total=False):
    """Fields of a question to /v1/estimates/annotation."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    task: str
    """What is done to an item: `image_classification`, `image_bounding_box`, `image_polygon`, `image_segmentation`,
    `transcription`, `preference_pair`, `demonstration`, `red_teaming`, ..., or `custom`."""
    items: Number
    """Images, texts, videos, recordings or prompts."""
    labels_per_item: Number | None
    """Boxes, polygons, segments, objects or events in one item, a mean; default 1. An item without any is free."""
    words_per_item: Number | None
    """Words of one text: a started unit counts whole."""
    words_per_unit: Number | None
    """Words of one priced unit; default 50, as Google counts."""
    media_seconds: Number | None
    """Length of one video or recording: a started unit counts whole."""
    media_seconds_per_unit: Number | None
    """Seconds of one priced unit; default 5 of a video to classify, 30 of one with events, 60 of a recording."""
    ranking_size: Number | None
    """Answers K that one reading ranks; default 2. It gives K (K - 1) / 2 pairs, which are not independent."""
    votes: Number | None
    """People who label each item; default 1."""
    vote_margin: Number | None
    """Instead: ask until one answer leads by so many; needs `labeler_accuracy`."""
    labeler_accuracy: Number | None
    """How often one vote is right, where a question has two answers: tells how often the verdict is."""
    gold_fraction: Number
    """Items of known answer put between the others, over the items."""
    rework_fraction: Number
    """Labels that are done again."""
    review_fraction: Number
    """Units that somebody looks over again."""
    review_usd_per_unit: Number | None
    """Price of looking over one; default: of one more label."""
    review_seconds: Number | None
    """Seconds of looking over one; default: as long as the label."""
    setup_usd: Number | None
    """Guidelines, training, a pilot; default 0, said so."""
    provider: str | None
    """Who sells the labels, or whose market takes its fee: mechanical-turk, sagemaker-ground-truth, ..."""
    annotator: str | None
    """Only prices of these: `crowd`, `trained` or `expert`."""
    basis: str | None
    """Only prices of this basis, by the unit or by the hour, never both at once; default by the unit where any
    is."""
    usd_per_unit: Number | None
    """A price of your own for one label: a box, a text, a ranking."""
    usd_per_worker_hour: Number | None
    """What you pay for an hour: the hourly basis."""
    productive_fraction: Number
    """Share of the paid hours that is spent on labels (hourly basis)."""
    seconds_per_unit: Number | None
    """Seconds of work on one label, a mean; default: as measured on tasks of this kind, with their spread."""
    stages: Sequence[TimeStage] | None
    """Work timed in parts, instead of `seconds_per_unit`."""
    worker_hours: Number | None
    """Hours of work in all, where known."""
    months: Number
    """Months over which the labels are spread evenly: tiers of a price list begin again each month."""
    units_per_assignment: Number | None
    """Labels that one person does in one assignment, for a market's fee; default 1."""
    assisted_time_fraction: Number | None
    """Time with a model's proposals over the time without; default 0.676, as measured on boxes."""
    accepted_fraction: Number | None
    """Instead: share of a model's proposals that are taken as they are, with `verify_seconds`."""
    verify_seconds: Number | None
    """Seconds of looking at a proposal; one that is not taken then costs the whole time."""
    labelling_model: LabellingModel | None
    """A model that labels instead, priced by its tokens, with a sample that people label to measure it."""
    audit_items: Number | None
    """Items of that sample; default 385 or all, for a share known to five points either way."""


class ApiUsage(TypedDict, total=False):
    """Fields of a question to /v1/estimates/inference."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    provider: str | None
    """Who sells it: anthropic, openai, google, aws-bedrock; may be left out where only one provider sells the
    model."""
    model: str | None
    """The provider's model id, or an alias of it; a response that names its own wins."""
    usage: Usage | None
    """What one request used."""
    provider_response: Mapping[str, Any] | Sequence[Any] | str | None
    """The provider's own response body, its list of stream events, or the text of a stream as it was received,
    instead of `usage`; content may be left out."""
    api: str | None
    """The kind of response, where its shape does not tell: chat, responses, messages, converse, images, ocr."""
    request: Mapping[str, Any] | None
    """Facts that only the request holds, such as Bedrock's modelId."""
    per: str | None
    """mtok: the tokens are no one prompt, priced at the rates of the base tier; without counts, a million each of
    input and output."""
    workload: Workload | None
    """Like requests a day for some days, instead of the usage of one."""
    requests: Number
    """How many requests like this one; each is priced by itself, so that no tier is chosen by their sum."""
    processing: str | None
    """standard (default), batch, flex, priority or fast: what the model is not sold as is refused."""
    region: str | None
    """Where it runs, where that changes the price: us, eu, regional, us-east-1."""
    discount_fraction: Number
    """Negotiated discount on the list price; a surcharge is negative."""
    rate_card: str | None
    """An organisation's stored prices (/v1/rate-cards), laid over the public ones: acme, or acme@3 for a
    version."""
    input_tokens: Number
    """Text tokens of the prompt that were neither read from nor written to a cache."""
    output_tokens: Number
    """Text tokens generated, reasoning included."""
    reasoning_tokens: Number
    """How many of `output_tokens` were reasoning; matters only where the provider prices them apart."""
    cache_read_tokens: Number
    """Prompt tokens read from a cache."""
    cache_write_tokens: Number
    """Prompt tokens written to a cache for the provider's default time."""
    cache_write_5m_tokens: Number
    """Prompt tokens written to a cache for five minutes."""
    cache_write_1h_tokens: Number
    """Prompt tokens written to a cache for an hour."""
    cache_write_12h_tokens: Number
    """Prompt tokens written to a cache for twelve hours."""
    explicit_cache_read_tokens: Number
    """Prompt tokens read from a cache that the caller made by name, where those have their own price."""
    audio_input_tokens: Number
    """Audio tokens of the prompt, uncached."""
    audio_cache_read_tokens: Number
    """Audio tokens of the prompt read from a cache."""
    audio_cache_write_tokens: Number
    """Audio tokens of the prompt written to a cache."""
    audio_output_tokens: Number
    """Audio tokens generated."""
    image_input_tokens: Number
    """Image tokens of the prompt, uncached."""
    image_cache_read_tokens: Number
    """Image tokens of the prompt read from a cache."""
    image_output_tokens: Number
    """Image tokens generated."""
    video_input_tokens: Number
    """Video tokens of the prompt, uncached."""
    video_cache_read_tokens: Number
    """Video tokens of the prompt read from a cache."""
    video_output_tokens: Number
    """Video tokens generated."""
    citation_tokens: Number
    """Tokens of cited pages, where the provider bills them."""
    images: Number
    """Images generated, where they are billed by the piece."""
    input_images: Number
    """Images sent, where they are billed by the piece."""
    image_size: str
    """Size of the images, as the provider writes it: 1024x1024, 2K."""
    image_quality: str
    """Quality of the images, as the provider writes it: low, medium, high, standard, hd."""
    resolution: str
    """Resolution of generated video: 720p, 1080p."""
    web_searches: Number
    """Web searches billed by the piece (for Gemini 3 unique queries, for Gemini 2 grounded prompts)."""
    search_context: str
    """How much the search reads, where its price depends on that."""
    file_searches: Number
    """File searches."""
    maps_queries: Number
    """Queries grounded in a map."""
    rerank_searches: Number
    """Rerank searches (one query with up to 100 documents)."""
    code_sessions: Number
    """Sessions of code interpreter or shell containers, each billed as a full one; `code_minutes` tells them
    apart."""
    code_minutes: Number
    """Minutes that such containers ran, five at least a session, where they are billed by the minute."""
    container_memory: str
    """Memory of those containers: 1g, 4g, 16g, 64g."""
    queries: Number
    """Queries of a service that is billed by the query."""
    text_messages: Number
    """Text messages in a voice session."""
    pages: Number
    """Document pages read."""
    annotated_pages: Number
    """Document pages read and annotated."""
    characters: Number
    """Characters sent (speech synthesis, older text models)."""
    output_characters: Number
    """Characters generated."""
    seconds: Number
    """Seconds of audio heard, or of audio or video made, whichever the model is billed by."""
    input_seconds: Number
    """Seconds of audio or video sent, where what is sent and what is made are both billed."""
    output_seconds: Number
    """Seconds of audio or video made, where what is sent and what is made are both billed."""
    model_unit_hours: Number
    """Hours of model units under a commitment (Bedrock's provisioned throughput), times the units."""
    steps: Number
    """Denoising steps."""
    pixels: Number
    """Pixels, where images are billed by them."""
    training_tokens: Number
    """Tokens trained on in fine-tuning: tokens of the file times epochs."""


class Comparison(TypedDict, total=False):
    """Fields of a question to /v1/comparisons."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    kind: str | None
    """Kind of question; told from the fields where it is left out."""
    question: Mapping[str, Any] | None
    """The question's fields, if they are not given beside these."""
    alternatives: Sequence[Mapping[str, Any]] | None
    """Sets of fields to try together, such as a provider with its model, each laid over the question."""
    rank_by: str | None
    """The figure of the result that decides, by its path: cost_usd (default), energy_kwh, usd_per_mtok.blended
    (default for serving)."""
    order: str
    """Which end is first."""
    pareto: Sequence[str] | None
    """Figures, lower is better (throughputs and capacities: higher): rows that none beats in all are `on_front`."""


class LossPlan(TypedDict, total=False):
    """Fields of a question to /v1/plans/loss."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    accelerator: str
    """Catalogue id or alias of the accelerator."""
    accelerator_count: Number | None
    """How many at once."""
    precision: str | None
    """Precision of the matrix products; default bf16, or what the part has instead."""
    mfu: Number | None
    """Model FLOP utilisation of the dense peak of `precision`; default: fitted on published runs."""
    goodput_fraction: Number | None
    """Share of the time that moves training forward; multiplies `mfu`."""
    experiments_multiplier: Number
    """All compute, experiments and failed runs included, over the final run's."""
    date: Moment | None
    """Date of the run. Default: `as_of`."""
    provider: str | None
    """Who rents the machines out."""
    region: str | None
    """The provider's region."""
    price_model: str
    """Terms of renting, or `owned`."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own."""
    grid_zone: str | None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Number | None
    """Carbon intensity of your electricity."""
    pue: Number | None
    """Power usage effectiveness of the building."""
    loss_from: Number
    """Loss of the run that is there, or that would be trained otherwise, nats per token."""
    loss_to: Number
    """Loss that is wanted, below `loss_from`."""
    laws: Sequence[str] | None
    """Laws of the catalogue (scaling_laws), as a list or with commas; default: one fit of each study of web
    text."""
    runs: Sequence[TrainedRun] | None
    """Runs of your own, at least five of different sizes and lengths: the law fitted on them answers, alone unless
    `laws` names others."""
    objective: str | None
    """How runs are fitted: Huber's loss of ln L (default), or least squares of L."""
    tied: bool | None
    """The law of the runs has one exponent, alpha = beta; default false."""
    seed: Number | None
    """Of the draws that give the interval of the runs' law; default 0."""


class ProjectQuestion(TypedDict, total=False):
    """Fields of a question to /v1/estimates/project."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    parts: Mapping[str, Any]
    """Name -> part; or a list of parts, each with a `name`."""
    months: Number | None
    """How long the project lasts; default: to the last month that a part names."""
    cost_basis: str | None
    """What the dollars of machines mean in every part that does not say: rent, or an owner's capital and power."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own, for every part that has none."""
    shared: Mapping[str, Any]
    """Fields of questions (provider, region, grid_zone, pue, date ...) for every part that has one and does not
    say."""
    rate_card: str | None
    """An organisation's own prices, laid over the API's of every part."""
    discount_rate_per_year: Number
    """What a dollar a year later counts less, for `present_cost_usd` and the break-even; 0 unless said."""
    alternative: Mapping[str, Any] | None
    """The same work done otherwise over the same months, parts like the project's: an API alone, say."""
    what_if: Sequence[WhatIf]
    """Changes to look at, each alone, on the same draws."""
    seed: Number
    """Of the draws."""


class QuoteChange(TypedDict, total=False):
    """Fields of a question to /v1/comparisons/releases."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    question: Mapping[str, Any] | None
    """The question's fields, if they are not given beside these."""
    since_release: str | None
    """The release whose answer is the old one; default: the same release."""
    since: Moment | None
    """The moment whose prices are the old ones; default: the same moment."""


class ScalingQuestion(TypedDict, total=False):
    """Fields of a question to /v1/scaling-laws/evaluate."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    op: str
    """What is asked: a loss, the best split of a budget, what a loss takes in compute, tokens or dollars."""
    law: str | None
    """A law of the catalogue (scaling_laws); default besiroglu2024, or the one law of the operation's form."""
    coefficients: Mapping[str, Any] | None
    """Coefficients of your own: E, A, B, alpha, beta (r_d_star, r_n_star; N_c, D_c, alpha_N, alpha_D; x_c,
    alpha)."""
    N: Number | None
    """Parameters."""
    D: Number | None
    """Training tokens, repeats counted."""
    C: Number | None
    """Training FLOP."""
    x: Number | None
    """What a one-variable power law is a law of: parameters, tokens or PF-days."""
    loss: Number | None
    """Nats per token."""
    loss_from: Number | None
    """Loss today, nats per token."""
    loss_to: Number | None
    """Loss wanted, nats per token."""
    unique_tokens: Number | None
    """Tokens before any repeat."""
    epochs: Number | None
    """Passes over the same tokens."""
    weight_bits: Number | None
    """Bits of each weight."""
    activation_bits: Number | None
    """Bits of each activation."""
    cache_bits: Number | None
    """Bits of each number in the KV cache."""
    inference_tokens: Number | None
    """Tokens read and written over the model's life."""
    flops_per_param_token: Number | None
    """Training FLOP per parameter and token; default: as each law counts them, 6 by convention."""
    inference_flops_per_param_token: Number
    """Inference FLOP per parameter and token."""
    peak_flops: Number | None
    """Dense peak of one accelerator, FLOP/s."""
    mfu: Number | None
    """Share of that peak reached."""
    usd_per_gpu_hour: Number | None
    """Price of one accelerator-hour, dollars."""


class ServingQuestion(TypedDict, total=False):
    """Fields of a question to /v1/estimates/serving."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    model: str | None
    """Catalogue id or alias of a known model."""
    params: Number | None
    """All parameters."""
    active_params: Number | None
    """Parameters that one token uses (mixtures of experts)."""
    architecture: Architecture | None
    """Sizes given one by one; what is missing is derived."""
    hf_config: Mapping[str, Any] | None
    """A Hugging Face config.json as it is."""
    accelerator: str
    """Catalogue id or alias of the accelerator, or with `accelerator_figures` any name."""
    accelerator_figures: AcceleratorFigures | None
    """Figures of your own accelerator, beside a name of the catalogue or for a part that it lacks."""
    accelerator_count: Number | None
    """All accelerators together; default: the least power of two on which the model fits with room for caches."""
    tensor_parallel: Number | None
    """Accelerators that work on one layer together; default: as many as the weights need."""
    pipeline_parallel: Number | None
    """Pipeline stages of one replica; default 1, more where a given `tensor_parallel` is too narrow."""
    expert_parallel: Number | None
    """Accelerators that share the experts of a replica, each with all of the attention (data-parallel
    attention)."""
    prefill_accelerators: Number | None
    """Those of all that compute prompts alone, in groups like the others, which only decode; default: all do
    both."""
    weight_dtype: str | None
    """How weights are stored; default: as the model was published, else bf16."""
    kv_dtype: str | None
    """How the key-value cache is stored; default bf16."""
    gpu_memory_utilization: Number | None
    """Share of each accelerator's memory that the engine takes for weights, caches and all it runs with; default:
    the engine's own."""
    max_model_len: Number | None
    """Longest sequence, prompt and output, that the engine is started for; default: the model's context."""
    max_num_seqs: Number | None
    """Most sequences that one replica's engine runs at once; default: what the engines fitted take."""
    engine: str | None
    """Serving software in free text ("vLLM 0.11.1"): its family is recognised, an unknown one takes the average."""
    engine_date: Moment | None
    """When the engine was released; default: as its version tells, else of the newest that were measured."""
    lora_adapters: Number | None
    """LoRA adapters kept ready beside the weights, on each accelerator; default none."""
    lora_rank: Number | None
    """Rank of each of them; default 16."""
    task: str
    """`generate` tokens one by one; or in whole passes: an `image` (diffusion), `embed` (vectors of texts),
    `rerank` (a score for each pair of query and document), `transcribe` (speech to text)."""
    steps: Number | None
    """Noise levels of one image; default 50."""
    passes_per_step: Number | None
    """Passes of the denoiser at each noise level; default 2, with and without the text (classifier-free
    guidance)."""
    image_size: Number | None
    """Side of an image in pixels, its width where `image_height` is given; default: of one that is made what the
    model was trained on, of one that is read 1024."""
    image_height: Number | None
    """Height in pixels of an image that is read, where it is not square."""
    images: Number
    """Images in a prompt, a mean: prompt tokens beside `input_tokens`, as many as the model's family cuts them
    into."""
    image_tokens: Number | None
    """Prompt tokens of one image, where known; default: by the rule of the model's family."""
    audio_seconds: Number | None
    """Mean length of a recording; default 30."""
    input_tokens: Number | None
    """Mean prompt, cached prefix included, `images` not; default 256."""
    output_tokens: Number | None
    """Mean output, reasoning included, 0.001 at least; default 256."""
    scenario: str
    """`offline` fills the machine; `server` is a closed loop at `concurrency`; `interactive` is the most throughput
    within `max_ttft_ms` and `max_tpot_ms`."""
    concurrency: Number | None
    """Sequences in flight over all accelerators, a mean."""
    requests_per_s: Number | None
    """Open-loop load over all accelerators: requests arrive whether or not others are done."""
    max_ttft_ms: Number | None
    """Target for the time to the first token, held by 99 % of the requests."""
    max_tpot_ms: Number | None
    """Target for the time per output token after the first, held by 99 % of the requests."""
    prefix_cache_hit_fraction: Number
    """Share of prompt tokens whose keys and values are already cached: not computed, still read."""
    speculative_tokens: Number
    """Tokens drafted per step (a draft model, or multi-token prediction)."""
    acceptance_fraction: Number | None
    """Chance that a drafted token is accepted; default 0.7."""
    draft_cost_fraction: Number | None
    """Time of drafting one token over that of a step; default 0.03, a multi-token-prediction layer."""
    output_tokens_per_s: Number | None
    """Measured throughput of the whole system, where known: cost, energy and carbon per token follow from it."""
    utilisation_fraction: Number
    """Share of the paid hours at this load: what is idle is paid for all the same."""
    power_scope: str
    """`gpu`: accelerators alone; `wall`: whole servers at the plug; `facility`: wall times PUE."""
    provider: str | None
    """Who rents it out (aws, gcp, azure, lambda, ...)."""
    region: str | None
    """The provider's region."""
    price_model: str
    """`on_demand`, `spot`, `capacity_block` (bought ahead), `owned`, or for a term of up to so long `reserved_1m`,
    `reserved_3m`, `reserved_6m`, `reserved_1y`, `reserved_3y`."""
    cost_basis: str | None
    """What dollars mean: rent, or an owner's capital and electricity; default `rental`, `amortised` where
    `price_model` is `owned`."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own."""
    power_w: Number | None
    """Mean draw of one accelerator with its share of the server, where measured."""
    place: str | None
    """Where machines of your own stand: `datacentre` (default), `office` or `home`: decides host, network, rack,
    overhead and tariff of what is `owned`."""
    grid_zone: str | None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Number | None
    """Carbon intensity of your electricity."""
    pue: Number | None
    """Power usage effectiveness of the building: facility energy over IT energy."""
    against_provider: str | None
    """API provider to break even against."""
    against_model: str | None
    """The provider's model id to break even against."""
    rate_card: str | None
    """An organisation's own prices, laid over the API's to break even against."""
    operations_usd_per_month: Number | None
    """What running it oneself costs beside the accelerators (people, storage, network); default 0, said so."""


class TextCount(TypedDict, total=False):
    """Fields of a question to /v1/estimates/inference/tokens."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    provider: str | None
    """Who sells the model; may be left out where only one provider does, or its maker."""
    model: str
    """The provider's model id, or an alias of it."""
    text: str
    """The text of the prompt, as it is."""
    output_tokens: Number | None
    """Tokens that the answer is expected to have, reasoning included, to be priced beside the prompt."""


class TrainingPlan(TypedDict, total=False):
    """Fields of a question to /v1/plans/training."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    cost_usd: Number | None
    """Dollars there are for the run."""
    accelerator_hours: Number | None
    """Accelerator-hours there are."""
    energy_kwh: Number | None
    """Electricity there is, through the building's meter."""
    emissions_kgco2e: Number | None
    """kg CO2e there may be: of the grid's electricity and of making the machines."""
    training_flop: Number | None
    """Model FLOP there are."""
    deadline_days: Number | None
    """Days within which the run ends."""
    deadline_hours: Number | None
    """The same in hours: one of the two."""
    max_tokens: Number | None
    """At most so many tokens are seen, repeats included."""
    min_tokens: Number | None
    """At least so many tokens are seen."""
    unique_tokens: Number | None
    """Tokens there are: what is seen beyond them is seen again, and is worth less each time."""
    max_epochs: Number | None
    """Passes over `unique_tokens` at most; default: as many as the budget buys."""
    min_params: Number | None
    """Parameters of the model at least."""
    max_params: Number | None
    """Parameters of the model at most."""
    loss_to: Number | None
    """A loss that is wanted, nats per token: refused as out of reach where no plan within the limits has it, and
    the cheapest plan that has it stands beside the best."""
    inference_tokens: Number | None
    """Tokens that the model will read and write in use: the plan of the lowest lifetime cost at `loss_to` (default:
    the best plan's loss) stands beside the best."""
    shape_family: str
    """Model of the catalogue whose proportions the planned one has: width to depth, heads, feed-forward,
    vocabulary."""
    sequence_length: Number | None
    """Tokens that attend to each other; default: the family's own training context."""
    accelerator: Sequence[str] | None
    """Accelerators that may be used, one or several; default: all that are rented out at the date."""
    accelerator_count: Sequence[Number] | None
    """How many at once, one or several numbers; default: single machines as they are listed, and 2, 3, 4, 6, 8, 12
    ... whole nodes."""
    max_accelerators: Number | None
    """How many at once at most; default: the most that a published run had whose efficiency is known."""
    precision: Sequence[str]
    """Precisions of the matrix products that may be used, one or several."""
    provider: Sequence[str] | None
    """Who may rent the machines out, one or several; default: whoever does at the date."""
    region: Sequence[str] | None
    """Regions that may be used, one or several."""
    price_model: Sequence[str]
    """Terms of renting that may be used, one or several, or `owned`; spot instances are taken away, and terms are
    paid to their end, so only what is named here is planned."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own, of the one accelerator that is named."""
    grid_zone: str | None
    """Grid zone that the machines stand in: regions of others are left out, and machines of your own stand
    there."""
    kgco2e_per_kwh: Number | None
    """Carbon intensity of your electricity, wherever the machines stand."""
    pue: Number | None
    """Power usage effectiveness of the building, whosever it is."""
    mfu: Number | None
    """Model FLOP utilisation of every choice; default: fitted on published runs."""
    goodput_fraction: Number | None
    """Share of the time that moves training forward; multiplies `mfu`."""
    optimizer: str
    """What is kept in memory for each parameter, as in training."""
    recompute: str
    """Activations computed again in the backward pass, as in training."""
    micro_batch_size: Number
    """Sequences whose activations one rank keeps at a time."""
    flop_convention: str | None
    """How FLOP are counted; default `causal`."""
    experiments_multiplier: Number
    """All compute, experiments and failed runs included, over the final run's: budgets are of all."""
    date: Moment | None
    """Date of the run. Default: `as_of`."""
    laws: Sequence[str] | None
    """Laws of the catalogue, as a list or with commas; the first decides, the others stand beside it. Default: one
    fit of each study of web text."""
    runs: Sequence[TrainedRun] | None
    """Runs of your own, at least five of different sizes and lengths: the law fitted on them decides."""
    objective: str | None
    """How runs are fitted: Huber's loss of ln L (default), or least squares of L."""
    tied: bool | None
    """The law of the runs has one exponent, alpha = beta; default false."""


class TrainingQuestion(TypedDict, total=False):
    """Fields of a question to /v1/estimates/training."""

    as_of: Moment | None
    """Prices and figures in effect at this date (00:00Z) or RFC 3339 moment; default: now."""
    release: str | None
    """Catalogue release the figures are read from; default: the newest."""
    model: str | None
    """Catalogue id or alias of a known model."""
    params: Number | None
    """All parameters."""
    active_params: Number | None
    """Parameters that one token uses (mixtures of experts)."""
    architecture: Architecture | None
    """Sizes given one by one; what is missing is derived."""
    hf_config: Mapping[str, Any] | None
    """A Hugging Face config.json as it is."""
    tokens: Number | None
    """Training tokens in one pass; times `epochs` are seen."""
    samples: Number | None
    """Training samples in one pass: images, or texts of `sequence_length` tokens."""
    training_flop: Number | None
    """Model FLOP of the whole run, where it is already known."""
    epochs: Number
    """Passes over the tokens."""
    sequence_length: Number | None
    """Tokens that attend to each other; default: the model's own training context."""
    document_lengths: Sequence[Number] | None
    """Lengths of the documents packed into one row, as a list or with commas: each attends only to itself."""
    mean_document_tokens: Number | None
    """Mean tokens of one text, where `document_lengths` are not known: each attends only to itself; a sample is
    one."""
    packing: bool | None
    """Texts are packed into whole rows, or (false) stand one in a row, padded to the longest of its micro-batch.
    Default: `document_lengths` are packed, texts of `mean_document_tokens` are not, as TRL has it."""
    method: str
    """`pretrain`, `continued_pretrain`, `finetune` (`sft`), `lora`, `qlora`; `dpo`, `orpo`, `kto` on preferences;
    `grpo`, `rloo`, `ppo` with rollouts; `distill` from a `teacher`; `contrastive` for embeddings and rerankers.
    `rlhf` and `rl` count the policy alone."""
    run_kind: str
    """A production run stalls and restarts; a tuned benchmark (MLPerf) and a throughput test do not."""
    adapters: str | None
    """Low-rank adapters beside frozen weights under any method but `pretrain`; a reference model is then the base
    itself. The methods `lora` and `qlora` are fine-tuning with them."""
    lora_rank: Number | None
    """Rank of the adapters; default 16."""
    target_modules: Sequence[str] | None
    """What has an adapter, as PEFT names it: `q_proj,v_proj`, ..., or `all-linear`, which is the default."""
    generations_per_prompt: Number | None
    """Completions of one prompt under `grpo`, `rloo` and `ppo`; default as trainers have it: 8, 2 and 1."""
    completion_tokens: Number | None
    """Mean tokens of a generated completion, part of `sequence_length`; default 256."""
    teacher: str | None
    """The model that `distill` learns from: a catalogue id."""
    trainable_fraction: Number | None
    """Share of the weights that is trained; default 1, under adapters 0. Frozen ones cost 4 FLOP a token, not 6."""
    recompute: str
    """Activations computed again in the backward pass: hardware FLOP, never model FLOP."""
    flop_convention: str | None
    """How FLOP are counted; default `causal` where the shape is known, else `6nd`."""
    tensor_parallel: Number | None
    """Ranks that share each layer; default: as few as fit."""
    pipeline_parallel: Number | None
    """Stages that the layers are cut into."""
    expert_parallel: Number | None
    """Data-parallel ranks that share the experts of a mixture."""
    zero_stage: Number | None
    """ZeRO (FSDP is 3): shards optimizer states (1), gradients (2), weights (3) over data-parallel ranks."""
    batch_tokens: Number | None
    """Tokens of one optimizer step, over all accelerators: tells what a step sends, and whether that bounds it."""
    network_gb_per_s: Number | None
    """One direction of the network between nodes, GB/s for each accelerator; default by generation."""
    micro_batch_size: Number
    """Sequences whose activations one rank keeps at a time."""
    gradient_accumulation_steps: Number | None
    """Micro-batches that one optimizer step adds up."""
    optimizer: str
    """`adam` (bf16 weights, fp32 gradients and states: 18 bytes), `adam_bf16_gradients`, `adam_fp32`, `adam_8bit`,
    `muon` or `sgd`; without a master copy `adam_bf16` (8 bytes) and `adam_8bit_bf16`; `..._in_backward` keeps no
    gradients; `..._paged` and `adam_offloaded` keep states in the host's memory."""
    fused_attention: bool
    """Attention scores are never stored (FlashAttention)."""
    fused_loss: bool | None
    """The loss is computed in place or in chunks (Megatron, Liger, torchtune): 4 bytes a logit, else 12. Default:
    true in pretraining, false elsewhere."""
    embedding_dtype: str | None
    """What `qlora` keeps the embedding table and the head in, which it does not quantise; default fp32 (PEFT)."""
    memory_convention: str
    """`parts`: the most loaded rank's parts added up; `deepspeed`: model states as its estimators count."""
    experiments_multiplier: Number
    """All compute, experiments and failed runs included, over the final run's."""
    accelerator: str
    """Catalogue id or alias of the accelerator, or with `accelerator_figures` any name."""
    accelerator_figures: AcceleratorFigures | None
    """Figures of your own accelerator, beside a name of the catalogue or for a part that it lacks."""
    accelerator_count: Number | None
    """How many at once."""
    precision: str | None
    """Precision of the matrix products; default bf16, or what the part has instead."""
    mfu: Number | None
    """Model FLOP utilisation of the dense peak of `precision`; default: fitted on published runs."""
    hfu: Number | None
    """Hardware FLOP utilisation, of model FLOP plus recomputation; not together with `mfu`."""
    goodput_fraction: Number | None
    """Share of the time that moves training forward; multiplies `mfu`, `hfu` or a measured speed."""
    tokens_per_s_per_accelerator: Number | None
    """Measured training speed of one accelerator: hours follow from it exactly, and `mfu` is told."""
    step_s: Number | None
    """Measured seconds of one optimizer step of `batch_tokens` on `accelerator_count`: hours follow exactly."""
    tflop_per_s_per_accelerator: Number | None
    """Measured model TFLOP/s of one accelerator (without recomputation): hours and `mfu` follow from the FLOP."""
    accelerator_hours: Number | None
    """Accelerator-hours of the run, where already known; then only `accelerator` is needed beside it."""
    power_w: Number | None
    """Mean draw of one accelerator, of the scope in `power_scope`."""
    power_scope: str
    """`chip`: the accelerator alone; `system`: with its share of host, memory, network and fans."""
    idle_fraction: Number | None
    """Share of the paid hours in which accelerators stand idle: billed as the others, at an idle draw. Default
    0."""
    date: Moment | None
    """Date of the run; efficiency and prices moved with the years. Default: `as_of`."""
    provider: str | None
    """Who rents it out (aws, gcp, azure, lambda, ...)."""
    region: str | None
    """The provider's region."""
    price_model: str
    """`on_demand`, `spot`, `capacity_block` (bought ahead), `owned`, or for a term of up to so long `reserved_1m`,
    `reserved_3m`, `reserved_6m`, `reserved_1y`, `reserved_3y`."""
    usd_per_accelerator_hour: Number | None
    """A rental price of your own."""
    storage_gb_months: Number | None
    """Object storage of data and checkpoints: GB (2^30 bytes, as billed) times months. Default: not in the cost."""
    usd_per_gb_month: Number | None
    """A storage price of your own."""
    egress_gb: Number | None
    """GB (2^30 bytes) sent out to the internet. Default: not in the cost."""
    usd_per_egress_gb: Number | None
    """An egress price of your own."""
    cost_basis: str | None
    """What `cost_usd` means; default `rental`, or `amortised` where `price_model` is `owned`."""
    place: str | None
    """Where machines of your own stand: `datacentre` (default), `office` or `home`: decides host, network, rack,
    overhead and tariff of what is `owned`."""
    grid_zone: str | None
    """Grid zone id, ISO code, or the name of a country or US state."""
    kgco2e_per_kwh: Number | None
    """Carbon intensity of your electricity."""
    pue: Number | None
    """Power usage effectiveness of the building: facility energy over IT energy."""
