"""What people have at hand gets JSON without being told to: `python usual.py http://127.0.0.1:8000`.

requests, httpx, urllib and curl with their own headers; pandas reads an estimate's CSV with numbers as numbers.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from urllib.request import urlopen

import httpx
import pandas
import requests

QUOTE = "/v1/estimates/training?model=llama-3.1-8b&tokens=15T&accelerator=h100-sxm&accelerator_count=1024"
CLIENTS: dict[str, Callable[[str], bytes]] = {
    "requests": lambda address: requests.get(address, timeout=30).content,
    "httpx": lambda address: httpx.get(address, timeout=30).content,
    "urllib": lambda address: bytes(urlopen(address, timeout=30).read()),
    "curl": lambda address: (
        subprocess.run(["curl", "--silent", "--fail", address], capture_output=True, check=True).stdout
    ),
}


def main() -> None:
    """Ask one quote with each; any answer that is not the same one ends the program."""
    address = sys.argv[1] + QUOTE
    answers = {name: json.loads(ask(address))["result"] for name, ask in CLIENTS.items()}
    for name, result in answers.items():
        assert result["cost_usd"]["central"] > 0 and result == answers["curl"], name
        print("usual", name)
    table = pandas.read_csv(f"{address}&format=csv")
    cost = table[table["name"] == "cost_usd"].iloc[0]
    assert cost["central"] == answers["curl"]["cost_usd"]["central"], cost
    assert all(table[column].dtype.kind == "f" for column in ("low", "central", "high")), table.dtypes
    print("usual pandas")


if __name__ == "__main__":
    main()
