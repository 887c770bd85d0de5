"""Compares our counts of default and randomly varied configurations with the library's own models. Development only.

    python benchmarks/hf_check.py [--draws 6] [--seed 1] [--types llama,bert] [--refused]

Every answered type is built on the meta device as each of its classes: by default, and with about a third of the fields
that a count may hang on said differently. Each is asked twice: as the library writes the file, and with the changed
fields alone. A difference is narrowed to the fewest fields that make it.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hf_build as built

sys.path.insert(0, str(Path(__file__).parent.parent / "app"))

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.kit.errors import Malformed, OutOfDomain

Changes = dict[tuple[str, ...], Any]


def ours(config: dict[str, Any]) -> int | None:
    """Our count; None where we refuse, or say that something is not counted."""
    try:
        read = read_config(config)
    except (Malformed, OutOfDomain):
        return None
    return None if read.look_ahead else read.params


def truth(kind: str, named: str, changes: Changes) -> tuple[int, dict[str, Any], dict[str, Any]] | None:
    """(the library's count, the file as it writes it, the changed fields alone); None where it builds nothing."""
    said: dict[str, Any] = {"architectures": [named]}
    for path, value in changes.items():
        built.put(said, path, value)
    try:
        if kind == named:
            said.pop("architectures")
            model = built.model_of(named, said)
            return (
                built.count_of(model),
                {"_class_name": kind, **built.plain(dict(model.config))},
                {"_class_name": kind, **said},
            )
        config = built.config_of(kind, said)
        model = built.model_of(named, config)
        if any(getattr(model.config, name, None) != getattr(config, name, None) for name in ("is_decoder",)):
            return None
        written = built.plain(config.to_dict())
        for name in ("transformers_version", "dtype"):
            written.pop(name, None)
        return built.count_of(model), {**written, "architectures": [named]}, {"model_type": kind, **said}
    except Exception:
        return None


def wrong(kind: str, named: str, changes: Changes) -> list[tuple[str, int, int]]:
    """(which form, ours, theirs) of each answer that differs."""
    found = truth(kind, named, changes)
    if found is None:
        return []
    params, *files = found
    answers = ((form, ours(file)) for form, file in zip(("whole", "short"), files, strict=True))
    TALLY.update(
        "refused" if n is None else "right" if abs(n - params) <= params / 1000 else "wrong" for _, n in answers
    )
    answers = ((form, ours(file)) for form, file in zip(("whole", "short"), files, strict=True))
    return [(form, n, params) for form, n in answers if n is not None and abs(n - params) > params / 1000]


def narrowed(kind: str, named: str, changes: Changes) -> Changes:
    """The fewest changes that still make a difference."""
    for path in list(changes):
        fewer = {other: value for other, value in changes.items() if other != path}
        if wrong(kind, named, fewer):
            changes = fewer
    return changes


def draws(kind: str, named: str, number: int, seed: int) -> Iterator[Changes]:
    """Nothing changed, then so many random changes."""
    yield {}
    found = truth(kind, named, {})
    if found is None:
        return
    fields = [(path, value) for path, value in built.leaves(found[1]) if built.plausible(path, value)]
    for n in range(number):
        draw = random.Random(f"{kind} {named} {n} {seed}")
        some = draw.sample(fields, max(1, min(len(fields), draw.randint(1, 1 + len(fields) // 3))))
        yield {path: new for path, value in some if (new := built.changed(value, draw)) != value}


TALLY: Counter[str] = Counter()


def main() -> None:
    """Print each difference, and how many there are."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--draws", type=int, default=6)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--types", default="")
    asked.add_argument("--skip", default="")
    o = asked.parse_args()
    kinds = o.types.split(",") if o.types else [*built.CONFIG_MAPPING.keys(), *built.diffusers_classes()]
    for kind in kinds:
        if kind in o.skip.split(","):
            continue
        classes = [kind] if kind[0].isupper() else built.classes_of(kind)
        seen: set[str] = set()
        for named in classes:
            head = truth(kind, named, {})
            if head is None or ours(head[1]) is None:
                print(f"{kind:28} {named:44} {'not built' if head is None else 'refused'}", flush=True)
                TALLY.update(["not built" if head is None else "refused"])
                continue
            for changes in draws(kind, named, o.draws, o.seed):
                if not wrong(kind, named, changes):
                    continue
                fewest = narrowed(kind, named, changes)
                for form, n, params in wrong(kind, named, fewest):
                    said = " ".join(f"{'.'.join(path)}={value}" for path, value in fewest.items())[:300]
                    if said + form not in seen:
                        print(f"{kind:28} {named:44} {form:5} {n / params - 1:+9.3%} {said or 'default'}", flush=True)
                    seen.add(said + form)
    print(dict(TALLY))


if __name__ == "__main__":
    main()
