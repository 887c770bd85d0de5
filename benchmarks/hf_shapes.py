"""Learns from the library's own models how their parameters follow from their configurations. Development only.

    python benchmarks/hf_shapes.py TYPE[:CLASS] ... > table

A model is built on the meta device with one field after another said differently. Tensors of one name are a group: how
many there are and each of their sides is a small polynomial of the fields, found exactly or not at all. The whole is
then tried on configurations changed at random; a field that breaks the rule is held to its default, and only files that
say that default are answered by it.
"""

import argparse
import itertools
import json
import math
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import hf_build as built
import numpy as np

Changes = dict[tuple[str, ...], Any]
Atoms = dict[str, float]
Parents = dict[tuple[str, ...], dict[str, Any]]
"""Nested objects of a default configuration, whole, by their paths."""
Monomial = tuple[str, ...]
Law = dict[Monomial, Fraction]
"""Coefficients of products of fields; the empty product is a constant."""
LABELS = "#labels"
MOST_ITEMS = 12
TRIES = 10


@dataclass
class Seen:
    """One model: its fields as numbers, and its tensors' shapes by name."""

    changes: Changes
    atoms: Atoms
    said: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    params: int


PARENTS: dict[tuple[str, str], Parents] = {}


def _fill(said: dict[str, Any], path: tuple[str, ...], whole: dict[str, Any]) -> None:
    """Say a nested object whole, what is said of it already apart."""
    for name in path:
        said = said.setdefault(name, {})
    for name, value in whole.items():
        said.setdefault(name, value)


def _parents(written: dict[str, Any], path: tuple[str, ...] = ()) -> Parents:
    found: Parents = {}
    for name, value in written.items():
        if isinstance(value, dict) and name.endswith(("config", "encoder", "decoder")):
            flat = {k: v for k, v in value.items() if not isinstance(v, dict)}
            found |= {(*path, name): flat} | _parents(value, (*path, name))
    return found


@dataclass
class Learned:
    """What was found of one class of one type."""

    kind: str
    named: str
    base: dict[str, Any]
    law: Law = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, Law] = field(default_factory=dict)


def atoms_of(leaves: Iterable[tuple[tuple[str, ...], Any]]) -> Atoms:
    """Fields as numbers: lists by item or by how often a word comes, booleans as 0 and 1."""
    found: Atoms = {}
    for path, value in leaves:
        name = ".".join(path)
        if path[-1].startswith("_"):
            continue
        if path[-1] == "id2label" and len(path) == 1:
            found[LABELS] = len(value)
        elif isinstance(value, bool | int | float):
            found[name] = value
        elif isinstance(value, list) and value and all(isinstance(v, str) for v in value):
            for word in sorted(set(value)):
                found[f"{name}:{word}"] = value.count(word)
        elif isinstance(value, list) and len(value) <= MOST_ITEMS and all(isinstance(v, int | float) for v in value):
            found |= {f"{name}.{n}": v for n, v in enumerate(value)}
    return found


def seen(kind: str, named: str, changes: Changes) -> Seen | None:
    """A model with some fields said differently, nested ones alone or, where that says nothing, with their kin."""
    return _seen(kind, named, changes, {}) or (_seen(kind, named, changes, PARENTS.get((kind, named), {})))


def _seen(kind: str, named: str, changes: Changes, parents: Parents) -> Seen | None:
    """A model with some fields said differently; None where nothing can be built."""
    said: dict[str, Any] = {}
    for path, value in changes.items():
        if path[:-1] and path[:-1] in parents:
            _fill(said, path[:-1], parents[path[:-1]])
        built.put(said, path, value)
    try:
        if kind == named:
            model = built.model_of(named, said)
            written = built.plain(dict(model.config))
        else:
            config = built.config_of(kind, said)
            model = built.model_of(named, config)
            written = built.plain(config.to_dict())
            if "id2label" not in written:
                written["id2label"] = {"0": "", "1": ""}
    except Exception:
        return None
    leaves = list(built.leaves(written))
    reached = dict(leaves)
    if any(path in reached and reached[path] != value for path, value in changes.items()):
        return None
    shapes = {name: tuple(p.shape) for name, p in model.named_parameters()}
    if not changes:
        PARENTS[kind, named] = _parents(written)
    return Seen(changes, atoms_of(leaves), {".".join(p): v for p, v in leaves}, shapes, built.count_of(model))


