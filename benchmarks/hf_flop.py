"""Compares our forward FLOP of configurations with what PyTorch's counter sees of the library's models. Development.

    python benchmarks/hf_flop.py [--draws 4] [--seed 1] [--types albert,swin] [--tokens 96]
    python benchmarks/hf_flop.py --rows CONFIGS.ndjson

Every class of every type whose arithmetic we know is built on the meta device, by default and with fields said
differently, and run once. `--rows` reads configurations with measured FLOP instead (`config`, `forward_flop` {`input`,
`flop`}), needs no library, and prints the share within 1 %.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "app"))

from mlquote.estimators.models.hugging_face.arithmetic import ARITHMETIC, WORDS
from mlquote.estimators.models.hugging_face.config import ReadConfig, read_config
from mlquote.formulas.models.compute import forward_flop
from mlquote.formulas.models.vision import vit_count
from mlquote.kit.errors import Malformed, OutOfDomain

NEAR = 0.01
MOST_PARAMS = 300_000_000
"""A model that cannot run without values is given some, up to this size."""
TEXT = ("input_ids", "decoder_input_ids")


def ours(read: ReadConfig, tokens: int) -> float | None:
    """Our forward FLOP of one pass: so many tokens (of each half), or one image; None where we do not know."""
    if read.arithmetic is not None:
        return read.arithmetic.flop(x=tokens, read=tokens, written=tokens)
    if read.stack is None:
        return None
    if read.kind == "vit":
        return float(
            vit_count(read.stack, image_size=read.image_size or 224, patch_size=read.patch_size or 16).forward_flop
        )
    whole = tokens * (2 if read.stack.encoder else 1)
    return forward_flop(read.stack, whole, triangle=False, router=True).total * whole


def sized(config: dict[str, Any], given: dict[str, list[int]]) -> tuple[dict[str, Any], int]:
    """(the config at the sizes that were measured, tokens)."""
    side = next((shape[-1] for name, shape in given.items() if name.startswith(("sample", "pixel"))), None)
    if side is not None:
        name = "image_size" if "pixel_values" in given else "sample_size"
        if name == "sample_size" or isinstance(config.get(name, 0), int):
            config = {**config, name: side}
    return config, next((shape[1] for name, shape in given.items() if name in TEXT), 0)


def from_rows(path: Path) -> None:
    """The share of measured rows that we meet within 1 %, and each that we miss."""
    tally: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        row = json.loads(line)
        measured = row.get("forward_flop")
        if not measured:
            continue
        config, tokens = sized(row["config"], measured["input"])
        try:
            found = ours(read_config(config), tokens)
        except (Malformed, OutOfDomain):
            tally["refused"] += 1
            continue
        if found is None:
            tally["by parameters, warned"] += 1
            print(f"{row['id']:60} {row['built_as']:40} by parameters")
            continue
        off = found / measured["flop"] - 1
        tally["within 1 %" if abs(off) <= NEAR else "off"] += 1
        if abs(off) > NEAR:
            print(f"{row['id']:60} {row['built_as']:40} {off:+9.2%}")
    print(f"{dict(tally)}: {tally['within 1 %']} of {sum(tally.values())} within 1 %")


def inputs_of(read: ReadConfig, model: Any, tokens: int) -> dict[str, Any]:
    """What one pass of a model takes, on the meta device."""
    import torch

    config, meta = model.config, torch.device("meta")
    words = torch.zeros((1, tokens), dtype=torch.long, device=meta)
    name = type(model).__name__
    if name.startswith(("UNet", "Autoencoder")):
        return _diffused(config, name)
    if name.endswith("Transformer2DModel"):
        return _transformed(config, name)
    if read.kind == "encoder":
        return {"input_ids": words}
    if read.kind == "encoder_decoder":
        return {"input_ids": words, "decoder_input_ids": words}
    vision = getattr(config, "vision_config", config)
    found: dict[str, Any] = {}
    if getattr(vision, "num_channels", None) and not name.endswith(("TextModel", "TextModelWithProjection")):
        side = getattr(vision, "image_size", None) or 224
        found["pixel_values"] = torch.zeros((1, vision.num_channels, side, side), device=meta)
    text = getattr(config, "text_config", config if "TextModel" in name else None)
    if text is not None and "ImageClassification" not in name:
        length = text.max_position_embeddings if "pixel_values" in found else tokens
        found["input_ids"] = torch.zeros((1, length), dtype=torch.long, device=meta)
    return found


def _diffused(config: Any, name: str) -> dict[str, Any]:
    import torch

    side, channels = config.sample_size or 64, config.in_channels
    image = torch.zeros((1, channels, side, side), device="meta")
    if name == "AutoencoderKL":
        return {"sample": image}
    found = {"sample": image, "timestep": torch.zeros((1,), device="meta")}
    if name != "UNet2DModel":
        found["encoder_hidden_states"] = torch.zeros((1, 77, config.cross_attention_dim), device="meta")
    return found


def _transformed(config: Any, name: str) -> dict[str, Any]:
    import torch

    def made(*shape: int) -> Any:
        return torch.zeros(shape, device="meta")

    words, once = WORDS.get(name, 0), torch.zeros((1,), device="meta")
    if name == "FluxTransformer2DModel":
        guided = {"guidance": once} if config.guidance_embeds else {}
        return {
            "hidden_states": made(1, 4096, config.in_channels), "img_ids": made(4096, 3), "txt_ids": made(words, 3),
            "encoder_hidden_states": made(1, words, config.joint_attention_dim), "timestep": once,
            "pooled_projections": made(1, config.pooled_projection_dim), **guided,
        }  # fmt: skip
    side = config.sample_size
    found = {"hidden_states": made(1, config.in_channels, side, side), "timestep": once}
    if name == "SD3Transformer2DModel":
        read, pooled = made(1, words, config.joint_attention_dim), made(1, config.pooled_projection_dim)
        return {**found, "encoder_hidden_states": read, "pooled_projections": pooled}
    if name == "PixArtTransformer2DModel":
        sizes = {"resolution": made(1, 2), "aspect_ratio": made(1, 1)} if side == 128 else {}
        read = made(1, words, config.caption_channels or config.cross_attention_dim)
        sizes = sizes or {"resolution": None, "aspect_ratio": None}
        return {**found, "encoder_hidden_states": read, "added_cond_kwargs": sizes}
    return {**found, "timestep": once.long(), "class_labels": once.long()}


def theirs(kind: str, named: str, file: dict[str, Any], read: ReadConfig, tokens: int) -> float | None:
    """What PyTorch's counter sees of one pass; None where the library cannot run it."""
    import hf_build as built
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    config = {k: v for k, v in file.items() if k != "_class_name"} if kind == named else built.config_of(kind, file)
    model = built.model_of(named, config).eval()
    if hasattr(model, "set_attn_implementation"):
        model.set_attn_implementation("eager")
    given = inputs_of(read, model, tokens)
    for place in ("meta", "cpu"):
        counter = FlopCounterMode(display=False)
        if place == "cpu":
            model = model.to_empty(device=place)
            given = {name: torch.zeros(each.shape, dtype=each.dtype) for name, each in given.items()}
        try:
            with torch.no_grad(), counter:
                model(**given)
            return float(counter.get_total_flops())
        except Exception as fault:
            said = f"{type(fault).__name__} {str(fault)[:90]}"
            if built.count_of(model) > MOST_PARAMS:
                break
    print(f"{kind:24} {named:44} not run: {said}", flush=True)
    return None


