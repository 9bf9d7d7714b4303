"""A Spark of our own for a run from the command line: quiet, and in UTC."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.compose.spark_errors import explain_spark
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

LOCAL = "local[*]"
"""The master where none is named: all cores of this machine."""

_LOG = """\
rootLogger.level = error
rootLogger.appenderRef.log.ref = log
appender.log.type = Console
appender.log.name = log
appender.log.target = SYSTEM_ERR
appender.log.layout.type = PatternLayout
appender.log.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
logger.repl.name = org.apache.spark.repl.Main
logger.repl.level = error
"""
_SQL = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
_LOOPBACK = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
_LOGGERS = ("py4j", "SQLQueryContextLogger", "DataFrameQueryContextLogger")


@contextmanager
def spark_session(master: str | None = None) -> Iterator[SparkSession]:
    """A Spark session in UTC; Spark is started for it, unless it runs in here already.

    What Java prints goes to a file, which is kept where the work fails. A Spark on this
    machine listens on the loopback alone.

    Args:
        master: The address of a Spark master. None takes the one that ``spark-submit``
            was given, or else ``LOCAL``.

    Raises:
        DataError: Spark is not installed, cannot be started, or fails.
    """
    try:
        from pyspark.sql import SparkSession as Session  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise DataError(
            f"Spark is not installed: {error}", help="pip install 'copylab[spark]'"
        ) from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    running = Session.getActiveSession()
    if running is not None:
        with _told(None):
            yield _configured(running.newSession())
        return
    with tempfile.TemporaryDirectory(prefix="copylab-spark-") as folder:
        descriptor, name = tempfile.mkstemp(prefix="copylab-spark-", suffix=".log")
        try:
            with _told(Path(name)):
                session = _start(master, Path(folder), descriptor)
                try:
                    yield _configured(session)
                finally:
                    with suppress(Exception):
                        session.stop()
        finally:
            os.close(descriptor)


@contextmanager
def _told(log: Path | None) -> Iterator[None]:
    """Errors of Spark become one of ours; the log stays where there is one to read."""
    kept = False
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark", "py4j")):
            raise
        kept = log is not None and log.stat().st_size > 0
        raise explain_spark(error, str(log) if kept else "") from None
    finally:
        if log is not None and not kept:
            log.unlink(missing_ok=True)


def _configured(session: SparkSession) -> SparkSession:
    for name, value in _SQL.items():
        session.conf.set(name, value)
    return session


def _start(master: str | None, folder: Path, log: int) -> SparkSession:
    """A new Spark; what it prints goes to an open file."""
    from pyspark.sql import SparkSession as Session  # noqa: PLC0415 - an extra

    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    chosen = master or (None if submitted else LOCAL)
    log4j = folder / "log4j2.properties"
    log4j.write_text(_LOG, "utf-8")
    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log4j}",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.showConsoleProgress": "false",
    }
    if chosen is not None and chosen.startswith("local"):
        settings |= {**_LOOPBACK, "spark.ui.enabled": "false"}
        # Python's own interpreter and the loopback, unless somebody says otherwise.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = Session.builder.appName("copylab").config(map=settings)
    if chosen is not None:
        builder = builder.master(chosen)
    sys.stderr.flush()
    before = os.dup(2)
    os.dup2(log, 2)
    try:
        return builder.getOrCreate()
    finally:
        os.dup2(before, 2)
        os.close(before)
