"""The software that serves a model: which family a free text means, and how that family runs its batches."""

import re
from dataclasses import dataclass
from functools import lru_cache

from mlquote.estimators.asking.finding import Finding, warned
from mlquote.kit.provenance import Assumption

ANY = "any"
"""The family of an engine that nobody names or recognises: the average of the servers fitted."""
_FAMILIES = (
    (r"habana|gaudi", "habana"),
    (r"neuron", "neuron"),
    (r"tensorrt|trt[-_ ]?llm|\bnim\b|triton", "tensorrt_llm"),
    (r"vllm|mango|llmboost", "vllm"),
    (r"sgl", "sglang"),
    (r"llama\.?cpp|ollama|gguf|lm ?studio", "llama_cpp"),
    (r"exllama|\btabby", "exllama"),
    (r"\bmlc\b|mlc[-_ ]?llm", "mlc"),
    (r"\bmlx\b|mlx[-_ ]?lm", "mlx"),
    (r"\bmii\b", "mii"),
    (r"deepspeed", "deepspeed"),
    (r"faster ?transformer|\bft\b", "fastertransformer"),
    (r"transformers|ctranslate|eager|pytorch|accelerate", "eager"),
)
_STATIC = frozenset({"deepspeed", "fastertransformer", "eager", "habana"})
_LAYERWISE = frozenset({"llama_cpp", "exllama"})
_VERSION = re.compile(r"(?<![a-z0-9.])v?(\d+)\.(\d+)")
_SHOWN = 80
"""Letters of an unknown engine's name that are repeated."""


@dataclass(frozen=True, slots=True)
class ServingEngine:
    """A family of serving software, and whether it runs one fixed batch to the end."""

    family: str
    static: bool
    version: tuple[int, int] | None = None
    """Of its release, where the name tells it."""

    @property
    def is_layerwise(self) -> bool:
        """It gives each accelerator whole layers: more of them hold more, and one sequence goes no faster."""
        return self.family in _LAYERWISE


def engine_of(text: str | None) -> ServingEngine:
    """The family an engine's name belongs to ("TensorRT-LLM 0.17" -> tensorrt_llm); "any" where none is recognised.

    TensorRT-LLM before 0.9 was measured with its own fixed-batch benchmark, without a server in front.
    """
    name = (text or "").casefold()
    family = next((family for pattern, family in _FAMILIES if re.search(pattern, name)), ANY)
    early = re.search(r"llm[^0-9]*0\.([0-8])(\D|$)", name) is not None and family == "tensorrt_llm"
    version = _VERSION.search(name)
    release = (int(version[1]), int(version[2])) if version else None
    return ServingEngine(family, family in _STATIC or early, release)


@lru_cache(maxsize=1024)
def engine_found(text: str | None) -> Finding[ServingEngine]:
    """The engine that a question names, with its family said; `engine-not-recognised` where it names an unknown one."""
    engine = engine_of(text)
    if engine.family != ANY:
        return Finding(engine, (Assumption("engine_family", engine.family, basis="derived", why="recognised"),))
    why = "not given or not recognised: the average of the servers fitted"
    found = Finding(engine, (Assumption("engine_family", engine.family, why=why),))
    if text is None:
        return found
    detail = f"engine {text[:_SHOWN]!r} is not recognised: the average of the servers fitted stands in"
    return warned(found, "engine-not-recognised", detail)
