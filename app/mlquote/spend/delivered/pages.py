"""Reports that come as pages of buckets: every result of every bucket, with its pointer, whatever holds the pages.

A page may be the document itself, one of a list, or a line of its own; a bucket, or a result with its bucket's moment
in it, may stand where a page does.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Line
from mlquote.spend.delivered.records import Note
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import BadLine

STARTS = ("start_time", "starting_at")
ENDS = ("end_time", "ending_at")


def results(records: Iterable[Record], read: Callable[[int, Cells, Cells], Line]) -> Iterator[Line]:
    """The line of each result, numbered through all pages; one that cannot be read is a fault of its own.

    Args: read: number, result, bucket -> its line
    """
    number, is_cut = 0, False
    for place, record in records:
        if isinstance(record, QuoteError) or not isinstance(record, dict):
            yield BadLine(place, record if isinstance(record, QuoteError) else Malformed("a page is a JSON object"))
            continue
        page = Cells(record)
        is_cut = page.raw("has_more") is True
        for bucket, result in _of_page(page):
            number += 1
            try:
                if isinstance(result, QuoteError):
                    raise result
                yield read(number, result, bucket)
            except QuoteError as error:
                yield BadLine(number, _placed(error, result))
    if is_cut:
        yield Note("report-cut", "the last page says that there are more: this report is not whole")


def _of_page(page: Cells) -> Iterator[tuple[Cells, Cells | QuoteError]]:
    if not page.has("data"):
        yield from _of_bucket(page)
        return
    try:
        for bucket in page.members("data"):
            yield from _of_bucket(bucket)
    except QuoteError as error:
        yield page, error


def _of_bucket(bucket: Cells) -> Iterator[tuple[Cells, Cells | QuoteError]]:
    if "results" not in bucket.values and "result" not in bucket.values:
        yield bucket, bucket
        return
    try:
        for result in bucket.members("results", "result"):
            yield bucket, result
    except QuoteError as error:
        yield bucket, error


def _placed(error: QuoteError, result: Cells | QuoteError) -> QuoteError:
    """The fault with the pointer of its result, where it has none in the document."""
    if isinstance(result, QuoteError):
        return error
    at = result.at
    return error.retold(
        fault if fault.pointer.startswith(at) else replace(fault, pointer=f"{at}{fault.pointer}")
        for fault in error.faults
    )
