"""What Spark says when it fails, as one message with a place and a cure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from copylab.errors import CopylabError, DataError
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyarrow import RecordBatch

    Batches = Iterable[RecordBatch]

_MARK = "copylab says: "
_TOLD = re.compile(re.escape(_MARK) + r"(\{.*\})")
_CAUSE = re.compile(r"(?:Caused by: )?(?:[a-z]\w*\.)+[A-Z]\w*: (.+)")
_STATE = re.compile(r"\s*SQLSTATE: \w+.*", re.DOTALL)
_CONDITION = re.compile(r"^\[[A-Z_.]+\] ")
_MAX_LENGTH = 400

_CURES = (
    (
        "JAVA_GATEWAY_EXITED",
        "Spark cannot start Java",
        "install Java 17, or let JAVA_HOME say where it is (Debian: openjdk-17-jre-headless)",
    ),
    (
        "All masters are unresponsive",
        "Spark's master does not answer",
        "check the address after --master, and that the master runs there",
    ),
    (
        "Could not parse Master URL",
        "--master is no address of a Spark master",
        "write local[2], spark://HOST:7077 or yarn",
    ),
    (
        "No space left on device",
        "no space is left on a disk that Spark writes to",
        "free some, or let SPARK_LOCAL_DIRS name another disk",
    ),
    (
        "OutOfMemoryError",
        "Spark's memory was not enough",
        "raise spark.executor.memory and spark.driver.memory in spark-defaults.conf",
    ),
    (
        "TIMESTAMP(NANOS",
        "a column of times is finer than Spark reads",
        "write its times in microseconds",
    ),
)


def telling(
    work: Callable[[Batches], Batches],
) -> Callable[[Batches], Batches]:
    """Work for a worker of Spark, whose errors ``explain_spark`` can read.

    It is sent by its code, not by its name: a worker without copylab runs it as far as
    to say so.

    Args:
        work: What a worker does; it imports what it needs.
    """
    version, mark = __version__, _MARK

    def run(batches: Batches) -> Batches:
        def tell(message: str, **place: Any) -> RuntimeError:  # noqa: ANN401 - as in JSON
            return RuntimeError(mark + json.dumps({"message": message, **place}))

        import json  # noqa: PLC0415 - on the worker

        try:
            from copylab.errors import CopylabError  # noqa: PLC0415 - as above
            from copylab.version import __version__ as found  # noqa: PLC0415 - as above
        except ImportError as error:
            raise tell(
                f"Spark's workers cannot import copylab: {error}",
                help=f"install copylab {version} where they run, or send it along: "
                "--archives or --py-files of spark-submit",
            ) from None
        if found != version:
            raise tell(
                f"Spark's workers have copylab {found}, and the driver has {version}",
                help="install the same on both: they must write the same messages",
            )
        try:
            yield from work(batches)
        except CopylabError as error:
            place = {"file": error.file, "line": error.line, "help": error.help}
            raise tell(error.message, **place) from None

    return run


def explain_spark(error: Exception, log: str = "") -> CopylabError:
    """The error of Spark as one of ours, in one sentence.

    Args:
        error: What Spark's client raised.
        log: Where Spark's own log lies, if anywhere.
    """
    if isinstance(error, CopylabError):
        return error
    text = str(error)
    told = _TOLD.search(text)
    if told is not None:
        return DataError(**json.loads(told[1]))
    for sign, message, cure in _CURES:
        if sign in text:
            return DataError(message, help=cure)
    cure = f"Spark's log says more: {log}" if log else ""
    return DataError(f"Spark failed: {_one_sentence(error)}", help=cure)


def _one_sentence(error: Exception) -> str:
    """What went wrong, of a report of thousands of lines."""
    condition: Any = getattr(error, "getMessage", None)
    text = str(error) if condition is None else str(condition())
    causes = _CAUSE.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if "Traceback (most recent call last)" in text:
        # Of a worker's traceback the last line that is not indented says it.
        tail = text.partition("Traceback (most recent call last)")[2].splitlines()[1:]
        lines = [line for line in tail if line and not line.startswith((" ", "\t"))]
        found = lines[0] if lines else text
    elif causes and "Py4J" in type(error).__name__:
        found = causes[-1]
    else:
        found = lines[0] if lines else type(error).__name__
    found = _CONDITION.sub("", _STATE.sub("", found)).strip()
    return found if len(found) <= _MAX_LENGTH else f"{found[:_MAX_LENGTH]}…"
