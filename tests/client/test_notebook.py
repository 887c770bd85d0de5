"""The notebook of docs/ runs from top to bottom and prints what stands in it.

MLQUOTE_TEST_REWRITE=1 writes what it prints into it; read the change before committing it.
"""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

PAGE = Path(__file__).parents[2] / "docs" / "client.ipynb"


def printed(notebook: Any) -> list[list[Any]]:
    """What each cell of code gave, without the numbers that a kernel counts by."""
    return [
        [{"text": out.get("text")} if out.output_type == "stream" else {"data": dict(out.data)} for out in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client", "ignore::DeprecationWarning:zmq")
def test_the_notebook_prints_what_stands_in_it(served: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLQUOTE_SERVER", served[0])
    kept = nbformat.read(PAGE, as_version=4)
    run = nbformat.read(PAGE, as_version=4)
    NotebookClient(run, timeout=120, kernel_name="python3", record_timing=False).execute()
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            for out in cell.outputs:
                out.pop("execution_count", None)
                if out.output_type == "execute_result":
                    out["execution_count"] = None
    if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
        nbformat.write(run, PAGE)
        kept = run
    assert printed(run) == printed(kept)
    (drawn,) = [
        out.data["text/html"] for cell in run.cells for out in cell.get("outputs", ()) if "<svg" in str(out.get("data"))
    ]
    assert "eight in ten" in drawn
