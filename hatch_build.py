"""Compiles the losses' exp, log and cross-entropy where there is a C compiler; NumPy stands in for them elsewhere."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOSSES = Path(__file__).parent / "app" / "mlquote" / "losses"
OPTIONS = ("-O3", "-shared", "-fPIC", "-fno-math-errno", "-fno-trapping-math")


class ElementaryHook(BuildHookInterface):
    """Adds the library to the wheel; an editable install has it beside its source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; without a compiler, or with one that fails, go on without the library, saying so."""
        library = LOSSES / "libelementary.so"
        whole = library.with_suffix(f".{os.getpid()}")
        command = [os.environ.get("CC", "cc"), *OPTIONS, "-o", str(whole), str(LOSSES / "elementary.c"), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"losses use NumPy's own: {error}\n")
            return
        whole.replace(library)
        build_data["artifacts"].append(str(library.relative_to(self.root)))
        build_data["pure_python"], build_data["infer_tag"] = False, True
