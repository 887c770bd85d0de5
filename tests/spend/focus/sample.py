"""Logs of every meter, priced and exported; run as a module, it writes the files that the validator reads."""

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.price_list import cards_of
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.estimators.tokens.usage import COUNTED
from mlquote.kit.provenance import Answer
from mlquote.spend.delivered.walk import Delivery, read_delivered
from mlquote.spend.focus.charges import FocusTerms
from mlquote.spend.focus.files import csv_of, parquet_of
from mlquote.spend.machine_terms import MachineTerms
from mlquote.spend.usage import bill, told
from mlquote.store.files import bundled_folder, snapshot_from_files
from tests.spend.delivered.reading import NOW, csv, ndjson

DAY = "2026-11-02T10:00:00Z"
CARD = RateCard.model_validate({"rules": [{"model": "claude-*", "multiplier": 0.88}, {"usd_per_unit": 0.3}]})
JOBS = csv(
    "JobIDRaw|User|Account|Partition|State|Start|End|ElapsedRaw|NNodes|AllocTRES|Restarts|ConsumedEnergyRaw",
    "1|ann|nlp|gpu|COMPLETED|2026-11-02T01:00:00|2026-11-02T02:30:00|5400|1|gres/gpu:a100=8,gres/gpu=8|0|0",
)
"""8 A100 for 5,400 s: 12 h."""


def exported(body: bytes, catalog: Snapshot, by: tuple[str, ...] = (), **terms: Any) -> dict[str, Any]:
    """The answer to a log, with its charges."""

    def estimate(question: ApiUsage, catalog: Snapshot, moment: datetime) -> Answer:
        return inference_estimate(question, catalog, moment, card=NamedCard("acme", CARD))

    zone = terms.pop("zone", UTC)
    lines = read_delivered(body, Delivery(None, "", None, zone))
    whole = bill(lines, catalog, NOW, by, estimate, zone, FocusTerms(**terms))
    return told(whole, catalog, NOW)


def one_of_every_meter(catalog: Snapshot) -> list[dict[str, Any]]:
    """A line for one in nine of the models, with an odd count of all that its list prices, in each of its modes."""
    lines: list[dict[str, Any]] = []
    cards = [card for models in cards_of(catalog).values() for card in models.values()]
    for place, card in enumerate(cards[::9]):
        for mode in card.processings:
            rates = card.ladder(NOW, mode)[-1].rates
            counts = {meter: 1_237 + place for meter in COUNTED if meter in rates and meter != "code_minutes"}
            said = {"provider": card.provider, "model": card.model, "processing": mode, "timestamp": DAY}
            lines.append({**said, "usage": counts, "labels": {"team": f"t{place % 3}"}})
    return lines


def machines(catalog: Snapshot, rate: str | None = None) -> dict[str, Any]:
    """The answer to JOBS, with its charges, at a rate of one's own or at the market's."""
    whole = bill(read_delivered(JOBS, Delivery()), catalog, NOW, focus=FocusTerms())
    whole.terms = MachineTerms(usd_per_accelerator_hour=None if rate is None else Decimal(rate))
    return told(whole, catalog, NOW)


def _write(folder: Path) -> None:
    """charges.csv and charges.parquet, of calls and machines."""
    catalog = snapshot_from_files(bundled_folder())
    lines = one_of_every_meter(catalog)[::4]
    lines += [{**line, "discount_fraction": 0.13, "requests": 3} for line in lines[::5]]
    abroad = {"provider": "aws-bedrock", "model": "claude-haiku-4-5", "region": "eu-west-1", "timestamp": DAY}
    export = exported(ndjson(*lines, {**abroad, "input_tokens": 5}), catalog)["focus"]
    export = {**export, "rows": [*export["rows"], *machines(catalog)["focus"]["rows"]]}
    (folder / "charges.csv").write_text(csv_of(export), "utf-8")
    (folder / "charges.parquet").write_bytes(parquet_of(export))


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
