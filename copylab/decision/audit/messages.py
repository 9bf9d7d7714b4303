"""The words of the audit: what each check says of a row, of several, and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.findings import Severity

    Words = tuple[Severity, str, str, str]
    """Severity, message for one row, message for ``{n:,}`` rows, and the cure."""

_ASK_WRITER = "find out which service wrote them, and with which version of the files"
_AUDIT_THERE = "audit with the workspace that they were sent from"

CHECKS: dict[str, Words] = {
    "unreadable-row": (
        "error",
        "one row lacks its time, reason or unit, or has a number that is none",
        "{n:,} rows lack their time, reason or unit, or have a number that is none",
        "every row needs them; nothing can be computed again without",
    ),
    "unknown-reason": (
        "error",
        "one row has a reason that exposures do not have",
        "{n:,} rows have a reason that exposures do not have",
        _ASK_WRITER,
    ),
    "unknown-scheme": (
        "error",
        "one row names no hash scheme that is known, and was not computed again",
        "{n:,} rows name no hash scheme that is known, and were not computed again",
        "log the scheme that composing gave: md5-v1",
    ),
    "no-experiment": (
        "error",
        "one row names no experiment although it was placed in one",
        "{n:,} rows name no experiment although they were placed in one",
        "log the exposure as composing gave it",
    ),
    "unknown-experiment": (
        "error",
        "one row is of an experiment that the workspace does not have",
        "{n:,} rows are of an experiment that the workspace does not have",
        _AUDIT_THERE,
    ),
    "unknown-epoch": (
        "error",
        "one row is of an epoch that the experiment's file does not have",
        "{n:,} rows are of an epoch that the experiment's file does not have",
        "compose with the workspace as copylab start wrote it",
    ),
    "salt-differs": (
        "error",
        "one row was hashed with another salt than the epoch's",
        "{n:,} rows were hashed with another salt than the epoch's",
        _ASK_WRITER,
    ),
    "bucket-differs": (
        "error",
        "one row has other buckets than its salt and unit give",
        "{n:,} rows have other buckets than their salt and unit give",
        "was the unit changed after the assignment: trimmed, made a number, lower case?",
    ),
    "arm-differs": (
        "error",
        "one row has another arm than its salt and unit give",
        "{n:,} rows have another arm than their salt and unit give",
        "results that hold them are not to be trusted; " + _ASK_WRITER,
    ),
    "outside-coverage": (
        "error",
        "one row has an arm although its unit was never covered",
        "{n:,} rows have an arm although their units were never covered",
        "put coverage back to the highest it ever was in the epoch, or " + _ASK_WRITER,
    ),
    "inside-coverage": (
        "error",
        "one row was left out by coverage although its unit always was covered",
        "{n:,} rows were left out by coverage although their units always were covered",
        _ASK_WRITER,
    ),
    "layer-differs": (
        "error",
        "one row does not fit the slots of the layer that the epoch owns",
        "{n:,} rows do not fit the slots of the layer that the epoch owns",
        _ASK_WRITER,
    ),
    "layer-unlike-epoch": (
        "error",
        "one row names another layer than the epoch's",
        "{n:,} rows name another layer than the epoch's",
        _ASK_WRITER,
    ),
    "holdout-differs": (
        "warning",
        "one row was held out although the holdout, as it is declared now, does not",
        "{n:,} rows were held out although the holdout, as it is declared now, does not",
        "was its salt changed, its share made smaller, or the declaration taken away?",
    ),
    "holdout-ignored": (
        "warning",
        "one row has an arm although the holdout, as declared now, holds its unit",
        "{n:,} rows have an arm although the holdout, as declared now, holds their units",
        "was the holdout declared, or its share made larger, after they were sent?",
    ),
    "stray-arm": (
        "error",
        "one row has an arm although its unit got none",
        "{n:,} rows have an arm although their units got none",
        "log the exposure as composing gave it",
    ),
    "unknown-arm": (
        "error",
        "one row has an arm that the epoch does not have",
        "{n:,} rows have an arm that the epoch does not have",
        _AUDIT_THERE,
    ),
    "variant-differs": (
        "error",
        "one row was sent another wording than its arm's",
        "{n:,} rows were sent another wording than their arm's",
        _ASK_WRITER,
    ),
    "copy-differs": (
        "error",
        "one row was sent words that the epoch does not have",
        "{n:,} rows were sent words that the epoch does not have",
        "new words are a new epoch: copylab start --new-epoch",
    ),
    "unit-differs": (
        "error",
        "one row was randomised by another attribute than the epoch's unit",
        "{n:,} rows were randomised by another attribute than the epoch's unit",
        _ASK_WRITER,
    ),
    "message-differs": (
        "error",
        "one row is of another message than the epoch's",
        "{n:,} rows are of another message than the epoch's",
        _ASK_WRITER,
    ),
    "before-epoch": (
        "warning",
        "one row is older than the epoch it names",
        "{n:,} rows are older than the epoch they name",
        "look at the clocks of the services, or at the time they compose with",
    ),
    "units-in-two-arms": (
        "error",
        "one unit has two arms in the epoch",
        "{n:,} units have two arms in the epoch",
        "analysis sets them aside; the rows whose arm differs say which was wrong",
    ),
    "repeats-disagree": (
        "error",
        "one send is logged more than once, and its rows say different things",
        "{n:,} sends are logged more than once, and their rows say different things",
        "a send needs a key of its own: two messages must not share a send_id",
    ),
    "repeated-rows": (
        "info",
        "one row repeats the experiment, unit and send of another; it counts once",
        "{n:,} rows repeat the experiment, unit and send of another; they count once",
        "",
    ),
    "sample-ratio": (
        "error",
        "the one unit does not fit the planned shares",
        "the {n:,} units do not fit the planned shares",
        "find out where users get lost or are added before you read results",
    ),
}
"""Every check by name."""
