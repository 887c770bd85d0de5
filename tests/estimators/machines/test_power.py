"""What a part draws: rated or assumed, at the plug, with the host on a chip's own power, and over idle hours."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.machines.power import Draw, draw_of, idle_share_of, overhead_of, rated_of, system_of
from mlquote.formulas.uncertainty import Uncertain
from tests.estimators.hardware_sample import NOW, row, snapshot


def power(accelerator: str, watts: float, statistic: str = "tdp", claim: str = "rated", scope: str = "board") -> Any:
    return row("accelerator_power", accelerator=accelerator, scope=scope, statistic=statistic, claim=claim,
               accelerator_count=1, watts=watts)  # fmt: skip


def part(name: str, family: str = "Hopper") -> Any:
    return row("accelerators", id=name, vendor="NVIDIA", name=name.upper(), family=family)


ASSUMED = snapshot(accelerators=[part("a2"), part("a3")], accelerator_power=[power("a2", 300.0, claim="assumed")])


def value(figure: Figure) -> Uncertain:
    assert figure.value is not None
    return figure.value


def draw(catalog: Snapshot, name: str = "a1", **given: Any) -> Draw:
    return draw_of(catalog.accelerator(name, NOW), catalog, **given)


def test_a_rated_power_is_exact_and_names_its_row() -> None:
    rated = rated_of(snapshot().accelerator("a1", NOW), snapshot())
    assert (value(rated).median, value(rated).log_sd) == (500.0, 0.0)
    assert rated.rows[0].key == "a1/board/tdp/rated"


def test_the_vendors_row_comes_before_what_others_assume() -> None:
    both = snapshot(accelerator_power=[power("a1", 700.0, claim="assumed")])
    assert value(rated_of(both.accelerator("a1", NOW), both)).median == 500.0


def test_an_assumed_power_says_so_and_its_doubt_reaches_the_plug() -> None:
    assumed = draw(ASSUMED, "a2")
    assert [warning.code for warning in assumed.nameplate.warnings] == ["assumed-tdp"]
    assert value(assumed.nameplate).loads == {"tdp_w": 0.15}
    # 300 W x 1.2 as measured on others (log-sd 0.1 in the sample), with the TDP's own 0.15
    assert assumed.system_w is not None
    assert assumed.system_w.median == pytest.approx(360.0)
    assert set(assumed.system_w.loads) == {"tdp_w", "power_w"}


def test_the_plug_of_mi210(catalog: Snapshot) -> None:
    # 300 W assumed x 1.188 = 356.4 W, log-sd sqrt(0.18^2 + 0.15^2) = 0.234: x/: e^(1.2816 x 0.234) = 1.35
    plug = value(system_of(catalog.accelerator("mi210", NOW), catalog)).range()
    assert (round(plug.low), round(float(plug.central), 1), round(plug.high)) == (264, 356.4, 481)


def test_a_part_of_which_nobody_says_a_power_has_none() -> None:
    unknown = draw(ASSUMED, "a3")
    assert (unknown.nameplate_w, unknown.system_w) == (None, None)
    assert [w.code for w in (*unknown.nameplate.warnings, *unknown.system.warnings)] == ["no-tdp", "no-power"]


def test_a_given_system_power_is_taken_as_it_is() -> None:
    given = draw(snapshot(), power_w=650.0)
    assert (value(given.nameplate).median, given.system_w) == (500.0, Uncertain(650.0, {}))


def test_the_host_comes_on_top_of_a_given_chip_power() -> None:
    given = draw(snapshot(), power_w=400.0, power_scope="chip")
    assert given.nameplate_w == Uncertain(400.0, {})
    assert given.system_w is not None
    assert given.system_w.median == pytest.approx(480.0)  # 400 x 600 / 500


def test_a_host_never_takes_away() -> None:
    rated, system = Finding(Uncertain(500.0, {})), Finding(Uncertain(400.0, {}))
    assert value(overhead_of(rated, system)).median == 1.0


def test_idle_hours_draw_less_and_the_nameplate_stays() -> None:
    idle = draw(snapshot(), idle_fraction=0.25)
    assert idle.system_w is not None
    assert idle.system_w.median == pytest.approx(495.0)  # 600 W: three quarters at work, a quarter at 0.3 of it
    assert idle.nameplate_w == Uncertain(500.0, {})


def test_the_idle_draw_of_a_sibling_says_whose_it_is() -> None:
    rows = [power("a2", 1000.0), power("a2", 100.0, "idle", "measured")]
    catalog = snapshot(accelerators=[part("a2")], accelerator_power=rows)
    own, system = (f(catalog.accelerator("a1", NOW), catalog) for f in (rated_of, system_of))
    share = idle_share_of(catalog.accelerator("a1", NOW), own, system, catalog)
    assert value(share).median == pytest.approx(0.25)  # 100 W of host and a tenth of 500 W, over 600 W
    assert [warning.code for warning in share.warnings] == ["idle-draw-from-sibling-part"]