def patterns(runs: Sequence[Seen]) -> dict[str, re.Pattern[str]]:
    """Groups of names whose tensors have one shape in each model; a number stands for any, or for itself."""
    groups: dict[str, None] = {}
    names = {name for run in runs for name in run.shapes}
    for loose, members in _by(names, lambda name: re.sub(r"\.\d+", ".*", name)).items():
        places = loose.count(".*")
        for kept in sorted(itertools.product((0, 1), repeat=places), key=sum):
            if _uniform(runs, members, kept):
                break
        groups |= dict.fromkeys(_masked(name, kept) for name in members)
    return {group: re.compile(re.escape(group).replace(r"\*", r"\d+") + "$") for group in groups}


def _by(names: Iterable[str], key: Any) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name in sorted(names):
        found[key(name)].append(name)
    return found


def _masked(name: str, kept: Sequence[int]) -> str:
    places = iter(kept)
    return re.sub(r"\.(\d+)", lambda m: m.group(0) if next(places) else ".*", name)


def _uniform(runs: Sequence[Seen], members: Sequence[str], kept: Sequence[int]) -> bool:
    for run in runs:
        shapes: dict[str, tuple[int, ...]] = {}
        for name in members:
            if name in run.shapes and shapes.setdefault(_masked(name, kept), run.shapes[name]) != run.shapes[name]:
                return False
    return True


def tensors(runs: Sequence[Seen]) -> list[list[tuple[int, tuple[int, ...]]]]:
    """Each group as (how many, shape) in every run; shape () where there is none."""
    kept = patterns(runs)
    by_loose = _by(kept, lambda group: re.sub(r"\.(\d+|\*)", ".*", group))
    tables: list[dict[str, list[Any]]] = []
    for run in runs:
        table: dict[str, list[Any]] = {group: [0, ()] for group in kept}
        for name, shape in run.shapes.items():
            for group in by_loose[re.sub(r"\.\d+", ".*", name)]:
                if kept[group].match(name):
                    table[group][0] += 1
                    table[group][1] = shape
                    break
        tables.append(table)
    unique = {tuple((n, s) for n, s in (table[group] for table in tables)) for group in kept}
    counted = defaultdict(int)
    for group in kept:
        counted[tuple((table[group][0], table[group][1]) for table in tables)] += 1
    del unique
    return [[(number * n, shape) for n, shape in rows] for rows, number in counted.items()]


class Unlawful(Exception):
    """No small polynomial; the fields that it hangs on."""

    def __init__(self, names: set[str]) -> None:
        """Keep the names."""
        super().__init__(names)
        self.names = names


LAWS: dict[Any, Law | None] = {}


def law_of(values: Sequence[int | None], runs: Sequence[Seen]) -> Law:
    """The polynomial that gives each value; rows of None do not count.

    Raises:
        Unlawful: none is found.
    """
    rows = [(run.atoms, value) for run, value in zip(runs, values, strict=True) if value is not None]
    if len({value for _, value in rows}) == 1:
        return {(): Fraction(rows[0][1])}
    names = _moving(rows, [run.changes for run, v in zip(runs, values, strict=True) if v is not None])
    cells = {tuple(atoms.get(n, 0) for n in names): value for atoms, value in rows}
    inputs, outputs = list(cells), list(cells.values())
    key = (tuple(names), tuple(inputs), tuple(outputs))
    if key not in LAWS:
        LAWS[key] = _fitted(names, inputs, outputs)
    found = LAWS[key]
    if found is None:
        raise Unlawful(set(names))
    return found


def _moving(rows: Sequence[tuple[Atoms, int]], changes: Sequence[Changes]) -> list[str]:
    """Fields that move the value: those that differ between two models that differ in few fields and in the value."""
    found: dict[str, int] = {}
    base = rows[0]
    for (atoms, value), change in zip(rows, changes, strict=True):
        if len(change) == 1 and value != base[1]:
            for name in base[0]:
                if atoms.get(name, 0) != base[0].get(name, 0):
                    found[name] = found.get(name, 0) + 1
    pairs = [(c, r) for c, r in zip(changes, rows, strict=True) if len(c) == 2]
    singles = {
        frozenset((p, str(v)) for p, v in c.items()): r for c, r in zip(changes, rows, strict=True) if len(c) == 1
    }
    for change, (atoms, value) in pairs:
        for path, new in change.items():
            single = singles.get(frozenset([(path, str(new))]))
            if single and single[1] != value:
                for name in base[0]:
                    if atoms.get(name, 0) != single[0].get(name, 0):
                        found[name] = found.get(name, 0) + 1
    return sorted(found)


