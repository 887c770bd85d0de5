"""Every framework's functions, by framework and loss, and by each of their names."""

from collections.abc import Mapping

from mlquote.losses.frameworks import keras, optax, pytorch, sklearn, transformers, trl
from mlquote.losses.frameworks.function import Function, key_of

MODULES = {each.framework: each for each in (m.MODULE for m in (pytorch, keras, optax, sklearn, transformers, trl))}
FRAMEWORKS = tuple(MODULES)
VERSIONS: Mapping[str, str] = {name: module.version for name, module in MODULES.items()}


def _by_loss() -> Mapping[str, Mapping[str, tuple[Function, ...]]]:
    found: dict[str, dict[str, tuple[Function, ...]]] = {}
    for framework, module in MODULES.items():
        for function in module.functions:
            of = found.setdefault(function.loss.name, {})
            of[framework] = (*of.get(framework, ()), function)
    return found


def _by_name() -> Mapping[str, tuple[Function, ...]]:
    found: dict[str, tuple[Function, ...]] = {}
    for module in MODULES.values():
        for function in module.functions:
            for spelling in function.spellings:
                key = key_of(spelling)
                if function not in found.get(key, ()):
                    found[key] = (*found.get(key, ()), function)
    return found


FUNCTIONS = _by_loss()
"""Loss -> framework -> its functions."""
SPELLINGS = _by_name()
"""Spelling, as `key_of` compares it -> the functions of that name."""
