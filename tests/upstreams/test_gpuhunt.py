"""gpuhunt's tables: one file a provider, a spot flag a row, memory beside the part's name."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import gpuhunt
from mlquote.upstreams.listing import Listing, Upstream
from tests.upstreams.sample import NEW, figures_of, machines, sold_in

_HEAD = "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size\n"


def _read(folder: Path, **tables: str) -> Listing:
    texts = {f"{name}.csv": text.encode() for name, text in tables.items()}
    return gpuhunt.read(texts, Upstream("gpuhunt", "20261124", NEW), sold_in(folder / "c", **machines()))


def test_prices_by_seller_place_and_terms(tmp_path: Path) -> None:
    rows = "gpu_8x_h100_sxm5,us-west-1,31.92,208,1800,8,H100,80.0,False,\ncpu,us-west-1,0.1,4,16,0,,,False,\n"
    spot = "p5.48xlarge,us-east-1,22.5,192,2048,8,H100,80.0,True,\n"
    assert figures_of(_read(tmp_path, lambdalabs=_HEAD + rows, aws=_HEAD + spot)) == {
        "lambda/gpu_8x_h100_sxm5/h100-sxm5-80gb/8/us-west-1/on_demand/instance": Decimal("31.92"),
        "aws/p5.48xlarge/h100-sxm5-80gb/8/us-east-1/spot/instance": Decimal("22.5"),
    }


def test_files_of_another_form_are_counted_and_nothing_else_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, aws=_HEAD, notes="a,b\n").unread == {"a file of another form": 1}
    with pytest.raises(InvalidCatalog, match="no file has the columns gpu_count"):
        _read(tmp_path / "d", notes="a,b\n")
