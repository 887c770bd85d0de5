"""Write the golden answers anew, on purpose: python -m tests.golden.rewrite [NAME ...].

With names (or patterns such as 'training-*') only those are written; without, all, and files that no question asks for
any more are removed. Then read `git diff tests/golden/answers`: whatever is there has changed for every caller.
"""

import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.asking import ANSWERS, answer, questions
from tests.golden.service import service_on


def rewrite(patterns: Sequence[str]) -> int:
    """Ask and keep; how many files changed."""
    asked = [one for one in questions() if not patterns or any(fnmatch(one.name, each) for each in patterns)]
    ANSWERS.mkdir(exist_ok=True)
    changed = 0
    with TemporaryDirectory() as folder, service_on(f"sqlite:///{Path(folder) / 'golden.sqlite3'}") as service:
        for one in asked:
            said = answer(service, one)
            if not one.file.exists() or one.file.read_text(encoding="utf-8") != said:
                one.file.write_text(said, encoding="utf-8")
                changed += 1
    if not patterns:
        for orphan in set(ANSWERS.iterdir()) - {one.file for one in asked}:
            orphan.unlink()
            changed += 1
    return changed


if __name__ == "__main__":
    sys.stdout.write(f"{rewrite(sys.argv[1:])} answers changed\n")
