"""Fields of a serving question that count only under a condition: without it a warning names them."""

from dataclasses import dataclass

from mlquote.estimators.asking.unused import Needs
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import ServingRun, replicas_of


@dataclass(frozen=True, slots=True)
class Used:
    """What the rules look at: the question, what was found for it, and what became of it."""

    question: ServingQuestion
    facts: ServingFacts
    run: ServingRun

    @property
    def is_sold(self) -> bool:
        """Somebody asks a price for an hour of the part, or it was given."""
        return self.facts.price.rate.value is not None

    def feels_utilisation(self) -> bool:
        """Idle hours make tokens dearer, or more replicas needed."""
        run, residual = self.run, self.run.residuals.output_tokens_per_s.value
        if run.token_cost is not None or run.break_even.value is not None:
            return True
        return run.replicas_needed != replicas_of(self.question, run.deployment, run.operation, residual, 1.0)

    @property
    def is_emitting(self) -> bool:
        """Carbon is known: of an hour, and of a token where tokens are."""
        return self.run.footprint.kgco2e_per_hour is not None

    @property
    def has_electricity(self) -> bool:
        """An owner's electricity is in the dollars."""
        return self.facts.price.is_of_its_zone and self.run.usd_per_hour is not None

    @property
    def is_market_rate(self) -> bool:
        """The rent was looked up, and at whose place it is decides it."""
        asked = (self.facts.price, *self.facts.other_prices)
        return self.question.own_usd_per_hour is None and any(p.price_model != "owned" for p in asked)

    def feels_cap(self) -> bool:
        """As many run as may, or a machine that fills up would run as many."""
        host, work = self.run.deployment, self.run.operation
        return host.cap < host.room or work.limit.sequences >= host.cap

    def sizes_images(self) -> bool:
        """How large images are decides how many tokens they are."""
        images = self.facts.images.value
        return images is not None and images.is_sized

    def keeps_a_cache(self) -> bool:
        """The model keeps keys and values of the tokens it has seen."""
        served = self.run.deployment.served
        return served.full_elements_per_token + served.window_elements_per_token > 0

    def holds_down(self, target: str) -> bool:
        """The target sets the batch, or is said to be missed; where speed is measured no batch follows from it."""
        work = self.run.operation
        if self.question.output_tokens_per_s is not None and self.question.concurrency is not None:
            return target in work.missed
        return target in work.limit.held_by or target in work.missed

    def feels_premises(self) -> bool:
        """Host, tariff or overhead go by where a machine of one's own stands."""
        asked, is_powered = self.question, self.run.power.facility is not None
        if asked.own_usd_per_hour is None and self.is_sold:
            return True
        return is_powered and (self.is_sold or asked.pue is None)

    def is_regional(self) -> bool:
        """Some figure is the region's own: its rent, its PUE, its grid, its water."""
        site = self.facts.site
        asked = self.question
        by_grid = asked.grid_zone is None and asked.kgco2e_per_kwh is None and self.is_emitting
        return self.is_market_rate or site.pue.level == "region" or by_grid or self.has_water

    @property
    def has_water(self) -> bool:
        """Water per token is known, by the provider's or the region's own figure."""
        return self.run.footprint.water_l_per_mtok is not None

    def is_providers(self) -> bool:
        """Some figure is the provider's own: its rent, its fleet's PUE, its water, or its region's."""
        return self.facts.site.pue.level == "fleet" or self.is_regional()