def _fitted(names: list[str], inputs: list[tuple[float, ...]], outputs: list[int]) -> Law | None:
    if len(names) > 7:
        return None
    values = np.array(inputs, float)
    columns: dict[str, Any] = {name: values[:, n] for n, name in enumerate(names)}
    ratios: dict[str, Any] = {}
    for a, b in itertools.permutations(names, 2):
        if (columns[b] > 0).all() and columns[a][0] >= columns[b][0] > 1:
            ratios[f"{a}//{b}"] = columns[a] // columns[b]
    parts = {f"{a}//{k}": columns[a] // k for a in names for k in (2, 3, 4, 5, 6, 8) if len(names) == 1}
    y = np.array(outputs, float)
    with_ratios, with_parts = {**columns, **ratios}, {**columns, **parts}
    pools = [
        (columns, 3, 2, 1),
        (columns, 3, 3, 1),
        (with_ratios, 3, 2, 1),
        (with_parts, 2, 2, 1),
        (with_ratios, 3, 3, 1),
    ]
    for pool, degree, most, parts_of_one in [*pools, (columns, 2, 1, 8)]:
        found = _searched(pool, y, degree, most, parts_of_one)
        if found is not None:
            return found
    return None


def _searched(pool: dict[str, Any], y: Any, degree: int, most: int, whole: int) -> Law | None:
    monomials: dict[Monomial, Any] = {}
    for size in range(1, degree + 1):
        if len(monomials) + math.comb(len(pool) + size - 1, size) > 130 and size > 1:
            break
        for names in itertools.combinations_with_replacement(pool, size):
            monomials[names] = np.prod([pool[n] for n in names], axis=0)
    columns = {m: c for m, c in monomials.items() if not (c == c[0]).all()}
    ones = np.ones_like(y)
    if len(columns) > 30:
        most = min(most, 2)
    for size in range(1, most + 1):
        for constant in (False, True):
            if size + constant > len(y) - (whole > 1) and len(y) > 2:
                continue
            for chosen in itertools.combinations(columns, size):
                matrix = np.stack([columns[m] for m in chosen] + ([ones] if constant else []), axis=1)
                law = _solved(matrix, y, [*chosen, *([()] if constant else [])], whole)
                if law is not None:
                    return law
    return None


def _solved(matrix: Any, y: Any, names: list[Monomial], whole: int) -> Law | None:
    scaled = matrix / np.abs(matrix).max(axis=0)
    gram = scaled.T @ scaled
    if len(gram) > 1 and abs(np.linalg.det(gram)) < 1e-12:
        return None
    found = np.linalg.solve(gram, scaled.T @ y) / np.abs(matrix).max(axis=0)
    exact = [Fraction(float(v)).limit_denominator(whole) for v in found]
    if any(v == 0 for v in exact):
        return None
    if np.abs(matrix @ np.array([float(v) for v in exact]) - y).max() > 1e-6 * max(1.0, np.abs(y).max()):
        return None
    return dict(zip(names, exact, strict=True))


def times(a: Law, b: Law) -> Law:
    """The product of two laws."""
    found: Law = defaultdict(Fraction)
    for (m, x), (n, y) in itertools.product(a.items(), b.items()):
        found[tuple(sorted(m + n))] += x * y
    return dict(found)


def value_of(law: Law, atoms: Atoms) -> float:
    """What a law gives."""
    total = 0.0
    for monomial, coefficient in law.items():
        part = float(coefficient)
        for name in monomial:
            a, _, b = name.partition("//")
            part *= atoms.get(a, 0) // (float(b) if b.isdigit() else atoms.get(b, 0)) if b else atoms.get(a, 0)
        total += part
    return total


def whole_law(runs: Sequence[Seen]) -> Law:
    """The law of all parameters.

    Raises:
        Unlawful: one group has none.
    """
    total: Law = defaultdict(Fraction)
    for rows in tensors(runs):
        law = law_of([n for n, _ in rows], runs)
        sides = max(len(shape) for _, shape in rows)
        for side in range(sides):
            law = times(law, law_of([shape[side] if n else None for n, shape in rows], runs))
        for monomial, coefficient in law.items():
            total[monomial] += coefficient
    return {m: c for m, c in total.items() if c}


def singles(base: Seen, draw: random.Random) -> list[Changes]:
    """One field after another said differently, twice where it is a number."""
    found: list[Changes] = []
    for name, value in base.said.items():
        path = tuple(name.split("."))
        if not built.plausible(path, value) and not (isinstance(value, float) and "ratio" in path[-1]):
            continue
        if isinstance(value, float):
            found += [{path: value * 2}]
        elif isinstance(value, list):
            if len(value) > MOST_ITEMS and not isinstance(value[0], str):
                continue
            if isinstance(value[0], str):
                words = sorted(set(map(str, value)))
                found += [
                    {path: [w if n == k else v for n, v in enumerate(value)]}
                    for k in (0, len(value) - 1)
                    for w in words
                    if value[k] != w
                ]
            else:
                found += [{path: [_other(v) if n == k else v for n, v in enumerate(value)]} for k in range(len(value))]
        elif isinstance(value, bool):
            found += [{path: not value}]
        elif value > 0:
            found += [{path: _other(value)}, {path: value // 2 if value > 3 else value * 3}]
    if LABELS in base.atoms:
        found.append({("num_labels",): 5})
    return found


def _other(value: int) -> int:
    return value + 1 if value < 12 else value + (64 if value >= 512 else 8 if value >= 64 else 4)


def learn(kind: str, named: str) -> Learned | None:
    """The law of one class, with the fields that are held to their defaults."""
    base = seen(kind, named, {})
    if base is None:
        return None
    draw = random.Random(f"{kind} {named}")
    runs, held, effective = [base], set(), {}
    for change in singles(base, draw):
        (path,) = change
        run = seen(kind, named, change)
        name = ".".join(path)
        if run is None:
            continue
        moved = run.shapes != base.shapes
        effective[name] = effective.get(name, False) or moved
        if moved:
            runs.append(run)
    inert = {name for name, moves in effective.items() if not moves}
    runs = [_without(run, inert) for run in runs]
    unprobed = {name for name, value in base.said.items() if _mattering(name, value) and name not in effective}
    held |= unprobed
    loose = {re.sub(r"\.\d+", "", name) for name in base.shapes}
    switches = [run for run in runs if len(run.changes) == 1 and {re.sub(r"\.\d+", "", n) for n in run.shapes} - loose]
    switches = [run for run in switches if not isinstance(next(iter(run.changes.values())), list)]
    for switch in switches[:6]:
        ((path, _),) = switch.changes.items()
        done: set[tuple[str, ...]] = set()
        for run in list(runs):
            first = not run.changes.keys() <= done
            done |= run.changes.keys()
            if (
                first
                and len(run.changes) == 1
                and path not in run.changes
                and _numeric(next(iter(run.changes.values())))
            ):
                both = seen(kind, named, {**switch.changes, **run.changes})
                if both is not None:
                    runs.append(both)
    return _confirmed(kind, named, base, runs, held, draw)


def _without(run: Seen, inert: set[str]) -> Seen:
    """A model without the fields that move nothing."""
    atoms = {n: v for n, v in run.atoms.items() if re.split(r":|\.\d+$", n)[0] not in inert}
    return Seen(run.changes, atoms, run.said, run.shapes, run.params)


def _numeric(value: Any) -> bool:
    return isinstance(value, int | list) and not isinstance(value, bool)


def _mattering(name: str, value: Any) -> bool:
    last = name.rpartition(".")[2]
    if last in (
        "id2label",
        "label2id",
        "architectures",
        "dtype",
        "torch_dtype",
        "transformers_version",
        "problem_type",
    ):
        return False
    if last == "model_type":
        return "." in name
    if isinstance(value, float) and not any(part in last for part in ("ratio", "expan", "mult")):
        return False
    return not last.startswith("_") and not any(part in last for part in built.IDLE)


def _confirmed(
    kind: str, named: str, base: Seen, runs: list[Seen], held: set[str], draw: random.Random
) -> Learned | None:
    for _ in range(TRIES):
        usable = [run for run in runs if not any(".".join(path) in held for path in run.changes)]
        try:
            law = whole_law(usable)
        except Unlawful as fault:
            held.add(_worst(fault.names, usable, base))
            print(
                "unlawful", sorted(fault.names), "holds", _worst(fault.names, usable, base), file=sys.stderr, flush=True
            )
            continue
        if abs(value_of(law, base.atoms) - base.params) > 0.5:
            return None
        broken = _broken(kind, named, base, usable, law, draw)
        if broken is None:
            derived = _derived(usable, base)
            return Learned(kind, named, base.said, law, {n: base.said[n] for n in held if n in base.said}, derived)
        print("broken", broken.changes, value_of(law, broken.atoms) - broken.params, file=sys.stderr, flush=True)
        runs.append(broken)
        runs += _between(kind, named, broken, usable)
    return Learned(
        kind,
        named,
        base.said,
        {(): Fraction(base.params)},
        {n: v for n, v in base.said.items() if _mattering(n, v)},
        {},
    )


def _between(kind: str, named: str, broken: Seen, usable: list[Seen]) -> list[Seen]:
    """The pairs of fields in a model that broke the law, each as a model of its own."""
    found = []
    for one, two in itertools.islice(itertools.combinations(broken.changes.items(), 2), 6):
        run = seen(kind, named, dict((one, two)))
        if run is not None:
            found.append(run)
            for only in (one, two):
                if not any(r.changes == dict((only,)) for r in usable):
                    alone = seen(kind, named, dict((only,)))
                    found += [alone] if alone is not None else []
    return found


def _worst(names: set[str], runs: Sequence[Seen], base: Seen) -> str:
    """The field to hold: what no law was found with, words and switches first, sizes last."""

    def rank(name: str) -> tuple[int, int]:
        field_name = re.split(r":|\.\d", name)[0]
        value = base.said.get(field_name)
        kind = 0 if isinstance(value, list) else 1 if isinstance(value, float) else 2 if isinstance(value, bool) else 3
        sizes = sum(word in name for word in ("hidden_size", "vocab", "intermediate", "num_hidden_layers", "d_model"))
        return kind + 2 * sizes, -len(name)

    changed = {".".join(path) for run in runs for path in run.changes}
    fields = {name: re.split(r":|\.\d+$", name)[0] for name in names}
    able = [name for name in names if fields[name] in changed] or list(names)
    return fields[min(able, key=rank)]


def _broken(kind: str, named: str, base: Seen, usable: Sequence[Seen], law: Law, draw: random.Random) -> Seen | None:
    """A model changed at random whose count the law misses; None where every one is hit."""
    options = defaultdict(list)
    for run in usable:
        if len(run.changes) == 1:
            ((path, value),) = run.changes.items()
            options[path].append(value)
    for run in usable:
        if abs(value_of(law, run.atoms) - run.params) > 0.5:
            return run
    if not options:
        return None
    hits = 0
    for _ in range(30):
        some = draw.sample(sorted(options), min(len(options), draw.randint(2, max(2, len(options) // 2))))
        fresh = {
            path: _fresh(base.said[".".join(path)], options[path], draw)
            if ".".join(path) in base.said
            else draw.choice(options[path])
            for path in some
        }
        run = seen(kind, named, fresh)
        if run is None:
            continue
        if abs(value_of(law, run.atoms) - run.params) > 0.5:
            return _smaller(kind, named, run, law)
        hits += 1
        if hits == 10:
            break
    return None


def _fresh(value: Any, tried: list[Any], draw: random.Random) -> Any:
    """A value that was tried, or one that was not."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return draw.choice([*tried, value * 4, value * 3, max(1, value // 4)])
    return draw.choice(tried)


def _smaller(kind: str, named: str, run: Seen, law: Law) -> Seen:
    """The same with as few changes as still break the law."""
    for path in list(run.changes):
        if len(run.changes) == 1:
            break
        fewer = seen(kind, named, {p: v for p, v in run.changes.items() if p != path})
        if fewer is not None and abs(value_of(law, fewer.atoms) - fewer.params) > 0.5:
            run = fewer
    return run


def _derived(runs: Sequence[Seen], base: Seen) -> dict[str, Law]:
    """Fields that a class works out from others where the file is silent."""
    found = {}
    moved = {
        n
        for run in runs
        for n, v in run.atoms.items()
        if not any(_names(n, p) for p in run.changes) and v != base.atoms.get(n)
    }
    for name in sorted(moved):
        rows = [(run.atoms.get(name, 0), run) for run in runs if not any(_names(name, p) for p in run.changes)]
        try:
            others = [run for _, run in rows]
            stripped = [
                Seen(r.changes, {k: v for k, v in r.atoms.items() if k != name}, r.said, r.shapes, r.params)
                for r in others
            ]
            found[name] = law_of([v for v, _ in rows], stripped)
        except Unlawful:
            found[name] = {}
    return found


def _names(atom: str, path: tuple[str, ...]) -> bool:
    return re.split(r":", atom)[0] == ".".join(path) or atom.startswith(".".join(path) + ".")


def main() -> None:
    """Print what is learned, one class a line of JSON."""
    asked = argparse.ArgumentParser()
    asked.add_argument("types", nargs="+")
    o = asked.parse_args()
    for word in o.types:
        kind, _, only = word.partition(":")
        classes = [only] if only else [kind] if kind[0].isupper() else built.classes_of(kind)
        for named in classes:
            found = learn(kind, named)
            if found is None:
                print(f"# {kind} {named} not built", file=sys.stderr, flush=True)
                continue
            law = {"*".join(m): str(c) for m, c in found.law.items()}
            derived = {n: {"*".join(m): str(c) for m, c in law.items()} for n, law in found.derived.items()}
            print(
                json.dumps(
                    {
                        "type": kind,
                        "class": named,
                        "law": law,
                        "held": found.held,
                        "derived": derived,
                        "base": found.base,
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
