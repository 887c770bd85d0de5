"""How many accelerators a run is given: accelerate, DeepSpeed, torchrun, Slurm, SkyPilot and Kubernetes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlquote.scan.groups import Group, Written

_NODES = re.compile(r"(?:--nnodes[= ]|--num_machines[= ]|#SBATCH +(?:--nodes[= ]|-N *))(\d{1,6})")
_A_NODE = re.compile(
    r"(?:--nproc[_-]per[_-]node[= ]|#SBATCH +--gpus-per-node[= ]|#SBATCH +--gres[= ]gpu:)"
    r"(?:([A-Za-z][\w.-]{0,30}):)?(\d{1,4})"
)
_ALL = re.compile(r"(?:--num_processes[= ]|deepspeed +--num_gpus[= ])(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a launcher or a config gives a run; 0 or "" where it does not say."""

    place: str
    """file:line"""
    accelerator: str = ""
    count: int = 0
    zero_stage: int = 0


def machines_in(groups: Iterable[Group]) -> Iterator[Machine]:
    """What one file says of machines."""
    members = list(groups)
    if not members:
        return
    for group in members:
        yield from _configured(group)
    text, file = members[0].around, members[0].file
    nodes = _NODES.search(text)
    each = _A_NODE.search(text)
    both = _ALL.search(text)
    if each is not None:
        line = text.count("\n", 0, each.start()) + 1
        yield Machine(f"{file}:{line}", (each[1] or "").casefold(), int(each[2]) * (int(nodes[1]) if nodes else 1))
    elif both is not None:
        yield Machine(f"{file}:{text.count(chr(10), 0, both.start()) + 1}", "", int(both[1]))


def _configured(group: Group) -> Iterator[Machine]:
    processes = group.get("num_processes")
    if processes is not None and group.get("distributed_type", "mixed_precision", "num_machines"):
        yield Machine(_place(group, processes), "", _whole(processes))
    stage = group.get("zero_optimization.stage", "deepspeed_config.zero_stage")
    if stage is not None and _whole(stage) in (1, 2, 3):
        yield Machine(_place(group, stage), "", 0, _whole(stage))
    wanted = group.get("resources.accelerators")
    named = re.match(r"([A-Za-z][\w.-]{0,30})(?::(\d{1,4}))?$", str(wanted.value)) if wanted else None
    if wanted is not None and named is not None:
        nodes = group.get("num_nodes")
        count = int(named[2] or 1) * (_whole(nodes) if nodes else 1)
        yield Machine(_place(group, wanted), named[1].casefold(), count)


def _whole(setting: Written) -> int:
    return int(str(setting.value)) if str(setting.value).isdigit() else 0


def _place(group: Group, setting: Written) -> str:
    return f"{group.file}:{setting.line}"


def agreed(machines: Iterable[Machine]) -> Machine | None:
    """What all files together say, where none contradicts another."""
    found = list(machines)
    parts = {each.accelerator for each in found if each.accelerator}
    counts = {each.count for each in found if each.count}
    stages = {each.zero_stage for each in found if each.zero_stage}
    if not found or max(len(parts), len(counts), len(stages)) > 1:
        return None
    places = ", ".join(dict.fromkeys(each.place for each in found))
    return Machine(places, next(iter(parts), ""), next(iter(counts), 0), next(iter(stages), 0))
