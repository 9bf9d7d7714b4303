"""The time that the data of an experiment cover."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.analysis.engines.engine import Engine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DataSpan:
    """From when to when the data are; all times in UTC.

    Attributes:
        first_send: The first send that counts.
        last_send: The last one.
        last_outcome: The last outcome of a unit assigned, in time or late; None
            without any.
    """

    first_send: datetime
    last_send: datetime
    last_outcome: datetime | None

    def to_dict(self) -> dict[str, str | None]:
        """The times by ISO 8601."""
        return {
            name: None if moment is None else moment.isoformat()
            for name, moment in asdict(self).items()
        }


def find_span(engine: Engine) -> DataSpan | None:
    """The time that the data cover; None without a send.

    Args:
        engine: Where ``gather_units`` and ``measure_outcomes`` have made theirs.
    """
    ((earliest, latest),) = engine.rows("SELECT min(ts), max(ts) FROM copylab_sends")
    ((event,),) = engine.rows(
        "SELECT max(moment) FROM copylab_raw JOIN copylab_assigned USING (unit) "
        "WHERE moment >= start"
    )
    if earliest is None:
        return None
    last = None if event is None else _moment(event)
    return DataSpan(_moment(earliest), _moment(latest), last)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))
