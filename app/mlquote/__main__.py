"""`python -m mlquote` and the installed `mlquote`: one command line, whose every failure leaves with a code of ours."""

import sys
import traceback

FAULT_OF_OURS = 3
"""What an uncaught error leaves with. Python's own code would be 1, which means "over budget" here."""


def main() -> None:
    """Run the command line; an error nobody foresaw, even while the program is loaded, leaves with 3."""
    try:
        from mlquote.cli.main import run

        run()
    except Exception:
        traceback.print_exc()
        sys.stderr.write("error: a fault of mlquote itself; please report the lines above\n")
        sys.exit(FAULT_OF_OURS)


if __name__ == "__main__":
    main()
