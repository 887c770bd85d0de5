"""Every delivered format, and which of them a file is: told by how it begins, never by its name.

Where two formats fit, none is chosen: a wrong reading is worse than a question.
"""

from collections.abc import Mapping
from typing import Final

from mlquote.kit.errors import Malformed, nearest
from mlquote.spend.delivered.anthropic_reports import ANTHROPIC_COST, ANTHROPIC_USAGE
from mlquote.spend.delivered.aws_cur import AWS_CUR
from mlquote.spend.delivered.azure_cost import AZURE_COST
from mlquote.spend.delivered.bedrock_log import BEDROCK_LOG
from mlquote.spend.delivered.claude_code import CLAUDE_CODE
from mlquote.spend.delivered.codecarbon import CODECARBON
from mlquote.spend.delivered.codex import CODEX
from mlquote.spend.delivered.dcgm import DCGM
from mlquote.spend.delivered.focus import FOCUS
from mlquote.spend.delivered.formats import Format
from mlquote.spend.delivered.gcp_billing import GCP_BILLING
from mlquote.spend.delivered.langfuse import LANGFUSE
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.litellm import LITELLM
from mlquote.spend.delivered.openai_usage import OPENAI_USAGE
from mlquote.spend.delivered.opencost import KUBECOST, OPENCOST
from mlquote.spend.delivered.otlp import OTEL, OTLP
from mlquote.spend.delivered.own import BATCH_OUTPUT, COUNTS, RESPONSES
from mlquote.spend.delivered.sacct import SACCT

SOURCES: Final[Mapping[str, Format]] = {
    one.source: one
    for one in (
        COUNTS,
        RESPONSES,
        BATCH_OUTPUT,
        OTEL,
        OTLP,
        CLAUDE_CODE,
        CODEX,
        LITELLM,
        LANGFUSE,
        OPENAI_USAGE,
        ANTHROPIC_USAGE,
        ANTHROPIC_COST,
        BEDROCK_LOG,
        SACCT,
        OPENCOST,
        KUBECOST,
        CODECARBON,
        DCGM,
        AWS_CUR,
        AZURE_COST,
        GCP_BILLING,
        FOCUS,
    )
}
"""What `source=` may be -> the format."""


def format_of(source: str | None, sample: Sample) -> Format:
    """The format that a file is said to be, or that it begins as; lines of ours where it begins as none.

    Raises: Malformed for a source that is not known, a file that is another one, and a file that may be several
    """
    named = None if source is None else source_of(source)
    fitting = [one for one in SOURCES.values() if one.fits(sample)]
    if named is not None:
        others = {one.read for one in fitting}
        if fitting and named not in fitting and named.read not in others:
            told = " or ".join(one.source for one in fitting)
            detail = f"the file begins as {fitting[0].title}, and source={named.source} is none"
            raise Malformed(detail, pointer="/source", hint=f"source={told}, or leave it out")
        return named
    if len(fitting) > 1:
        told = ", ".join(f"source={one.source}" for one in fitting)
        raise Malformed("the file fits more than one format", pointer="/source", hint=f"say which: {told}")
    return fitting[0] if fitting else COUNTS


def source_of(source: str) -> Format:
    """The format of a name.

    Raises: Malformed naming the nearest
    """
    known = SOURCES.get(source.strip().casefold())
    if known is None:
        hint = nearest(source[:80], SOURCES) or f"known: {', '.join(SOURCES)}"
        raise Malformed(f"no source is called {source[:80]!r}", pointer="/source", hint=hint)
    return known
