"""Is a gigabyte of a damaged usage log priced to the last digit, every bad line named, in flat memory, and how fast?

`python benchmarks/bench_usage_log.py [megabytes] [plain|gzip ...]` serves one worker, posts a mixed log as it is made
(counts of ours, answers of five providers, spans; one line in a hundred damaged in one of four ways), and holds the
answer against a sum of its own, from the list prices below. Speed is lines per second of the service's CPU time.
"""

import http.client
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench_batch import cpu_s, ready, serve

BLOCK = 20_000
"""Lines that are made once; the log repeats them under new ids."""
DAMAGED_EVERY = 101
MARK = "@@@@@"
"""Stands in every id for the number of the block."""
USD_PER_MTOK = {
    "gpt-5": ("1.25", "0.125", "10"),
    "gpt-5-mini": ("0.25", "0.025", "2"),
    "claude-opus-4-7": ("5", "0.5", "25"),
    "claude-sonnet-4-5": ("3", "0.3", "15"),
    "gemini-2.5-flash": ("0.3", "0.03", "2.5"),
    "bedrock-sonnet-4-5": ("3.3", "0.33", "16.5"),
}
"""Model -> dollars per million tokens of input, cached input, output: the providers' pages on 2026-11-01, below the
tier of long prompts (openai.com/api/pricing, platform.claude.com/docs/en/about-claude/pricing,
ai.google.dev/gemini-api/docs/pricing, aws.amazon.com/bedrock/pricing)."""
MOST_MIB = 64
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Block:
    """Lines as they are sent, what the whole ones cost, and which are damaged."""

    text: bytes = b""
    usd: Decimal = Decimal(0)
    damaged: list[int] = field(default_factory=list)
    """Their places, from 0."""