RULES: tuple[Needs[Used], ...] = (
    Needs(("steps", "passes_per_step"), lambda used: False, "no image is made; give task image"),
    Needs(("image_tokens",), lambda used: used.question.images > 0, "no image is read; give images"),
    Needs(
        ("image_size", "image_height"),
        lambda used: used.question.images > 0,
        "no image is read or made; give images, or task image",
    ),
    Needs(("image_size", "image_height"), Used.sizes_images, "it decides no image's tokens here"),
    Needs(("audio_seconds",), lambda used: False, "nothing is transcribed; give task transcribe"),
    Needs(
        ("lora_rank",),
        lambda used: used.question.lora_adapters is not None,
        "no adapters are served; give lora_adapters",
    ),
    Needs(
        ("scenario",),
        lambda used: used.question.requests_per_s is None or used.question.scenario == "interactive",
        "requests_per_s is an open loop, whatever the scenario",
    ),
    Needs(
        ("draft_cost_fraction",),
        lambda used: used.question.speculative_tokens > 0,
        "nothing is drafted; give speculative_tokens",
    ),
    Needs(
        ("operations_usd_per_month",),
        lambda used: used.run.break_even.value is not None,
        "it counts only against an API's price; give against_provider and against_model",
    ),
    Needs(
        ("rate_card",),
        lambda used: used.run.break_even.value is not None,
        "it is laid over an API's price; give against_model",
    ),
    Needs(
        ("against_provider", "against_model"),
        lambda used: used.facts.api.value is None or used.run.break_even.value is not None,
        "no price of an hour is known to break even with",
    ),
    Needs(
        ("concurrency",),
        lambda used: used.question.requests_per_s is None,
        "requests_per_s says how many are in flight",
    ),
    Needs(
        ("max_num_seqs",),
        Used.feels_cap,
        "no more than so many sequences run all the same",
    ),
    Needs(
        ("against_model", "against_provider"),
        lambda used: used.run.break_even.value is not None or used.facts.api.value is None,
        "no price of an hour is known to compare an API with",
    ),
    Needs(("kv_dtype",), Used.keeps_a_cache, "the model keeps no keys and values"),
    Needs(
        ("prefix_cache_hit_fraction",),
        lambda used: used.run.deployment.input_tokens > 0,
        "there are no prompt tokens to find cached",
    ),
    Needs(
        ("max_ttft_ms",),
        lambda used: used.holds_down("max_ttft_ms"),
        "it is met by every batch that memory, the engine and the other target allow",
    ),
    Needs(
        ("max_tpot_ms",),
        lambda used: used.holds_down("max_tpot_ms"),
        "it is met by every batch that memory, the engine and the other target allow",
    ),
    Needs(
        ("utilisation_fraction",),
        Used.feels_utilisation,
        "no dollars per token are known, and as many replicas are needed at full use",
    ),
    Needs(("price_model", "cost_basis"), lambda used: used.is_sold, "no price of an hour is known under these terms"),
    Needs(
        ("price_model",),
        lambda used: used.question.cost_basis != "amortised" or used.question.price_model == "owned",
        "cost_basis amortised means an owner's capital and electricity",
    ),
    Needs(
        ("price_model",),
        lambda used: used.question.cost_basis != "rental" or used.question.price_model != "owned",
        "cost_basis rental means a rent: on demand is taken",
    ),
    Needs(
        ("place",),
        lambda used: used.question.terms == "owned",
        "only machines of one's own stand there; give price_model owned",
    ),
    Needs(("place",), Used.feels_premises, "neither an owner's dollars nor an overhead are told"),
    Needs(
        ("price_model",),
        lambda used: used.question.own_usd_per_hour is None or used.question.price_model == "owned",
        "usd_per_accelerator_hour (or accelerator_figures.usd_per_hour) is the price, whatever the terms",
    ),
    Needs(
        ("grid_zone",),
        lambda used: (used.question.kgco2e_per_kwh is None and used.is_emitting) or used.has_electricity,
        "kgco2e_per_kwh is given, or no carbon is answered, and no electricity is paid for",
    ),
    Needs(
        ("kgco2e_per_kwh",), lambda used: used.is_emitting, "no power, or no throughput, is known to count carbon of"
    ),
    Needs(("pue",), lambda used: used.run.power.facility is not None, "no power is known to multiply by it"),
    Needs(
        ("region",),
        Used.is_regional,
        "price and site are given, and nothing else is the region's own",
    ),
    Needs(
        ("provider",),
        Used.is_providers,
        "price and site are given, and nothing else is the provider's own",
    ),
)
"""In the order in which they are said; a field takes the first rule that it does not meet."""
