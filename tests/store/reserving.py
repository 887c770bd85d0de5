"""One process of many that reserve in the same budget: python -m tests.store.reserving URL BUDGET WORKER COUNT."""

import json
import random
import sys
from datetime import UTC, datetime
from decimal import Decimal

from mlquote.spend.reservations import Request
from mlquote.store.engine import open_engine
from mlquote.store.reservations import release, reserve, settle
from tests.store.asking import asking


def main(url: str, budget: str, worker: int, count: int) -> None:
    """Reserve `count` times one to seven dollars, close a third of the holds at once, and print what was answered."""
    engine = open_engine(url)
    dice = random.Random(worker)
    for turn in range(count):
        request = Request(f"worker-{worker}", datetime.now(UTC), f"{worker}-{turn}", str(turn))
        answer = reserve(engine, budget, asking(dice.randint(1, 7)), request, labels={})
        held = answer["reservation"]
        closing = Request(f"worker-{worker}", datetime.now(UTC))
        if held is not None and turn % 6 == 0:
            settle(engine, budget, held["id"], {"cost_usd": Decimal(1)}, closing)
        elif held is not None and turn % 6 == 3:
            release(engine, budget, held["id"], closing)
        print(json.dumps({"verdict": answer["verdict"], "id": held and held["id"]}))  # noqa: T201  # its one output
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
