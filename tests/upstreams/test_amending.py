"""A taken difference as rows: the held one ends on the day the listed one begins."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.amending import Taken, amendments, cells
from tests.upstreams.sample import NEW, gpt9, grid, held, machines, token_key

_DAY = datetime(2026, 11, 24, tzinfo=UTC)
_TAKEN = Taken(
    "token_prices", token_key("gpt-9", "input"), Decimal("1.50"), NEW, "litellm 1.1; genai-prices 0.9", NEW, "", 2
)


def test_a_changed_price_closes_a_row_and_opens_one(tmp_path: Path) -> None:
    ended, begun = amendments(held(tmp_path / "c"), _TAKEN)
    assert (ended.before.effective_to, ended.after.effective_to, ended.after.usd) == (None, _DAY, Decimal(2))
    new = begun.after
    assert (new.usd, new.effective_from, new.effective_to, new.checked_on) == (Decimal("1.50"), _DAY, None, NEW)
    assert (new.confidence, new.effective_from_basis) == ("high", "first_observed_change:litellm")
    assert new.source_url == ended.before.source_url


def test_a_price_that_is_gone_only_ends(tmp_path: Path) -> None:
    (ended,) = amendments(held(tmp_path / "c"), replace(_TAKEN, listed=None))
    assert ended.after.effective_to == _DAY


def test_a_scheduled_price_ends_the_new_one(tmp_path: Path) -> None:
    later = gpt9(effective_from="2027-01-01")[1] | {"usd": "1"}
    first, second, third = gpt9()
    rows = (first, second | {"effective_to": "2027-01-01"}, third, later)
    *_, begun = amendments(held(tmp_path / "c", *rows), _TAKEN)
    assert begun.after.effective_to == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_row_of_the_same_day_cannot_end_then(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c", *gpt9(effective_from="2026-11-24"))
    with pytest.raises(InvalidCatalog, match="begins on 2026-11-24 or later"):
        list(amendments(catalog, _TAKEN))


def test_a_retirement_has_its_day_and_its_page(tmp_path: Path) -> None:
    page = "https://example.org/deprecations"
    retired = Taken("model_lifecycles", ("openai", "gpt-9"), date(2027, 1, 14), NEW, "litellm 1.1", NEW, page, 1)
    (begun,) = amendments(held(tmp_path / "c"), retired)
    assert (begun.before, begun.after.retired_on, begun.after.effective_from) == (None, date(2027, 1, 14), None)


def test_cells_are_what_a_file_prints(tmp_path: Path) -> None:
    *_, begun = amendments(held(tmp_path / "c"), _TAKEN)
    printed = ",".join(cells(begun.after))
    assert printed.startswith("openai,gpt-9,input,text,,standard,,,,,,per_million_tokens,1.50,,,high,")
    assert ",2026-11-24,," in printed


def test_an_hourly_price_is_one_of_the_machine_and_of_each_part(tmp_path: Path) -> None:
    key = ("aws", "p5.48xlarge", "h100-sxm5-80gb", 8, "us-east-1", "on_demand", "", "instance")
    taken = Taken("rental_prices", key, Decimal("55.04"), NEW, "karpenter-provider-aws 1", NEW, "", 1)
    ended, begun = amendments(held(tmp_path / "c", **machines()), taken)
    assert (ended.before.usd_per_hour, ended.after.effective_to) == (Decimal(80), _DAY)
    new = begun.after
    assert (new.usd_per_hour, new.usd_per_accelerator_hour) == (Decimal("55.04"), Decimal("6.88"))
    assert (new.confirmed, new.checked_on, new.note) == ("yes", NEW, "read in karpenter-provider-aws 1")


def test_a_grids_new_year_stands_beside_the_old_one(tmp_path: Path) -> None:
    key = ("gcp:asia-east1", "Google region carbon", "2024 file", "direct", "location", "consumption")
    said = {"zone_kind": "cloud_region", "zone_name": "Taiwan", "year": 2024, "licence": "Apache-2.0"}
    taken = Taken(
        "grid_intensity", key, 439.29, date(2024, 1, 1), "region-carbon-info 1", NEW, "https://example.org", 1, said
    )
    (begun,) = amendments(held(tmp_path / "c", grid_intensity=[grid()]), taken)
    assert begun.before is None
    assert (begun.after.year, begun.after.gco2e_per_kwh, begun.after.zone_name) == (2024, 439.29, "Taiwan")
    assert begun.after.effective_from == datetime(2024, 1, 1, tzinfo=UTC)
