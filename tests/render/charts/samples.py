"""A panel of each kind, with what makes drawing hard: long names, near values, many lines, ends of every size."""

from datetime import UTC, datetime
from math import cos

from mlquote.render.charts.specs import (
    Axis,
    Bands,
    Bars,
    Contours,
    Curve,
    Curves,
    Dots,
    Meter,
    Panel,
    Parts,
    Picture,
    Point,
    Points,
    Portion,
    Quoted,
    Span,
    Spot,
    Stair,
    Steps,
    Trail,
    Tread,
)


def day(year: int, month: int, date: int) -> float:
    """A day as seconds since 1970."""
    return datetime(year, month, date, tzinfo=UTC).timestamp()


NOW = day(2026, 11, 27)
PLACES = [n / 20 * 6 - 3 for n in range(21)]
BOWL = [
    [0.4 * (a - 0.3) ** 2 + 0.6 * (b - 0.3) ** 2 + 0.5 * (a - 0.3) * (b - 0.3) + 1.2 for a in PLACES] for b in PLACES
]
RUN = Dots("Cost", Span(0.72e6, 1.6e6, 3.4e6), "$", "ten dots")
PRICES = Steps(
    "Price of a million input tokens",
    [
        Stair("gpt-4o", [Tread(day(2024, 5, 13), 5), Tread(day(2024, 10, 2), 2.5)], NOW),
        Stair("gpt-3.5-turbo", [Tread(day(2023, 3, 1), 2), Tread(day(2024, 2, 16), 0.5, is_declared=False)], NOW),
        Stair("o3", [Tread(day(2025, 4, 16), 10), Tread(day(2025, 6, 10), 2)], day(2026, 3, 1), is_over=True),
        Stair("deepseek-chat", [Tread(day(2024, 5, 6), 0.14), Tread(day(2025, 9, 29), 0.28)], NOW),
        Stair("another-model-with-a-long-name", [Tread(day(2024, 5, 6), 0.29)], NOW),
    ],
    "$/Mtok",
)
SURFACE = Contours(
    "J",
    PLACES,
    PLACES,
    BOWL,
    named=[Spot(0, 0, "minimum"), Spot(-1, 2, "saddle", "saddle"), Spot(2.5, -2.5, "start", "start")],
    ways=[
        Trail("plain descent", [(2.5 * 0.8**n, -2.5 * 0.8**n) for n in range(30)]),
        Trail("one that leaves the map", [(2.5 * 1.2**n, -2.5 * 1.2**n) for n in range(30)], 4),
    ],
)
SCATTER = Points(
    "Models",
    [
        Point(10.0 ** (n % 7 - 2), 50 + n * 3 % 37, f"model-{n}", is_front=n % 4 == 0, low=48, high=90)
        for n in range(40)
    ],
    Axis("$ per Mtok", "$/Mtok", "ratios"),
    Axis("score", "", "even"),
)
QUOTES = Bands(
    "Cost on three machines",
    [
        Quoted("8 × H100", Span(0.46e6, 0.88e6, 1.7e6), note="nebius, eu-north1, on demand"),
        Quoted(
            "a machine whose name is far longer than any room that there could be", Span(0.72e6, 1.6e6, 3.4e6), mark=2e6
        ),
        Quoted("exact", exact=1.2e6),
        Quoted("TPU v9", note="no price"),
    ],
    "$",
)
PANELS: dict[str, Panel] = {
    "dots": RUN,
    "dots-narrow": Dots("Hours", Span(98, 100, 103), "h"),
    "dots-wide": Dots("Emissions", Span(3, 100, 5200), "kg CO2e"),
    "dots-below-zero": Dots("Difference", Span(-3, 1, 4), "$"),
    "dots-long": Dots("Price", Span(0.00012, 0.00013, 0.00014), "$/Mtok"),
    "bands": QUOTES,
    "bands-without-figures": Bands("Nothing known", [Quoted("a"), Quoted("b")], "$"),
    "parts": Parts("Parts", [Portion(f"part {n} of a name that is long", 3.0**-n) for n in range(7)], "$"),
    "parts-of-nothing": Parts("Parts", [Portion("nothing", 0.0)], "$"),
    "steps": PRICES,
    "steps-of-one-day": Steps("New", [Stair("new", [Tread(NOW, 3)], NOW)], "$/Mtok"),
    "points": SCATTER,
    "points-in-time": Points(
        "Since",
        [Point(NOW - n * 4e6, 0.1 * n + 0.1, f"m{n}") for n in range(9)],
        Axis("", "", "dates"),
        Axis("$", "$/Mtok"),
    ),
    "points-one": Points("One", [Point(3, 3, "one")], Axis("x"), Axis("y"), diagonal=True),
    "curves": Curves(
        "Value",
        [Curve("huber, δ = 1", PLACES, [abs(x) for x in PLACES]), Curve("squared", PLACES, [x * x for x in PLACES], 2)],
        Axis("residual", "", "even"),
        Axis("L", "", "zero"),
        cursor=1.5,
    ),
    "curves-with-band": Curves(
        "Loss",
        [Curve("", PLACES, [cos(x) for x in PLACES], 1, [cos(x) - 1 for x in PLACES], [cos(x) + 1 for x in PLACES])],
        Axis("x", "", "even"),
        Axis("y", "", "even"),
        marks=[Point(0.0, 1.0, "best")],
    ),
    "bars": Bars("Cost by day", [Portion(f"2026-11-{n:02d}", n * n % 17 + 1.0) for n in range(1, 29)], "$"),
    "meter": Meter("assistant", 410, 120, Span(790, 980, 1240), 800, "$"),
    "meter-far-over": Meter("evals", 5e6, 0, None, 1200, "$"),
    "contours": SURFACE,
    "contours-flat": Contours("flat", PLACES, PLACES, [[1.0] * 21] * 21),
}
PICTURE = Picture(
    "Training llama-3.1-8b on 15 T tokens",
    "About $1.6 million. Eight in ten such runs cost $0.72 to $3.4 million.",
    [RUN, QUOTES],
    ["Release 2026-11-23-e0b96499, as of 2026-11-27", f"http://localhost/v1/estimates/training?model={'x' * 200}"],
    "Ten dots.",
)
