"""`python -m mlquote` and the installed `mlquote`: one command line, whose every failure leaves with a code of ours.

1 means "over budget" and nothing else: Python, typer, rich and uvicorn each leave with 1 for reasons of their own (an
uncaught error, a pipe that nobody reads, a port in use), so only what `run` returns may be 1.
"""

import os
import sys
import traceback
from contextlib import suppress

FAULT_OF_OURS = 3
"""What leaves where nothing could be known or told: an uncaught error, a library's way out, an output that is gone."""
INTERRUPTED = 130
"""As shells tell Ctrl-C: 128 and the signal's number."""
_LIBRARIES_MAY_SAY = (0, 2, FAULT_OF_OURS, INTERRUPTED)


def main() -> None:
    """Run the command line; an error nobody foresaw, even while the program is loaded, leaves with 3."""
    try:
        from mlquote.cli.main import run

        code = run()
    except SystemExit as left:
        code = _of_a_library(left)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BaseException:
        code = FAULT_OF_OURS
        with suppress(OSError):
            traceback.print_exc()
            sys.stderr.write("error: a fault of mlquote itself; please report the lines above\n")
    sys.exit(code if _is_told() else FAULT_OF_OURS)


def _of_a_library(left: SystemExit) -> int:
    """The code a library leaves with, where it means here what it means there; a text is told."""
    if isinstance(left.code, str):
        with suppress(OSError):
            sys.stderr.write(f"{left.code}\n")
    code = left.code or 0
    return code if isinstance(code, int) and code in _LIBRARIES_MAY_SAY else FAULT_OF_OURS


def _is_told() -> bool:
    """Whether all that was printed went out; what did not is dropped, or Python would try again and leave with 120."""
    told = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            told = False
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return told


if __name__ == "__main__":
    main()
