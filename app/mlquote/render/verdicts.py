"""A check's answer for people and for machines that read no JSON: a table, a pull-request comment, JUnit."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mlquote.render import markdown as md
from mlquote.render.brief import COLUMNS
from mlquote.render.harmless import in_markdown, on_one_line
from mlquote.render.text import aligned

SIGNS = {"pass": "✅", "warn": "⚠️", "fail": "❌", "unknown": "❓"}
SAID = {
    "pass": "within budget",
    "warn": "within budget, with a warning",
    "fail": "over budget",
    "unknown": "a figure that a limit needs is not known",
}
_SCIENTIFIC_FROM = Decimal("1e15")


def quantity(value: Any, unit: str) -> str:
    """A number with its unit: dollars to the cent (small ones to six digits), the rest to four digits."""
    if value is None:
        return "unknown"
    number = Decimal(str(value))
    size = abs(number)
    if unit.startswith("$"):
        is_plain = size >= 1 or number == number.quantize(Decimal("0.01"))
        written = f"{number:,.2f}" if is_plain else f"{_digits(number, 6):f}"
        sign, bare = ("-", written[1:]) if written.startswith("-") else ("", written)
        return f"{sign}${bare}{unit[1:]}"
    if size >= _SCIENTIFIC_FROM:
        return f"{number:.3e} {unit}"
    return f"{number:,.0f} {unit}" if size >= 1000 else f"{_digits(number, 4):f} {unit}"


def text(report: Mapping[str, Any]) -> str:
    """Tables for a terminal of 80 columns; one that would be wider is told line by line."""
    parts = [f"{report['verdict'].upper()}: {_headline(report)}\n"]
    parts.append(narrow([_LIMIT_HEAD, *(_short_row(limit) for limit in report["limits"])]))
    parts.append(
        "".join(_wrapped(f"! {limit['figure']}: {limit['why']}") for limit in report["limits"] if limit["why"])
    )
    lines = [(q["name"], q["kind"], *_ends(q, report)) for q in report["questions"]]
    parts.append(narrow([("question", "kind", *_limited(report)), *lines], left=2))
    for figure, found in report["contributors"].items():
        if found:
            rows = [(c["question"], c["item"], quantity(c["amount"], _unit(report, figure)), _share(c)) for c in found]
            parts.append(f"largest in {figure} (central)\n" + narrow([("", "", "", ""), *rows], left=2))
    parts.append("".join(_wrapped(f"! {on_one_line(warning['detail'])}") for warning in _all_warnings(report)))
    parts += [_wrapped(line, indent="") for line in _footer(report, "(low) or (high) behind a limit: that end counts.")]
    return "\n".join(part for part in parts if part)


def narrow(rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table under its first row, where that has words; beyond 80 columns its rows stand one below the other."""
    head, *body = rows
    table = aligned(rows if any(head) else body, left=left)
    if max((len(line) for line in table.splitlines()), default=0) <= COLUMNS:
        return table
    told = []
    for first, *others in body:
        parts = ", ".join(f"{name} {cell}".strip() for name, cell in zip(head[1:], others, strict=True) if cell)
        told.append(_wrapped(on_one_line(first), indent="") + _wrapped(f"  {on_one_line(parts)}"))
    return "".join(told)


def _wrapped(line: str, indent: str = "  ") -> str:
    """A line as several of 80 columns, those after the first indented; a word that is longer is cut."""
    return "".join(f"{each}\n" for each in wrap(line, COLUMNS, subsequent_indent=indent))


def markdown(report: Mapping[str, Any]) -> str:
    """A pull-request comment: verdict, limits, the ask, the rest, the three largest contributors, the release."""
    sign = SIGNS[report["verdict"]]
    parts = [f"### {sign} mlquote: {_headline(report)}\n"]
    head = ["", "limit", "at most", "used", "ask", "rest", "rest after", "compare"]
    rows = [[SIGNS[limit["verdict"]], *_row(limit)[:-1]] for limit in report["limits"]]
    parts.append(md.table(head, rows))
    why = dict.fromkeys((SIGNS[limit["verdict"]], limit["why"]) for limit in report["limits"] if limit["why"])
    parts.append("".join(f"- {each} {in_markdown(reason)}\n" for each, reason in why))
    for figure, found in report["contributors"].items():
        if found:
            unit = _unit(report, figure)
            lines = [
                [in_markdown(c["question"]), in_markdown(c["item"]), quantity(c["amount"], unit), _share(c)]
                for c in found
            ]
            parts.append(
                f"**Largest contributors to {figure}**\n\n" + md.table(["question", "item", "central", "share"], lines)
            )
    parts.append("".join(f"- ⚠️ {in_markdown(w['detail'])}\n" for w in _all_warnings(report)))
    parts.append("  \n".join(_footer(report)) + "\n")
    return "\n".join(part for part in parts if part)


