"""SkyPilot's tables: the newest form of each cloud, on demand and spot, no price where 700 stands for none."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import skypilot
from mlquote.upstreams.listing import Listing, Upstream
from tests.upstreams.sample import NEW, figures_of, machines, sold_in

_HEAD = "InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,Price,SpotPrice\n"


def _read(folder: Path, **tables: str) -> Listing:
    texts = {path.replace("__", "/") + "/vms.csv": text.encode() for path, text in tables.items()}
    return skypilot.read(texts, Upstream("skypilot-catalog", "", NEW), sold_in(folder / "c", **machines()))


def test_on_demand_and_spot_of_a_machine_whose_part_the_table_names(tmp_path: Path) -> None:
    rows = "1H100.80S,32,185,H100,1.0,x,FIN-02,2.29,0.8015\nCPU.4V,4,16,,,,FIN-02,0.0279,0.0098\n"
    assert figures_of(_read(tmp_path, catalogs__v8__verda=_HEAD + rows)) == {
        "verda/1H100.80S/h100-sxm5-80gb/1/FIN-02/on_demand/instance": Decimal("2.29"),
        "verda/1H100.80S/h100-sxm5-80gb/1/FIN-02/spot/instance": Decimal("0.8015"),
    }


def test_the_newest_form_of_a_cloud_is_read(tmp_path: Path) -> None:
    old, new = (f"{_HEAD}a,1,1,H100,1,x,r,{usd},\n" for usd in ("9", "2"))
    listing = _read(tmp_path, catalogs__v7__verda=old, catalogs__v10__verda=new)
    assert list(figures_of(listing).values()) == [Decimal(2)]


def test_what_is_no_price_no_part_or_no_seller_is_counted(tmp_path: Path) -> None:
    rows = "t,1,1,H100,1,x,r,700.0,0\nu,1,1,NoSuchPart,1,x,r,3,\n"
    listing = _read(tmp_path, catalogs__v8__lambda=_HEAD + rows, catalogs__v8__shadeform=_HEAD)
    assert listing.facts == {}
    assert listing.unread == {
        "a machine without accelerators, or one that is not held": 2,
        "no price": 2,
        "shadeform: no seller of its own": 1,
    }


def test_zones_of_one_region_at_two_spot_prices_are_no_fact(tmp_path: Path) -> None:
    rows = "".join(f"p5.48xlarge,1,1,H100,8,x,us-east-1,55.04,{spot}\n" for spot in ("20", "21"))
    listing = _read(tmp_path, catalogs__v8__aws=_HEAD + rows)
    assert figures_of(listing) == {"aws/p5.48xlarge/h100-sxm5-80gb/8/us-east-1/on_demand/instance": Decimal("55.04")}
    assert listing.unread == {"listed twice with different figures": 1}


def test_a_table_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog, match=r"aws/vms\.csv has no column AcceleratorCount"):
        _read(tmp_path, aws="InstanceType,Price\n")
