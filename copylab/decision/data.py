"""What a decision rests on: the data's files with their hashes, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.origin import DataFile, cite_file
from copylab.analysis.sources import connect, literal, open_source, translated_errors
from copylab.decision.find import find_experiment_named
from copylab.decision.results import data_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.catalog import Catalog
    from copylab.decision.results import Files

__all__ = ["Data", "DataFile", "SentCopy", "read_data"]

_NEEDED = ("experiment", "arm", "reason", "channel", "locale", "template_hash")


@dataclass(frozen=True, slots=True)
class SentCopy:
    """A copy that exposures say was sent in an arm.

    Attributes:
        arm: The arm.
        channel: The channel.
        locale: The locale.
        hash: The content hash of the copy.
        sends: How many times.
    """

    arm: str
    channel: str
    locale: str
    hash: str
    sends: int


@dataclass(frozen=True, slots=True)
class Data:
    """The data of an experiment.

    Attributes:
        exposures: The files of exposures.
        outcomes: The files of outcomes.
        sent: What was sent in the present epoch; None where the exposures lack the
            columns that say so.
    """

    exposures: tuple[DataFile, ...]
    outcomes: tuple[DataFile, ...]
    sent: tuple[SentCopy, ...] | None


def read_data(
    catalog: Catalog, name: str, *, exposures: Files = None, outcomes: Files = None
) -> Data:
    """The data that the analysis of an experiment reads.

    Args:
        catalog: The workspace.
        name: The experiment.
        exposures: As for ``analyze_workspace``.
        outcomes: As for ``analyze_workspace``.

    Raises:
        DataError: The settings name no data.
        DecisionError: There is no such experiment.
        UnreadableError: A file cannot be read.
    """
    experiment = find_experiment_named(catalog, name)
    seen = data_files(catalog, "exposures", exposures)
    events = data_files(catalog, "outcomes", outcomes)
    return Data(
        tuple(cite_file(path, catalog.root) for path in seen),
        tuple(cite_file(path, catalog.root) for path in events),
        _read_sent(experiment.name, experiment.epoch, seen),
    )


def _read_sent(
    experiment: str, epoch: int, files: Sequence[str]
) -> tuple[SentCopy, ...] | None:
    with connect() as connection:
        source = open_source(connection, *files)
        if not set(_NEEDED) <= set(source.columns):
            return None
        present = "true"
        if "epoch" in source.columns and epoch > 1:
            present = f"TRY_CAST(epoch AS INT) = {epoch}"
        query = (
            "SELECT arm, channel, locale, template_hash, count(*) "  # noqa: S608 - literals
            f"FROM {source.relation} WHERE experiment = {literal(experiment)} "
            f"AND reason = 'assigned' AND template_hash IS NOT NULL AND {present} "
            "GROUP BY ALL ORDER BY ALL"
        )
        with translated_errors(source.path):
            rows = connection.execute(query).fetchall()
    return tuple(
        SentCopy(str(arm), str(channel), str(locale), str(copy), int(sends))
        for arm, channel, locale, copy, sends in rows
    )
