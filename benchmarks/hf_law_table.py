"""Lays what `hf_shapes.py` learned over what `law_table.py` holds. Development only.

    python benchmarks/hf_law_table.py LEARNED.json ...

A class learned anew takes the place of its older law; the others stay as they are.
"""

import itertools
import json
import re
import string
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEADER = '''"""Parameters of types as polynomials of their fields, one class a paragraph.

Written by `benchmarks/hf_law_table.py` from what `benchmarks/hf_shapes.py` learned of transformers 5.24.0 and diffusers
0.42.1. `a:path=value` names a field and its default, `a~terms` what it is worked out by, `!path=value` what the law is
held to, `#path=n` how many items a list has, `+4*a*b` a term.
"""

TABLE = """
'''
PLACE = Path(__file__).parent.parent / "app/mlquote/estimators/models/hugging_face/law_table.py"
WRAP = textwrap.TextWrapper(width=118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
QUIET = ("Config", "transformers_version", "_name_or_path", "finetuning_task", "pruned_heads", "task_specific_params")


def said(value: Any) -> str:
    """A value without spaces."""
    return json.dumps(value, separators=(",", ":")).replace(" ", "\\u0020").replace("\\", "\\\\")


def letters() -> Any:
    """a to Z, then pairs."""
    for size in (1, 2):
        yield from map("".join, itertools.product(string.ascii_letters, repeat=size))


def paragraph(found: dict[str, Any]) -> str:
    """One class as words."""
    used: dict[str, None] = {}
    for law in (found["law"], *found["derived"].values()):
        for monomial in law:
            for factor in filter(None, monomial.split("*")):
                a, _, b = factor.partition("//")
                used |= {a: None} | ({b: None} if b and not b.isdigit() else {})
    names = dict(zip(used, letters(), strict=False))
    derived = {name: law for name, law in found["derived"].items() if name in names}

    def spelled(law: dict[str, str]) -> list[str]:
        terms = []
        for monomial, number in law.items():
            factors = []
            for factor in filter(None, monomial.split("*")):
                a, _, b = factor.partition("//")
                factors.append(names[a] + (f"//{names.get(b, b)}" if b else ""))
            terms.append("*".join([number if number.startswith("-") else f"+{number}", *factors]))
        return terms

    words = [f"{letter}:{written(name)}={said(default(found['base'], name))}" for name, letter in names.items()]
    words += [f"{names[name]}~{';'.join(spelled(law))}" for name, law in derived.items()]
    words += [f"#{name}={length}" for name, length in lengths(names, found["base"])]
    words += [f"!{name}={said(value)}" for name, value in sorted(found["held"].items())]
    return WRAP.fill(" ".join((found["type"], found["class"], *words, *spelled(found["law"]))))


def lengths(names: Iterable[str], base: dict[str, Any]) -> list[tuple[str, int]]:
    """Lists of which some items count and others do not, with how many there are."""
    items = Counter(name.rpartition(".")[0] for name in names if name.rpartition(".")[2].isdigit())
    return [(name, len(base[name])) for name, known in sorted(items.items()) if len(base[name]) != known]


def written(name: str) -> str:
    """A field's path; a word of a list after a stroke."""
    return name.replace(":", "/")


def default(base: dict[str, Any], name: str) -> Any:
    """What the class takes for a field."""
    if name == "#labels":
        return len(base.get("id2label") or [0, 1])
    field, _, word = name.partition(":")
    if word:
        return base[field].count(word)
    item = re.fullmatch(r"(.+)\.(\d+)", field)
    value = base[item[1]][int(item[2])] if item and item[1] in base else base[field]
    return int(value) if isinstance(value, bool) else value


def known() -> dict[tuple[str, str], str]:
    """The paragraphs of the table as it stands, by type and class."""
    said = PLACE.read_text().partition('TABLE = """')[2].rpartition('"""')[0]
    paragraphs = [each for each in re.split(r"\n(?=\S)", said) if each.strip()]
    return {tuple(each.split()[:2]): WRAP.fill(" ".join(each.split())) for each in paragraphs}  # type: ignore[misc]


def usual(named: str) -> int:
    """How soon a class is meant by a file that names none: those that speak first, bare models last."""
    if any(word in named for word in ("ConditionalGeneration", "LMHead", "MaskedLM", "CausalLM")):
        return 0
    return 2 if named.endswith(("Model", "Backbone")) else 1


def main() -> None:
    """Write the table anew: types by name, the usual class of a type first."""
    laws = known()
    for path in sys.argv[1:]:
        for line in Path(path).read_text().splitlines():
            found = json.loads(line)
            laws[found["type"], found["class"]] = paragraph(found)
    ordered = sorted(laws, key=lambda named: (named[0].casefold(), named[0], usual(named[1])))
    PLACE.write_text("\n".join([HEADER.rstrip("\n"), *(laws[named] for named in ordered), '"""', ""]))


if __name__ == "__main__":
    main()