def junit(report: Mapping[str, Any]) -> str:
    """JUnit XML: a case for each limit; over budget is a failure, unknown an error."""
    limits = report["limits"]
    counts = {kind: sum(limit["verdict"] == kind for limit in limits) for kind in ("fail", "unknown")}
    name = quoteattr(f"mlquote budget {report['budget']['name']}".strip())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name={name} tests="{len(limits)}" failures="{counts["fail"]}" errors="{counts["unknown"]}">',
    ]
    for limit in limits:
        case = f'  <testcase classname="mlquote" name={quoteattr(_name(limit))}'
        tag = {"fail": "failure", "unknown": "error"}.get(limit["verdict"])
        lines.append(
            f"{case}><{tag} message={quoteattr(limit['why'])}>{escape(_numbers(limit))}</{tag}></testcase>"
            if tag
            else f"{case}><system-out>{escape(_numbers(limit))}</system-out></testcase>"
        )
    return "\n".join([*lines, "</testsuite>"]) + "\n"


def _headline(report: Mapping[str, Any]) -> str:
    name = report["budget"]["name"]
    return f"{SAID[report['verdict']]}{f' ({name})' if name else ''}"


_LIMIT_HEAD = ("limit", "at most", "used", "asked", "then left", "verdict")


def _short_row(limit: Mapping[str, Any]) -> tuple[str, ...]:
    """A limit's row for a terminal: what is left after what is asked, and which end of a range counts in its name."""
    name, most, used, asked, _, rest, compare, verdict = _row(limit)
    return (name if compare == "central" else f"{name} ({compare})", most, used, asked, rest, verdict)


def _row(limit: Mapping[str, Any]) -> tuple[str, ...]:
    unit = limit["unit"]
    most = limit["fail_above"] if limit["fail_above"] is not None else limit["warn_above"]
    rest = [
        "" if limit["fail_above"] is None else quantity(limit[name], unit) for name in ("remaining", "remaining_after")
    ]
    asked = quantity(limit["asked"], unit)
    return (_name(limit), quantity(most, unit), quantity(limit["used"], unit), asked, *rest, limit["compare"],
            limit["verdict"])  # fmt: skip


def _name(limit: Mapping[str, Any]) -> str:
    if limit["per"] == "total":
        return f"{limit['figure']} in total"
    start = f" from {limit['period_from'][:10]}" if limit["period_from"] else ""
    return f"{limit['figure']} per {limit['per']}{start}"


def _numbers(limit: Mapping[str, Any]) -> str:
    unit = limit["unit"]
    most = limit["fail_above"] if limit["fail_above"] is not None else limit["warn_above"]
    return (
        f"at most {quantity(most, unit)}, used {quantity(limit['used'], unit)}, "
        f"asked {quantity(limit['asked'], unit)} ({limit['compare']})"
    )


def _limited(report: Mapping[str, Any]) -> list[str]:
    return list(report["contributors"])


def _ends(question: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    for figure in _limited(report):
        if figure not in question["figures"]:
            yield "none"
            continue
        amount, unit = question["figures"][figure], _unit(report, figure)
        if amount is None:
            yield "unknown"
        elif amount["low"] == amount["high"]:
            yield quantity(amount["central"], unit)
        else:
            low, high = quantity(amount["low"], unit), quantity(amount["high"], unit)
            yield f"{quantity(amount['central'], unit)} ({low} to {high})"


def _unit(report: Mapping[str, Any], figure: str) -> str:
    return next(str(limit["unit"]) for limit in report["limits"] if limit["figure"] == figure)


def _share(contributor: Mapping[str, Any]) -> str:
    return f"{float(contributor['share_fraction']):.0%}"


def _all_warnings(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    own = [{"detail": f"{q['name']}: {w['detail']}"} for q in report["questions"] for w in q["warnings"]]
    return [*report["warnings"], *own]


def _footer(report: Mapping[str, Any], ends: str = "`compare` says which end of a range counts.") -> list[str]:
    catalog, held = report["catalog"], report.get("reservation")
    lines = [f"Release {catalog['release']}, prices as of {str(catalog['as_of'])[:19]}Z; {ends}"]
    if held:
        lines.append(f"Held as {held['id']} until {str(held['expires_at'])[:19]}Z.")
    return lines


def _digits(number: Decimal, digits: int) -> Decimal:
    """At most so many significant digits, without trailing zeros."""
    if number == 0:
        return Decimal(0)
    step = Decimal(1).scaleb(number.adjusted() - digits + 1)
    short = number.quantize(step, ROUND_HALF_EVEN).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