def block(dice: random.Random) -> Block:
    """The lines that the log repeats."""
    made, lines = Block(), []
    for place in range(BLOCK):
        prompt, said = dice.randrange(2, 20_000), dice.randrange(1, 3_000)
        cached = dice.randrange(prompt)
        model, line = one_line(place, prompt, cached, said)
        text = json.dumps(line, separators=(",", ":")).encode()
        if place % DAMAGED_EVERY == DAMAGED_EVERY // 2:
            text = damage(text, place // DAMAGED_EVERY % 4)
            made.damaged.append(place)
        else:
            rates = (Decimal(usd) for usd in USD_PER_MTOK[model])
            counts = (prompt - cached, cached, said)
            made.usd += sum(count * rate for count, rate in zip(counts, rates, strict=True)) / 1_000_000
        lines.append(text)
    made.text = b"\n".join(lines) + b"\n"
    return made


def damage(text: bytes, kind: int) -> bytes:
    """A line with a byte that is no UTF-8, an unclosed quote, cut short, or with a number that cannot be."""
    if kind == 0:
        return text[:40] + b"\xff" + text[40:]
    if kind == 1:
        return text.replace(b'"}', b"}", 1) if b'"}' in text else text.replace(b'":', b":", 1)
    if kind == 2:
        return text[: len(text) * 2 // 3]
    for name in (b"prompt_tokens", b"input_tokens", b"promptTokenCount", b"inputTokens"):
        text = text.replace(name + b'":', name + b'":-', 1)
    return text


def one_line(place: int, prompt: int, cached: int, said: int) -> tuple[str, dict[str, Any]]:
    """A line in one of ten shapes, and the model that prices it; `prompt` holds what was cached."""
    at = f"2026-11-{1 + place % 24:02}T{place % 23:02}:{place % 59:02}:{place % 57:02}Z"
    beside = {"timestamp": at, "labels": {"team": ("search", "chat", "docs")[place % 3]}}
    name = f"{MARK}-{place}"
    kinds = (ours, flat, chat, chat, responses, message, message, generated, converse, span)
    model, line = kinds[place % len(kinds)](name, prompt, cached, said)
    return model, {**(beside if "labels" not in line else {}), "timestamp": at, **line}


Line = tuple[str, dict[str, Any]]


def ours(name: str, prompt: int, cached: int, said: int) -> Line:
    """Counts in our own words."""
    usage = {"input_tokens": prompt - cached, "cache_read_tokens": cached, "output_tokens": said}
    return "claude-opus-4-7", {"provider": "anthropic", "model": "claude-opus-4-7", "usage": usage}


def flat(name: str, prompt: int, cached: int, said: int) -> Line:
    """Counts beside the names."""
    counts = {"input_tokens": prompt - cached, "cache_read_tokens": cached, "output_tokens": said}
    return "gpt-5", {"provider": "openai", "model": "gpt-5", **counts, "labels": {"team": "batch"}}


def chat(name: str, prompt: int, cached: int, said: int) -> Line:
    """A chat completion."""
    model = "gpt-5-mini" if prompt % 2 else "gpt-5"
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": said // 2, "audio_tokens": 0},
    }
    told = {"role": "assistant", "content": "Yes, of course.", "refusal": None, "annotations": []}
    choice = {"index": 0, "message": told, "logprobs": None, "finish_reason": "stop"}
    body = {"id": f"chatcmpl-{name}", "object": "chat.completion", "created": 1_793_527_200, "choices": [choice]}
    more = {"model": f"{model}-2025-08-07", "usage": usage, "service_tier": "default", "system_fingerprint": None}
    return model, {"provider": "openai", "response": {**body, **more}}


def responses(name: str, prompt: int, cached: int, said: int) -> Line:
    """An answer of the Responses API."""
    usage = {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": said // 3},
        "total_tokens": prompt + said,
    }
    output = [{"id": f"rs_{name}", "type": "reasoning", "summary": []}, {"id": f"msg_{name}", "type": "message"}]
    body = {"id": f"resp_{name}", "object": "response", "created_at": 1_793_527_200, "status": "completed"}
    more = {"model": "gpt-5-2025-08-07", "output": output, "tools": [], "service_tier": "default", "usage": usage}
    return "gpt-5", {"provider": "openai", "response": {**body, **more}}


def message(name: str, prompt: int, cached: int, said: int) -> Line:
    """A message of Claude's."""
    usage = {
        "input_tokens": prompt - cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": said,
        "service_tier": "standard",
    }
    body = {"id": f"msg_{name}", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929"}
    more = {"content": [{"type": "text", "text": "Yes."}], "stop_reason": "end_turn", "usage": usage}
    return "claude-sonnet-4-5", {"provider": "anthropic", "response": {**body, **more}}


def generated(name: str, prompt: int, cached: int, said: int) -> Line:
    """Gemini's answer, a third of it thoughts."""
    thoughts = said // 3
    usage = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": said - thoughts,
        "thoughtsTokenCount": thoughts,
        "totalTokenCount": prompt + said,
        "cachedContentTokenCount": cached,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": cached}],
    }
    candidate = {"content": {"parts": [{"text": "Yes."}], "role": "model"}, "finishReason": "STOP", "index": 0}
    body = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-flash", "responseId": name}
    return "gemini-2.5-flash", {"provider": "google", "response": body}


def converse(name: str, prompt: int, cached: int, said: int) -> Line:
    """Bedrock's Converse, whose request names the model."""
    usage = {"inputTokens": prompt - cached, "outputTokens": said, "totalTokens": prompt + said}
    usage |= {"cacheReadInputTokens": cached, "cacheWriteInputTokens": 0}
    body = {"output": {"message": {"role": "assistant"}}, "stopReason": "end_turn", "usage": usage}
    request = {"modelId": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}
    return "bedrock-sonnet-4-5", {"provider": "aws-bedrock", "request": request, "response": body, "request_id": name}


def span(name: str, prompt: int, cached: int, said: int) -> Line:
    """A span of OpenTelemetry's GenAI conventions."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.response.model": "gpt-5-mini-2025-08-07",
        "gen_ai.response.id": f"chatcmpl-{name}",
        "gen_ai.usage.input_tokens": prompt,
        "gen_ai.usage.output_tokens": said,
        "gen_ai.usage.cache_read.input_tokens": cached,
    }
    return "gpt-5-mini", {"name": "chat gpt-5-mini", "spanId": name, "events": [], "attributes": attributes}


def pieces(made: Block, blocks: int, packed: bool) -> Iterator[bytes]:
    """The log as it is sent."""
    packing = zlib.compressobj(1, wbits=31) if packed else None
    for number in range(blocks):
        text = made.text.replace(MARK.encode(), b"%05d" % number)
        for start in range(0, len(text), 2**20):
            piece = text[start : start + 2**20]
            piece = packing.compress(piece) if packing else piece
            if piece:
                yield piece
    if packing:
        yield packing.flush()


class Watched:
    """A process whose memory is looked at again and again, and whose CPU time is known."""

    def __init__(self, pid: int) -> None:
        self._pid, self._is_on, self.peak = pid, True, 0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watched":
        self.base, self._cpu = self._rss(), cpu_s(self._pid)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_on = False
        self._thread.join()
        self.cpu_s = cpu_s(self._pid) - self._cpu

    def _watch(self) -> None:
        while self._is_on:
            self.peak = max(self.peak, self._rss())
            time.sleep(0.05)

    def _rss(self) -> int:
        return int(Path(f"/proc/{self._pid}/statm").read_text().split()[1]) * PAGE


def post(port: int, body: Iterator[bytes]) -> dict[str, Any]:
    """The answer to a log that is sent as it is made."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=7200)
    headers = {"Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"}
    connection.request("POST", "/v1/usage/cost?by=day,model", body, headers, encode_chunked=True)
    answer = connection.getresponse()
    read = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {read[:500]!r}")
    told: dict[str, Any] = json.loads(read, parse_float=Decimal)
    return told


def measure(port: int, pid: int, made: Block, blocks: int, *, packed: bool) -> bool:
    """One log posted and held against what is expected; whether all of it holds."""
    started = time.perf_counter()
    with Watched(pid) as watched:
        answer = post(port, pieces(made, blocks, packed))
    wall_s = time.perf_counter() - started
    lines = blocks * BLOCK
    expected = {number * BLOCK + place + 1 for number in range(blocks) for place in made.damaged}
    named = [fault["line"] for fault in answer["malformed_lines"]]
    named += [line for lines in answer.get("further_malformed_lines", {}).values() for line in lines]
    more_mib = (watched.peak - watched.base) / 2**20
    is_exact = answer["priced_usd"] == made.usd * blocks and answer["lines"] == lines
    are_named = set(named) == expected and len(named) == len(expected)
    size = len(made.text) * blocks / 1e6
    print(f"{'gzip' if packed else 'plain'}: {size:,.0f} MB, {lines:,} lines, {len(expected):,} of them damaged")
    print(f"  total           {answer['priced_usd']:>16,} USD, {'exact' if is_exact else f'not {made.usd * blocks:,}'}")
    print(f"  damaged lines   {len(named):>16,} named, {'each' if are_named else 'NOT each'} of them")
    print(f"  memory          {more_mib:>16,.0f} MiB over {watched.base / 2**20:,.0f} (goal {MOST_MIB})")
    print(
        f"  speed           {lines / watched.cpu_s:>16,.0f} lines/s of CPU (goal 15,000), {wall_s:,.0f} s by the clock"
    )
    if not is_exact:
        print(f"  warnings        {[warning['detail'][:200] for warning in answer['warnings']]}")
    return is_exact and are_named and more_mib <= MOST_MIB


def main() -> None:
    """Serve, measure each way of sending, stop."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    ways = sys.argv[2:] or ["plain", "gzip"]
    made = block(random.Random(12))
    blocks = max(1, megabytes * 1_000_000 // len(made.text))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        service = serve(port, folder)
        try:
            ready(port)
            post(port, pieces(made, 1, packed=False))  # what the first request loads is no cost of the log
            holds = [measure(port, service.pid, made, blocks, packed=way == "gzip") for way in ways]
        finally:
            service.terminate()
            service.wait()
    sys.exit(0 if all(holds) else 1)


if __name__ == "__main__":
    main()
