"""Karpenter's generated files: a region's head, then machines and dollars; AWS and Azure write their heads apart."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import karpenter
from mlquote.upstreams.listing import Upstream
from tests.upstreams.sample import NEW, figures_of, machine, machines, sold_in

_AWS = b"""package pricing
// generated at 2026-11-24T13:44:30Z for us-east-1
var InitialOnDemandPricesAWS = map[string]map[ec2types.InstanceType]float64{
\t"us-east-1": {
\t\t// p5 family
\t\t"m5.large": 0.096000, "p5.48xlarge": 55.040000,
\t},
\t"eu-west-1": {
\t\t"p5.48xlarge": 60.500000,
\t},
}
"""
_AZURE = b"""
func init() {
\tinitialOnDemandPrices["eastus"] = map[string]float64{
\t\t"Standard_D2s_v3":     0.096000,
\t\t"Standard_ND96isr_H100_v5": 98.320000,
\t}
}
"""
_ND = "Standard_ND96isr_H100_v5"


def test_aws_by_region_of_machines_that_are_held(tmp_path: Path) -> None:
    sold = sold_in(tmp_path / "c", **machines())
    listing = karpenter.read_aws({"zz_generated.pricing_aws.go": _AWS}, Upstream("karpenter", "1", NEW), sold)
    assert figures_of(listing) == {
        "aws/p5.48xlarge/h100-sxm5-80gb/8/us-east-1/on_demand/instance": Decimal("55.04"),
        "aws/p5.48xlarge/h100-sxm5-80gb/8/eu-west-1/on_demand/instance": Decimal("60.5"),
    }
    pages = {fact.source_url for fact in listing.facts.values()}
    assert pages == {"https://aws.amazon.com/ec2/pricing/on-demand/"}  # not the page that most of our rows of AWS name
    assert listing.unread == {"a machine without accelerators, or one that is not held": 1}


def test_azure_by_region(tmp_path: Path) -> None:
    sold = sold_in(tmp_path / "c", **machines(machine(provider="azure", sku=_ND, region="westus")))
    listing = karpenter.read_azure({"zz_generated.pricing.go": _AZURE}, Upstream("karpenter", "1", NEW), sold)
    assert figures_of(listing) == {f"azure/{_ND}/h100-sxm5-80gb/8/eastus/on_demand/instance": Decimal("98.32")}


def test_a_file_without_a_price_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog, match=r"x\.go: no price by region"):
        karpenter.read_aws({"x.go": b"package pricing"}, Upstream("k", "1", NEW), sold_in(tmp_path / "c"))