def cases(kinds: list[str], number: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """(type, class, file, what was changed) of each class, by default and with fields said differently."""
    import hf_build as built
    import hf_check

    for kind in kinds:
        for named in [kind] if kind[0].isupper() else built.classes_of(kind):
            for changes in hf_check.draws(kind, named, number, seed):
                found = hf_check.truth(kind, named, changes)
                if found is not None and hf_check.ours(found[1]) == found[0]:
                    said = " ".join(f"{'.'.join(path)}={value}" for path, value in changes.items())
                    yield kind, named, found[1], said[:200]


def main() -> None:
    """Print each difference, and how many there are."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=Path)
    asked.add_argument("--draws", type=int, default=4)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--types", default="")
    asked.add_argument("--tokens", type=int, default=64)
    o = asked.parse_args()
    if o.rows:
        from_rows(o.rows)
        return
    tally: Counter[str] = Counter()
    for kind, named, file, said in cases(o.types.split(",") if o.types else sorted(ARITHMETIC), o.draws, o.seed):
        read = read_config(file)
        found = ours(read, o.tokens)
        if found is None:
            tally["by parameters"] += 1
            continue
        seen = theirs(kind, named, file, read, o.tokens)
        if seen is None:
            tally["not run"] += 1
            continue
        off = found / seen - 1
        tally["within 1 %" if abs(off) <= NEAR else "off"] += 1
        if abs(off) > NEAR:
            print(f"{kind:24} {named:44} {off:+9.2%} {said or 'default'}", flush=True)
    print(dict(tally))


if __name__ == "__main__":
    main()
