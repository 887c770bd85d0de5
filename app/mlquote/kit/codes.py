"""Every code of warnings and errors, each with its one meaning and what a reader does about it.

A new code is one row here. `Warning` and `QuoteError` take no other, `GET /v1/codes` and docs/codes.md are made from
these rows. The diagnostics of losses have a table of their own (`losses/diagnostics.py`); the doors join the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["warning", "error", "diagnostic"]


@dataclass(frozen=True, slots=True)
class Code:
    """One code: where it stands, what it means, what to do, and the figures it leaves unknown."""

    code: str
    kind: Kind
    sentence: str
    what_to_do: str
    leaves_unknown: tuple[str, ...] = ()
    """Figures of budgets that are null (or lack a part) because of it."""
    cannot_be: bool = False
    """What was asked cannot happen as it was asked: no figure of it may pass a budget."""


def _warning(code: str, sentence: str, what_to_do: str, leaves_unknown: tuple[str, ...] = ()) -> Code:
    return Code(code, "warning", sentence, what_to_do, leaves_unknown)


def _impossible(code: str, sentence: str, what_to_do: str) -> Code:
    return Code(code, "warning", sentence, what_to_do, cannot_be=True)


def _error(code: str, sentence: str, what_to_do: str) -> Code:
    return Code(code, "error", sentence, what_to_do)


def _unknown(thing: str, where: str) -> Code:
    """An error about a name that is not in the catalogue."""
    spoken = thing.replace("-", " ")
    return _error(
        f"unknown-{thing}", f"No {spoken} of that name is known.", f"Take one of the hint's names, or {where}."
    )


_MONEY = ("cost_usd", "usd_per_mtok")
_POWER = ("energy_kwh", "emissions_kgco2e")
_WORK = ("training_flop", "accelerator_hours")

WARNINGS: tuple[Code, ...] = (
    _warning(
        "accelerator-figures-given",
        "Figures of your own stand for what the catalogue has of a part.",
        "Leave `accelerator_figures` out to read the catalogue's.",
    ),
    _warning(
        "accelerator-not-in-catalogue",
        "The catalogue lacks this part: only the figures given count, and what is not given is unknown.",
        "Give what an answer leaves null in `accelerator_figures`, or name a part of the catalogue.",
    ),
    _warning("accelerator-not-yet-released", "The run is dated before the part came out.", "Check `date`."),
    _warning(
        "accelerators-left-over",
        "The layout does not divide the accelerators: some stand idle and are paid.",
        "Take an `accelerator_count` that the replica's width divides.",
    ),
    _warning(
        "activations-not-counted",
        "Only parameters are known, so the memory leaves activations out.",
        "Give `model` or `architecture`, with layers and hidden_size.",
    ),
    _warning(
        "annual-averages",
        "Carbon is the yearly average of a grid zone: no hour and no season is in it.",
        "Give `kgco2e_per_kwh` of the hours that the run takes, where you know it.",
    ),
    _warning(
        "answered-earlier",
        "The response is older than the prices it is billed at.",
        "Give `as_of` to price it at its own moment.",
    ),
    _warning(
        "answered-from-cache",
        "Lines were answered from a proxy's own cache: no provider was asked, and nothing is due.",
        "Nothing.",
    ),
    _warning(
        "as-of-in-future",
        "The moment lies ahead: only price changes already announced are known.",
        "Read it as a forecast; ask again under a later release.",
    ),
    _warning(
        "assumed-tdp",
        "The maker publishes no rated power; what others assume stands in, in doubt.",
        "Give `power_w` if you have measured it.",
    ),
    _warning(
        "attention-left-out",
        "FLOP are 6 N D although the sequences are long: attention would add to them.",
        "Give `architecture` with layers and hidden_size.",
    ),
    _warning(
        "best-of-many",
        "So many choices lie within the plan's own doubt that the best of them looks better than it will be.",
        "Read `ties`: take the choice that suits you for other reasons.",
    ),
    _warning(
        "beyond-price-list",
        "The seller lists no price for so many labels a month: its last tier stands in.",
        "Ask the seller, or spread the work over more `months`.",
    ),
    _warning(
        "billed-not-usd",
        "A bill is in a currency other than the dollar: its amounts are told by currency and added to no dollars.",
        "Convert them at your own rate.",
    ),
    _warning(
        "bills-not-priced",
        "Lines are of what a seller billed: they stand in `billed_usd`, and not in `priced_usd`.",
        "See `billed_beside_priced` for our prices of the same quantities, and the cause of each difference.",
    ),
    _warning(
        "bounds-added",
        "A part's dollars are known as a bound alone, so the total is a bound too.",
        "Give the part's own figure, or read the total as `bound` says.",
    ),
    _warning(
        "cache-writes-not-told",
        "The usage tells no cache writes, and comes from a tool that leaves them out; if any were billed, more is due.",
        "Send the provider's own usage.",
    ),
    _warning(
        "calls-without-tokens",
        "Lines are calls that failed before anything was generated: nothing is due.",
        "Nothing.",
    ),
    _warning(
        "charge-as-reported",
        "The catalogue has no price, so the cost is what the provider itself reported.",
        "Nothing, if you trust the provider's own figure.",
    ),
    _warning(
        "choices-left-out",
        "Offers are left out of a plan because nobody knows what they draw, and energy or emissions are limited.",
        "Leave the limit out to have them compared.",
    ),
    _warning(
        "communication-bound",
        "Gradients alone take longer to send than a step lasts at this efficiency.",
        "Expect a lower MFU, or take a larger batch or a faster network.",
    ),
    _warning(
        "communication-unknown",
        "`batch_tokens` was given, but what else communication needs is missing.",
        "Give what the detail names.",
    ),
    _warning(
        "concurrency-above-max-num-seqs",
        "The engine is told to run fewer sequences at once than are asked for: the others wait.",
        "Raise max_num_seqs, or add replicas.",
    ),
    _warning(
        "concurrency-above-memory",
        "Fewer sequences fit into memory than are asked for: the others wait.",
        "Add accelerators, shorten the sequences, or take a smaller kv_dtype.",
    ),
    _warning(
        "context-tier-by-size",
        "One prompt of a million tokens or a few was priced, at long-context rates: that is not the price per million.",
        "Give `per=mtok` for the price per million tokens, or the tokens of one prompt with `requests`.",
    ),
    _warning(
        "cost-bases-mixed",
        "Some parts are rented and others owned: rental and amortised dollars are never added.",
        "Give the project a `cost_basis`, or read each basis by itself in `bases`.",
        ("cost_usd",),
    ),
    _warning(
        "count-by-another-name",
        "A count has a name that its provider does not use, and is read by what the name means elsewhere.",
        "Check that it is a part of the total beside it, as it is read.",
    ),
    _warning(
        "count-not-listed",
        "The plan takes more accelerators at once than any machine its seller lists.",
        "Ask the seller, or give `max_accelerators`.",
    ),
    _warning(
        "differs-from-reported",
        "The bill by list prices is not what the provider reported.",
        "Look for a discount, a credit or a modifier the response does not hold; `reported_usd` is what was charged.",
    ),
    _warning("disputed-price", "Public tables disagree on this price.", "Check the source named, or give a rate card."),
    _impossible(
        "does-not-fit",
        "The run does not fit into its accelerators' memory: hours and dollars are those of a run that cannot be.",
        "Take as many accelerators as the detail says, `recompute` full, adapters, or shorter sequences.",
    ),
    _warning(
        "efficiency-not-used",
        "Hours are given, so an efficiency changes nothing.",
        "Leave one of the two out.",
    ),
    _warning(
        "electricity-price-from-another-zone",
        "No price of electricity in that country is known: another's stands in, with a wide range.",
        "Take the amortised cost with care, or rent.",
    ),
    _warning(
        "embodied-from-other-parts",
        "Nobody published the carbon of making this part: the span of all others stands in.",
        "Read the wide range as it is.",
    ),
    _warning(
        "end-of-sizes",
        "The planned model is the smallest or the largest of its family's sizes.",
        "Give another `shape_family`.",
    ),
    _warning(
        "energy-of-whole-nodes",
        "Slurm measures whole nodes: the energy of a job is its own only where it had its nodes for itself.",
        "Leave the energy of shared nodes out, or measure boards (DCGM).",
    ),
    _warning(
        "engine-not-recognised",
        "The serving software that was named is not known: the average of the servers fitted stands in.",
        "Name a family: vLLM, TensorRT-LLM, SGLang, llama.cpp, DeepSpeed, FasterTransformer, transformers.",
    ),
    _warning(
        "extrapolated",
        "The answer leaves the sizes or budgets that the law was fitted on.",
        "Take it as an extrapolation; try another `law`.",
    ),
    _warning(
        "field-not-used",
        "A field was given that changes nothing here.",
        "Leave it out, or give what the detail says it needs.",
    ),
    _warning(
        "figure-from-another-year",
        "An annual figure (grid, PUE, water, a cost factor) is not of the year asked: the nearest known stands in.",
        "Give the figure yourself (`kgco2e_per_kwh`, `pue`), or take the range with care.",
    ),
    _warning(
        "fit-doubtful",
        "A law fitted on your runs is less sure than its figures look.",
        "Add runs: of more sizes, of more lengths, of larger budgets.",
    ),
    _warning(
        "flop-by-parameters",
        "Of this config only the parameters are known: FLOP are 6 N D, each parameter used once a token.",
        "Give `training_flop`, or `architecture` with layers; convolutions cost more, tables and unused experts less.",
    ),
    _warning(
        "flop-unknown",
        "Nothing says how much arithmetic the run is: FLOP and MFU are null.",
        "Give `tokens`, `samples` or `training_flop`.",
        _WORK,
    ),
    _warning(
        "free-allowance",
        "The list price: an account has some of these for free, which one call cannot know.",
        "Subtract your account's allowance of the day or month.",
    ),
    _warning(
        "grid-from-wider-zone",
        "The grid zone asked has no figure of its own: its country's stands in, with a wide range.",
        "Give `kgco2e_per_kwh`.",
    ),
    _warning(
        "grid-zone-assumed",
        "No place was given: the United States are assumed, with a wide range.",
        "Give `grid_zone`, `provider` and `region`, or `kgco2e_per_kwh`.",
    ),
    _warning(
        "guardrail-not-counted",
        "A guardrail looked at the request or the answer; its units are billed beside the model's tokens.",
        "Add the guardrail's price.",
    ),
    _warning(
        "holidays-unknown",
        "The holidays that decide peak hours of that year are not in this release.",
        "Check the peak hours of that year's holidays yourself.",
    ),
    _warning(
        "hours-not-told",
        "Machines ran for a time that the file does not tell; only a bound of their hours is known.",
        "Send the tool's JSON, which has the minutes.",
    ),
    _warning(
        "idle-draw-from-sibling-part",
        "No idle draw of the part is published: one of its family stands in.",
        "Give `power_w` as the mean over all paid hours, without `idle_fraction`.",
    ),
    _warning(
        "ignored-fields",
        "The log has fields that say nothing about a price.",
        "Check that none of them is a misspelt count.",
    ),
    _warning(
        "image-encoder-unknown",
        "The encoder that reads a prompt's images is not known: its pass is left out of times and FLOP.",
        "Add it yourself where images are large and prompts short; their tokens are counted.",
    ),
    _warning(
        "image-generation-not-counted",
        "An image model drew images whose tokens are not in this usage.",
        "Price the image model's own usage beside it.",
    ),
    _warning(
        "image-tokens-unknown",
        "Nobody says into how many tokens this model cuts an image: the images of its prompts are not counted.",
        "Give `image_tokens`, or add them to `input_tokens`.",
    ),
    _warning(
        "images-as-tokens",
        "An API that is compared counts images by a rule of its own; those of the hosted model stand in.",
        "Compare with the API's own count of one of your requests.",
    ),
    _warning(
        "implied-wage-unknown",
        "How long a label takes is unknown, so what an hour of it is paid is too.",
        "Give `seconds_per_unit` or `worker_hours`.",
    ),
    _warning(
        "label-price-from-another-date",
        "No price of these labels is in effect then: one of another date stands in.",
        "Give `usd_per_unit` or `usd_per_worker_hour`.",
    ),
    _warning(
        "label-price-reported",
        "The price is what somebody reports of a market, often a range without an address to order at.",
        "Ask a seller, and give `usd_per_unit`.",
    ),
    _warning(
        "label-time-unknown",
        "Nobody measured how long labels of this kind take: hours are null.",
        "Give `seconds_per_unit`, `stages` or `worker_hours`.",
    ),
    _warning(
        "lines-passed-over",
        "Lines can be read and are no usage: messages, spans of tools, steps of jobs, jobs on processors alone.",
        "Nothing.",
    ),
    _warning(
        "loss-not-comparable",
        "A loss of one law is not comparable with losses on another corpus or tokenizer.",
        "Refit the law on your own runs before comparing.",
    ),
    _warning(
        "loss-out-of-reach",
        "Under some of the laws no compute reaches the loss that is asked for.",
        "Ask for a higher loss, or read the laws that reach it as the only ones that answer.",
    ),
    _warning(
        "low-confidence-price",
        "The price rests on a weak source or on a date that is not certain.",
        "Check the source named before you rely on it.",
    ),
    _warning(
        "machines-not-priced",
        "Hours of some machines have no known price: the dollars are of all others.",
        "Give `usd_per_accelerator_hour`.",
    ),
    _warning(
        "malformed-lines",
        "Some lines of the log cannot be read and are not in the totals.",
        "See `malformed_lines`, mend them and send the log again.",
    ),
    _warning(
        "malformed-lines-cut",
        "More lines are malformed than are listed.",
        "Mend the first ones; the same fault is often in all.",
    ),
    _warning(
        "memory-shared",
        "The part has no memory of its own: processor and GPU share it.",
        "Give `accelerator_figures.memory_gb` of what is left to the GPU.",
    ),
    _warning(
        "memory-unknown",
        "The catalogue does not know the part's memory.",
        "Check yourself that the model fits.",
    ),
    _impossible(
        "mfu-above-reachable",
        "The run would use more of its peak than any machine reaches: hours, work and part do not belong together.",
        "Check the unit of the hours, the tokens or the speed, and the count of accelerators.",
    ),
    _warning(
        "mfu-taken-as-whole-run",
        "An efficiency without `goodput_fraction` is taken as the whole run's; printed ones are a good step's.",
        "Give `goodput_fraction` to say what was lost to restarts and waiting.",
    ),
    _warning(
        "mixture-assumed",
        "Only a part of the parameters is active and no experts are given: a mixture of usual sparsity stands in.",
        "Give `architecture` with experts, or `hf_config`.",
    ),
    _warning(
        "model-not-in-catalogue",
        "The name is a label only: the sizes given beside it are what counts.",
        "Nothing, if the sizes are right.",
    ),
    _warning(
        "model-not-yet-available",
        "The seller did not serve the model yet at that moment.",
        "Ask as of the day that the warning names, or a later one.",
    ),
    _warning(
        "model-retired",
        "A public table says that the model was no longer served at that moment.",
        "Check with the provider that the model can still be called.",
    ),
    _warning(
        "model-retiring",
        "The seller serves the model for at most 180 days more, or has called it deprecated without naming a last day.",
        "Plan the move to the successor that the warning names, if it names one.",
    ),
    _warning("no-accelerator-count", "The wall-clock time is null.", "Give `accelerator_count`."),
    _warning(
        "no-api-price",
        "No price is known for every token of this request, so there is no break-even.",
        "Compare with another provider's model.",
    ),
    _warning(
        "no-cache-price",
        "Cache reads have no price here: nothing is taken as cached.",
        "Leave cached_input_fraction out, or ask for standard processing.",
    ),
    _warning(
        "no-embodied",
        "Nobody published the carbon of making this part, or of any other.",
        "Add your own figure to the total.",
        ("emissions_kgco2e",),
    ),
    _warning(
        "no-host-overhead",
        "No measured system power stands behind the part: energy at the plug is null.",
        "Give `power_w` with power_scope=system.",
        _POWER,
    ),
    _warning(
        "no-label-price",
        "Nobody sells these labels, or nobody knows how long they take: the cost is null.",
        "Give `usd_per_unit`, or `usd_per_worker_hour` with `seconds_per_unit`.",
        ("cost_usd",),
    ),
    _warning(
        "no-ledger",
        "A budget file keeps no ledger: limits per period are held against this check alone.",
        "Name a budget of a server to have periods counted.",
    ),
    _warning(
        "no-loss-law",
        "No scaling law had been published by `as_of`: `predicted_loss` is null.",
        "Give a later `as_of`.",
    ),
    _warning(
        "no-market-based-factor",
        "No market-based carbon factor is published for this place.",
        "Use the location-based figure.",
    ),
    _warning(
        "no-measured-runs",
        "No run of this maker's parts or of this engine is among those measured: estimates rest on the data sheet.",
        "Read the wider range; measure and give `output_tokens_per_s`, or in training a measured speed.",
    ),
    _warning("no-power", "Nobody published or measured the part's power: energy is null.", "Give `power_w`.", _POWER),
    _warning(
        "no-price",
        "A count of the bill has no price: the cost is null, never zero.",
        "See the detail for what is priced; give a rate card for what is not.",
        _MONEY,
    ),
    _warning(
        "no-price-at-moment",
        "A count has no known price yet at that moment.",
        "Give an `as_of` after the date in the detail.",
        _MONEY,
    ),
    _warning(
        "no-purchase-price",
        "Nobody published a purchase price of the part: what owning it costs is null.",
        "Rent it, or give usd_per_accelerator_hour.",
        _MONEY,
    ),
    _warning(
        "no-rental-price",
        "Nobody published a rental price: the cost is null, never zero.",
        "Give `usd_per_accelerator_hour`.",
        _MONEY,
    ),
    _warning(
        "no-storage-or-egress-price",
        "The price of the storage or egress asked for is not known: the total is null.",
        "Give a price of your own.",
        ("cost_usd",),
    ),
    _warning(
        "no-tdp",
        "No rated power of the part is published: the energy that rests on it is null.",
        "Give `power_w`.",
        _POWER,
    ),
    _warning(
        "no-water-figure",
        "No water usage effectiveness is published for this place: water is null.",
        "Leave water out of the comparison.",
    ),
    _warning(
        "not-in-focus",
        "Some of the log is in no row of the FOCUS export: it has no known price, or is no usage of ours.",
        "See the detail, and unpriced_lines and malformed_lines: the export is of all others.",
    ),
    _warning("null-counts", "The response holds null where a count stands: read as none.", "Check the response."),
    _warning(
        "own-key",
        "Your own provider key was used: the reseller's fee and the provider's charge are added.",
        "Nothing; `reported_usd` is the sum.",
    ),
    _warning(
        "parameters-uncounted",
        "A part of the model is not counted among the parameters.",
        "Give `params` if you know the whole number.",
    ),
    _warning(
        "part-as-spelled",
        "A name of an accelerator means no part of the catalogue: its hours are told under the name as it is spelled.",
        "Name the part as `/v1/catalog/accelerators` does.",
    ),
    _warning(
        "parts-not-counted",
        "Nothing says that these parts take any of a figure, so its total has none of theirs.",
        "Give the part's own figure, such as `energy_kwh` of a line item, where it matters.",
    ),
    _warning(
        "place-assumed",
        "A part that is sold for desks is owned, and nobody says where it stands: a data centre is taken.",
        "Give `place`: `home`, `office` or `datacentre`.",
    ),
    _warning(
        "place-stands-in",
        "The seller lists no price for the place asked for: that of another place, named in the detail, stands in.",
        "Check the seller's own page, or leave `region` out.",
    ),
    _warning(
        "plan-infeasible",
        "No plan is within the limits: its figures are null, and `infeasible` tells the nearest.",
        "Raise the limit that is named, or ask for less.",
        _MONEY,
    ),
    _warning(
        "plan-takes-years",
        "Without a deadline the cheapest hours win, however long they take.",
        "Give `deadline_days`.",
    ),
    _warning(
        "policy-alone",
        "rlhf and rl count the policy alone: no reference, reward or value model, and no rollouts of their own.",
        "Name the method: dpo, orpo or kto on preferences; grpo, rloo or ppo with rollouts.",
    ),
    _warning(
        "precision-not-in-law",
        "The laws were fitted on 16-bit training; what fewer bits lose is not in the predicted loss.",
        "Expect a somewhat higher loss.",
    ),
    _warning(
        "precision-not-supported",
        "The part has no rate in this precision: the run is counted in the next one it has, and is no faster.",
        "Ask for a precision the part has, or take another part.",
    ),
    _warning("price-ends", "The price holds only until the date in the detail.", "Ask again for later use."),
    _warning(
        "price-from-another-date",
        "No price is known near the date: the nearest stands in, the range widens with the years between.",
        "Give `usd_per_accelerator_hour`, or a price of your own.",
    ),
    _warning(
        "price-from-another-region",
        "No price is known in that region: the provider's other regions stand in.",
        "Give `usd_per_accelerator_hour`, or take a region from the detail's rows.",
    ),
    _warning(
        "price-from-sibling-part",
        "Nobody rents out or sells the part: its maker's nearest one stands in, per GB of memory.",
        "Give `usd_per_accelerator_hour`.",
    ),
    _warning(
        "price-model-substituted",
        "No price of that kind is known: the on-demand one stands in, discounted as others are.",
        "Give `usd_per_accelerator_hour`, or another `price_model`.",
    ),
    _warning(
        "price-unseen-for",
        "The price was last seen so many days before: it may have moved without anybody having looked.",
        "Check the seller's own page, or give the price.",
    ),
    _warning(
        "provider-from-model",
        "Lines of the log name no provider: they are priced as their model's maker's.",
        "Say `provider=` for the whole log, or `provider` in each line, where another one served them.",
    ),
    _warning(
        "provider-without-prices",
        "The provider rents nothing out that the catalogue knows: the market's price stands in.",
        "Give `usd_per_accelerator_hour`.",
    ),
    _warning(
        "quantisation-not-read",
        "The model's name says how its weights are stored, and no dtype here has that width.",
        "Give `weight_dtype`.",
    ),
    _warning(
        "ranges-added",
        "Ends of ranges are added as if all were high together: the sum's range is the widest it may be.",
        "Limit the central figure if that is too careful.",
    ),
    _warning(
        "ranges-overlap",
        "Rows of a ranking lie within the range of the first: which of them is best is not known.",
        "Read `tied_with_first`, `rank_at_best` and `rank_at_worst`, or give what the doubt comes from.",
    ),
    _warning(
        "rate-card-not-applied",
        "The rate card has no line to apply to: only the provider's charge is known.",
        "Give the rate card a price for this model.",
    ),
    _warning(
        "region-and-zone-differ",
        "`region` and `grid_zone` are two places: price and overhead are one's, carbon and electricity the other's.",
        "Leave one of the two out.",
    ),
    _warning(
        "release-withdrawn",
        "The catalogue release that answered was withdrawn since; the detail says why.",
        "Ask without `release`, or name a later one; compare the two with `/v1/catalog/releases/{a}/diff/{b}`.",
    ),
    _warning(
        "repeated-answers",
        "The same usage was told more than once, by its id or by a span above; it is billed once.",
        "Nothing, if the ids are right.",
    ),
    _warning(
        "report-cut",
        "The file says that there is more of it than was sent.",
        "Fetch the further pages and send them too.",
    ),
    _warning(
        "requests-together",
        "One object counts several requests together, and a price may depend on the length of each.",
        "Nothing, where the model has one price for every length; otherwise ask for each request.",
    ),
    _warning(
        "retrieved-tokens-not-charged",
        "Tokens that the grounding retrieved are not charged as input.",
        "Nothing; the provider does not bill them.",
    ),
    _warning(
        "saturated",
        "More requests come than are served: the queue grows without end.",
        "Add accelerators, or ask for fewer requests_per_s.",
    ),
    _warning(
        "search-context-assumed",
        "The response names no search context size: the provider's default is taken.",
        "Give it in `usage` if it was set.",
    ),
    _warning(
        "search-not-counted",
        "The message cites web pages, and its usage does not count searches.",
        "Give `web_searches` in `usage`.",
    ),
    _warning(
        "served-otherwise",
        "The response was served in another mode than the one asked for.",
        "Nothing; the response decides.",
    ),
    _warning(
        "service-tier-auto",
        "The response's tier is a wish and not a rate: standard is taken.",
        "Give `processing` if you know it.",
    ),
    _warning(
        "settled-above-reserved",
        "More than twice of what was reserved, or may be spent at all, was settled.",
        "Check the figure; a wrong one is taken back by a correction.",
    ),
    _warning(
        "several-label-prices",
        "No seller is named: the figures span what several ask.",
        "Name `provider`, or give a price of your own.",
    ),
    _warning(
        "several-models",
        "Several models answered one call; each is billed at its own price.",
        "Nothing; the row of each line names its model.",
    ),
    _warning(
        "several-passes",
        "One response was billed as several passes, and all of them are counted.",
        "Nothing; the top-level counts leave some out.",
    ),
    _warning(
        "several-releases",
        "The questions of one check were answered from different catalogue releases.",
        "Pin one `release` in all of them.",
    ),
    _warning(
        "shared-boards",
        "Several pods or instances share a board whose meter counts the whole of it: it is counted once.",
        "Nothing.",
    ),
    _warning(
        "sources-not-priced",
        "Sources of a live search were used whose price is not in this cost.",
        "Add them by the provider's own bill.",
    ),
    _warning(
        "staff-not-included",
        "Staff, data and (unless asked for) storage are not in these dollars.",
        "Add them yourself; `storage_gb_months` and `egress_gb` are priced.",
    ),
    _warning(
        "still-running",
        "Jobs have no end yet: they count for as long as they had run when the file was written.",
        "Export again once they have ended.",
    ),
    _warning(
        "target-missed",
        "The concurrency given misses a latency target.",
        "Lower `concurrency` to the number in the detail, or add accelerators.",
    ),
    _warning(
        "target-modules-absent",
        "Some target_modules name nothing that the model has: only the others have adapters.",
        "Take the names in the detail, or all-linear.",
    ),
    _warning(
        "terms-outlast-run",
        "The machines are paid for a longer term than the run takes; its dollars are of the run alone.",
        "Add the rest of the term, or plan `on_demand`.",
    ),
    _warning(
        "tokens-estimated",
        "The tokens of the text are not counted, but taken from its characters.",
        "Count them with the provider's own service, or take the range as it is.",
    ),
    _warning(
        "total-unknown",
        "A part takes some of a figure and nobody knows how much, so there is no total.",
        "Read `sums` for the sum of the other parts, or give the part's figure as a line item.",
        ("cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e"),
    ),
    _warning(
        "ttft-undefined",
        "Offline, all requests are there from the start: there is no first-token time.",
        "Give `concurrency`.",
    ),
    _warning(
        "undated-lines",
        "Some lines say no time: they are priced at today's prices and counted today.",
        "Add a timestamp to each line.",
    ),
    _warning(
        "unpriced-lines",
        "Some lines have no known price: cost_usd is null, priced_usd is what is known.",
        "See `unpriced_lines`; lay a rate card over what has no public price.",
        ("cost_usd",),
    ),
    _warning(
        "unpriced-lines-cut", "More lines have no price than are listed.", "Group the log by model to see all of them."
    ),
    _warning(
        "unread-number",
        "A number beside the counts of a response is none that the dialect knows, and no count by its name.",
        "Nothing, if it costs nothing.",
    ),
    _warning(
        "utilisation-full",
        "Dollars per token assume that every paid hour is used in full.",
        "Give `utilisation_fraction`, or see `utilisation_curve`.",
    ),
    _warning(
        "votes-independent",
        "How often a verdict is right rests on votes that err independently of each other.",
        "Take it as the most that votes can give; measure it on items of known answer.",
    ),
)

ERRORS: tuple[Code, ...] = (
    _error(
        "accelerator-unknown",
        "The catalogue lacks what serving needs of this part.",
        "Take another accelerator, or describe it in the question.",
    ),
    _error(
        "above-max-model-len",
        "The requests are longer than the engine is started for.",
        "Raise max_model_len, or shorten prompt or output.",
    ),
    _error("bad-request", "The request cannot be read as HTTP says it should.", "Check headers and body."),
    _error(
        "cancelled",
        "The computation was stopped: nobody waits for it, or its time was up.",
        "Ask again, with less at once.",
    ),
    _error("conflict", "The request contradicts what is already recorded.", "Read what is recorded, then decide."),
    _error(
        "contradictory-counts",
        "Counts contradict each other: parts are more than their whole.",
        "Send the provider's usage as it is.",
    ),
    _error(
        "contradictory-region",
        "The model's id says where it runs, and `region` names another place.",
        "Leave `region` out, or name the model without a place.",
    ),
    _error(
        "does-not-fit",
        "The weights and one sequence's cache do not fit into this layout's memory.",
        "Take what the hint says would fit.",
    ),
    _error(
        "dtype-not-computable",
        "The part cannot compute in what this weight_dtype is read as.",
        "Take one of the hint's dtypes.",
    ),
    _error("forbidden", "The key is known and does not allow this.", "Use a key with the scope in the detail."),
    _error(
        "idempotency-key-reused",
        "The Idempotency-Key was used for another request.",
        "Send a new key with a new request.",
    ),
    _error("internal", "A fault of ours; the log holds it under the request's id.", "Report it with x-request-id."),
    _error("invalid-catalog", "The data files break a rule.", "Mend each fault listed as file:row:column."),
    _error(
        "job-failed",
        "What priced a long log ended several times before it had an answer.",
        "Send the log again, or in parts.",
    ),
    _error(
        "layout-impossible",
        "One replica needs more accelerators than there are.",
        "Give a narrower tensor_parallel, or more accelerators.",
    ),
    _error("malformed", "A field is missing, misspelt or of the wrong type.", "See each fault's pointer and hint."),
    _error("method-not-allowed", "The path does not take this method.", "See GET /openapi.json."),
    _error("negative-count", "A count is below zero.", "Send the provider's usage as it is."),
    _error(
        "not-effective", "The catalogue knows the name, but holds nothing for that moment.", "Give another `as_of`."
    ),
    _error("not-found", "No such path.", "See GET /openapi.json, or the hint."),
    _error("out-of-domain", "A value is of the right type and means nothing here.", "Give a value within the hint."),
    _error(
        "provider-needed",
        "Several providers sell a model of this name, and none of them is its maker.",
        "Say which one, by `provider`.",
    ),
    _error("quote-error", "The question cannot be answered.", "See the detail."),
    _error(
        "rate-card-not-here",
        "Rate cards are kept by the service, and this question was not asked there.",
        "Ask /v1/estimates/inference or its batch.",
    ),
    _error(
        "rate-card-unit",
        "A rule of the rate card gives a price in a unit in which this is not counted.",
        "Give the rule one of the units in the detail.",
    ),
    _error(
        "release-stamp-in-use",
        "Other rows were published under this day and note, or a later release was: a stamp names its rows for ever.",
        "Give release.toml a later `published_on`, or a note of its own.",
    ),
    _error(
        "rule-matches-nothing",
        "A rule of the rate card means no seller, model or mode of this release: it would change no bill.",
        "Write the seller and the model as your questions do; the hint names the nearest.",
    ),
    _error(
        "several-answers",
        "One question holds the usage of several calls, and each is billed by itself.",
        "Ask for each: the batch endpoint takes one a line.",
    ),
    _error(
        "settled-beyond-reserved",
        "A settlement is far beyond what was reserved: a decimal point may have slipped.",
        "Correct the figure, or send `confirm` if it is so.",
    ),
    _error(
        "sizes-not-published",
        "The model is sold by the token, and its weights and sizes are not public.",
        "Ask `/v1/estimates/inference` for its price, or give the size you suppose.",
    ),
    _error(
        "targets-unreachable",
        "Not even one sequence alone meets the latency targets.",
        "Take the targets in the hint, or a faster or wider layout.",
    ),
    _error(
        "to-be-filled-in",
        "A spec holds values that no file told `mlquote scan`.",
        "Put a number or a name in each line of the list.",
    ),
    _error("too-large", "The request brings more than one request may.", "Send less at once."),
    _error("too-many", "More is asked than this caller may ask just now.", "Wait, then ask again."),
    _error("took-too-long", "The computation took longer than it may.", "Send less at once."),
    _error("unauthenticated", "No key came, or one that nobody issued.", "Send Authorization: Bearer KEY."),
    _error("unavailable", "The answer exists and cannot be reached now.", "Try again later."),
    _error(
        "unknown-chart",
        "No chart of that kind is drawn, or not in that form.",
        "GET /v1/charts lists every kind; svg or png.",
    ),
    _error("unknown-coding", "The body is packed in a way that is not read.", "Send it as it is, or as gzip or zstd."),
    _error("unknown-field", "No field of that name exists.", "Take the nearest name in the hint."),
    _error("unknown-job", "No job of that id is kept.", "Send the log again."),
    _error(
        "unknown-modifier",
        "The model is not sold in this mode, region or variant; the standard price never stands in.",
        "Take one of the hint's.",
    ),
    _error("unknown-name", "A name is not in the catalogue.", "Take one of the hint's names."),
    _error(
        "unread-count",
        "A response counts something that the dialect does not know: leaving it out could make the bill wrong.",
        "Give `usage`, or leave the count out if it repeats another one.",
    ),
    _error("unsupported-architecture", "The parameters of this model_type cannot be counted.", "Give `architecture`."),
    *(
        _unknown(thing, f"see GET /v1/catalog/{table}")
        for thing, table in (
            ("accelerator", "accelerators"),
            ("accelerator-peak", "accelerator_peaks"),
            ("accelerator-power", "accelerator_power"),
            ("alias", "aliases"),
            ("annotation-price", "annotation_prices"),
            ("cost-factor", "cost_factors"),
            ("default", "defaults"),
            ("doubt", "doubts"),
            ("efficiency-anchor", "efficiency_anchors"),
            ("embodied", "embodied"),
            ("facility", "facilities"),
            ("fitted-factor", "fitted_factors"),
            ("grid-intensity", "grid_intensity"),
            ("grid-zone", "grid_intensity"),
            ("judged", "judged"),
            ("image-rule", "image_rules"),
            ("law", "scaling_laws"),
            ("model", "models"),
            ("model-lifecycle", "model_lifecycles"),
            ("provider", "regions"),
            ("purchase-price", "purchase_prices"),
            ("region", "regions"),
            ("rental-price", "rental_prices"),
            ("scaling-law", "scaling_laws"),
            ("serving-constant", "serving_constants"),
            ("serving-run", "serving_runs"),
            ("source", "sources"),
            ("threshold", "thresholds"),
            ("time-window", "time_windows"),
            ("token-price", "token_prices"),
            ("training-run", "training_runs"),
            ("training-score", "training_scores"),
            ("tuning-run", "tuning_runs"),
            ("verification", "verifications"),
        )
    ),
    _unknown("budget", "list them with GET /v1/budgets"),
    _unknown("key", "list them with mlquote keys list"),
    _unknown("loss", "list them with GET /v1/losses"),
    _unknown("rate-card", "list them with GET /v1/rate-cards"),
    _unknown("regularizer", "list them with GET /v1/regularizers"),
    _unknown("release", "list them with GET /v1/catalog/releases"),
    _unknown("reservation", "list them with GET /v1/budgets/{name}/reservations"),
    _unknown("table", "list them with GET /v1/catalog"),
    _unknown("transaction", "list them with GET /v1/budgets/{name}/ledger"),
    _unknown("upstream", "see mlquote catalog refresh --help"),
)

WARNING_CODES = frozenset(row.code for row in WARNINGS)
ERROR_CODES = frozenset(row.code for row in ERRORS)


def leaving_unknown(figure: str) -> frozenset[str]:
    """The warnings that say why a figure of budgets ("cost_usd") is unknown."""
    return _LEAVING.get(figure, frozenset())


IMPOSSIBLE = frozenset(row.code for row in WARNINGS if row.cannot_be)
"""Warnings of what cannot happen as it was asked."""


def _by_figure(rows: Iterable[Code]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for figure in row.leaves_unknown:
            found.setdefault(figure, set()).add(row.code)
    return {figure: frozenset(codes) for figure, codes in found.items()}


_LEAVING = _by_figure(WARNINGS)
