"""Spark, here on this machine: the relation as a file of Parquet, priced by the same expression.

PySpark is no dependency of ours: who has Spark has it, and `.ci/spark` makes an environment with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mlquote.kit.errors import Unavailable
from mlquote.spend.columns.layout import TableLayout
from mlquote.store.engines.duckdb import DuckLog
from mlquote.store.engines.engine import USAGE, usage_columns

_TYPES: Final = {"string": pa.string, "int64": pa.int64}


class SparkLog:
    """A log in a session of Spark's."""

    dialect = "pyspark"

    def __init__(self, log: DuckLog, layout: TableLayout) -> None:
        """Hand a log, arranged in DuckDB, to a local session.

        Raises: Unavailable where PySpark is not installed
        """
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            hint = "pip install pyspark, and a Java that it runs on"
            raise Unavailable("PySpark is not installed here", hint=hint) from error
        self._log, self._files = log, count()
        self._folder = TemporaryDirectory(prefix="mlquote-spark-")
        made = SparkSession.builder.master("local[2]").appName("mlquote price-usage")
        settings = {
            "spark.sql.session.timeZone": "UTC",  # moments are whole numbers, and no clock may change them
            "spark.sql.ansi.enabled": "true",  # a number too large is an error, not another number
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.adaptive.enabled": "false",  # a long plan would be made again at each stage
            "spark.sql.codegen.wholeStage": "false",  # and its one method too large for Java to compile
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        }
        for name, value in settings.items():
            made = made.config(name, value)
        self._at = made.getOrCreate()
        self._at.sparkContext.setLogLevel("ERROR")
        file = Path(self._folder.name) / "usage.parquet"
        log.write_arranged(list(usage_columns(layout)), file)
        self._at.read.parquet(str(file)).createOrReplaceTempView(USAGE)

    def close(self) -> None:
        """End the session."""
        self._at.stop()
        self._folder.cleanup()

    def load(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> None:
        """Hold a small table, in the place of an earlier one of that name."""
        # as a file: rows handed over one by one start a Python process a task
        held = {column: pa.array(columns[column], _TYPES[kind]()) for column, kind in types.items()}
        file = Path(self._folder.name) / f"{name}-{next(self._files)}.parquet"
        pq.write_table(pa.table(held), file)
        self._at.read.parquet(str(file)).createOrReplaceTempView(name)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows that a query gives."""
        for row in self._at.sql(sql).toLocalIterator():
            yield tuple(row)

    def span(self, layout: TableLayout) -> tuple[int, int] | None:
        """First and last moment of the log, where every row is known to say one."""
        return self._log.span(layout)

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of the log as lines: their numbers, in order, and what stands in them."""
        return self._log.records(lines)
