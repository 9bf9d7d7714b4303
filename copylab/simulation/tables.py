"""Tables: what is simulated, as Parquet; the same rows are the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from copylab.experiment.exposure import EXPOSURE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.experiment.exposure import Exposure
    from copylab.simulation.outcomes import Outcomes

_WHOLE_NUMBERS = frozenset(("traffic_bucket", "arm_bucket", "epoch", "segments"))


def users_parquet(users: Sequence[dict[str, object]]) -> bytes:
    """The users as Parquet, a column for each key that any of them has."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    names = list(dict.fromkeys(name for user in users for name in user))
    columns = {name: [user.get(name) for user in users] for name in names}
    return _parquet(pa.table(columns))


def exposures_parquet(exposures: Sequence[Exposure]) -> bytes:
    """The exposures as Parquet, in the columns of the exposure record."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    time = pa.timestamp("us", tz="UTC")
    kinds = {name: pa.int32() for name in _WHOLE_NUMBERS} | {"ts": time}
    schema = pa.schema(
        [(name, kinds.get(name, pa.string())) for name in EXPOSURE_COLUMNS]
    )
    columns = list(zip(*exposures, strict=True)) or [()] * len(EXPOSURE_COLUMNS)
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return _parquet(pa.table(arrays, schema=schema))


def outcomes_parquet(outcomes: Outcomes) -> bytes:
    """The outcomes as Parquet: ``unit, event, at, value``."""
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - as above

    time = pa.timestamp("us", tz="UTC")
    return _parquet(
        pa.table(
            {
                "unit": pa.array(outcomes.units, pa.string()),
                "event": pa.array(outcomes.events, pa.string()),
                "at": pa.array(outcomes.times, pa.int64()).cast(time),
                "value": pa.array(outcomes.values, mask=np.isnan(outcomes.values)),
            }
        )
    )


def _parquet(table: Any) -> bytes:  # noqa: ANN401 - an Arrow table, which has no types
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
