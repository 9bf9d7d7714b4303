"""A process that forks writers which log until they are killed.

Run as a script, so that a writer costs a fork and not the start of an interpreter. Each
line read says how many rows a file has, the format, the buffer, the name of the writer
and where to tell; the answer is the writer's process id. A writer tells each send once
the log has said that it is written, and never stops by itself.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pyarrow.json
import pyarrow.parquet  # noqa: F401 - as above

from copylab.experiment.exposure import Exposure
from copylab.experiment.log import ExposureLog

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)


def row(send: str) -> Exposure:
    return Exposure(
        AT, send, "winback_hook", "s", "md5-v1", "user_id", f"user-{send}", 1, 2, 1,
        None, "plain", "assigned", None, "winback_day3", "plain", None, "sms", "zh-CN",
        1, "1",
    )  # fmt: skip


def write(folder: str, order: str) -> None:
    roll_rows, form, buffer_rows, name, told = order.split()
    handle = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    log = ExposureLog(
        folder, form, buffer_rows=int(buffer_rows), roll_rows=int(roll_rows)
    )
    sends: list[str] = []
    for number in count():
        sends.append(f"{name}-{number}")
        log.append(row(sends[-1]))
        if not log.waiting:
            os.write(handle, "".join(f"{send}\n" for send in sends).encode())
            sends.clear()


def main() -> None:
    folder = sys.argv[1]
    for order in sys.stdin:
        child = os.fork()
        if not child:
            write(folder, order)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(exist_ok=True)
    main()
