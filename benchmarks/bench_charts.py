"""What pictures cost: SVG in process, PNG beside it, and quotes while pictures are drawn.

    python benchmarks/bench_charts.py [SECONDS]

Says for each kind the time of its SVG over the door, then 5,000 points, a warm PNG, and the p99 of quotes with and
without PNGs being drawn without pause. Budgets: 25 ms and 400 kB, 150 ms, 1.2 times.
"""

import asyncio
import sys
import tempfile
from math import sin
from statistics import median, quantiles
from time import perf_counter

import httpx

from mlquote.main import create_app
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.settings import Settings
from mlquote.web.pictures.kinds import CHARTS
from mlquote.web.pictures.png import Drawer

QUOTE = "/v1/estimates/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1000&output_tokens=500"
SVG_MS, SVG_BYTES, PNG_MS, TIMES = 25.0, 400_000, 150.0, 1.2


def points() -> tuple[float, int]:
    """Median ms and bytes of a chart of 5,000 points."""
    many = Points("many", [Point(n, sin(n), series=n % 4 + 1) for n in range(5000)], Axis("x"), Axis("y", "", "even"))
    taken = []
    for _ in range(15):
        begun = perf_counter()
        drawn = svg(many, "light", 960)
        taken.append(1000 * (perf_counter() - begun))
    return median(taken), len(drawn.encode())


async def kinds(client: httpx.AsyncClient) -> None:
    """ms of each kind over the door, its question included."""
    for kind, chart in CHARTS.items():
        if kind == "budget":
            continue
        taken = []
        for _ in range(5):
            begun = perf_counter()
            answer = await client.get(f"/v1/charts/{kind}.svg", params=dict(chart.example))
            taken.append(1000 * (perf_counter() - begun))
            assert answer.status_code == 200, answer.text
        print(f"  {kind:<14} {median(taken):7.1f} ms  {len(answer.content):>7,} bytes")


async def warm_png(drawer: Drawer, drawing: str) -> float:
    """Median ms of a PNG of 960 px that is not kept."""
    await drawer.png(drawing)
    taken = []
    for n in range(8):
        begun = perf_counter()
        await drawer.png(drawing.replace("</svg>", f"<!-- {n} --></svg>"))
        taken.append(1000 * (perf_counter() - begun))
    return median(taken)


async def quotes(client: httpx.AsyncClient, seconds: float) -> list[float]:
    """ms of quotes asked one after the other."""
    taken, until = [], perf_counter() + seconds
    while perf_counter() < until:
        begun = perf_counter()
        await client.get(QUOTE)
        taken.append(1000 * (perf_counter() - begun))
    return taken


async def drawing_on(drawer: Drawer, drawing: str) -> None:
    """One PNG after the other, none of them kept."""
    n = 0
    while True:
        n += 1
        await drawer.png(drawing.replace("</svg>", f"<!-- on {n} --></svg>"))


async def measured(seconds: float) -> bool:
    """Everything, and whether it is within its budgets."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/m.sqlite3"))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            print("a kind's SVG over the door, its question included:")
            await kinds(client)
            svg_ms, size = points()
            print(f"5,000 points: {svg_ms:.1f} ms, {size:,} bytes (budget {SVG_MS:g} ms, {SVG_BYTES:,})")
            drawer: Drawer = app.state.workbench.drawer
            drawing = (
                await client.get("/v1/charts/training.svg?size=960", params=dict(CHARTS["training"].example))
            ).text
            png_ms = await warm_png(drawer, drawing)
            print(f"PNG, warm: {png_ms:.0f} ms (budget {PNG_MS:g})")
            await quotes(client, 0.5)
            alone = quantiles(await quotes(client, seconds), n=100)[98]
            task = asyncio.create_task(drawing_on(drawer, drawing))
            beside = quantiles(await quotes(client, seconds), n=100)[98]
            task.cancel()
            print(f"quotes' p99: {alone:.2f} ms alone, {beside:.2f} ms beside PNGs ({beside / alone:.2f} x; {TIMES})")
        app.state.workbench.close()
        app.state.desks.close(wait=True)
        app.state.engine.dispose()
    return svg_ms <= SVG_MS and size <= SVG_BYTES and png_ms <= PNG_MS and beside <= TIMES * alone


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(measured(float(sys.argv[1]) if sys.argv[1:] else 4.0)) else 1)
