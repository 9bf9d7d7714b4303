"""The exposure log: rows that stay written, whatever becomes of who wrote them.

A row goes into a journal, a file of JSON lines that belongs to one log and is locked
for as long as its process lives. When it is full, or the log is closed, it becomes a
finished file, Parquet or JSON lines, that appears under its name all at once. Journals
of processes that died are finished by whoever opens the folder next.
"""

from copylab.experiment.log.assignments import AssignmentLog
from copylab.experiment.log.exposure_log import ExposureLog
from copylab.experiment.log.recover import (
    LeftJournal,
    Recovered,
    list_journals,
    recover_exposures,
)

__all__ = [
    "AssignmentLog",
    "ExposureLog",
    "LeftJournal",
    "Recovered",
    "list_journals",
    "recover_exposures",
]
