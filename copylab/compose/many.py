"""Composing many users at once: placed, grouped by their words, put in their order.

Who has no message because a unit, a locale or a value is missing is told so column by
column. Who needs another word of explanation, because a text cannot leave or an arm is
no arm, is composed one by one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from copylab.compose.batch import ComposedBatch, Tally, table_columns
from copylab.compose.cells import Cells
from copylab.compose.group import compose_group
from copylab.compose.json_rows import rows_as_json
from copylab.compose.place_rows import (
    MISFIT_CODE,
    NO_BUCKET,
    UNPLACED_CODE,
    Ground,
    Placed,
    place_rows,
)
from copylab.compose.record import USUAL_UNIT
from copylab.compose.result import Rejected, Skipped
from copylab.compose.rows_out import (
    REPEATED,
    broken_row,
    encodable,
    encodable_record,
    message_cells,
    reject_row,
    to_json,
)
from copylab.compose.slabs import Same, Slab, stack
from copylab.compose.tag_rows import NOWHERE, tag_rows
from copylab.compose.without import (
    attribute_problems,
    locale_problems,
    missing_values,
    unit_problems,
)
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from copylab.compose.batch import Part
    from copylab.compose.columns import Column
    from copylab.compose.group import Group
    from copylab.compose.one import Composer
    from copylab.compose.prepare import PreparedCopy
    from copylab.compose.user_batch import UserBatch
    from copylab.experiment.exposure import Exposure

    Codes = NDArray[np.int64]
    Row = tuple[object, ...]


class Many:
    """The composing of one batch.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        first_row: The position of the first of them in their table.
        at: The time of the send.
        locale: The locale to write in; None takes each user's.
        send_id: The key of this send.
    """

    def __init__(
        self,
        composer: Composer,
        batch: UserBatch,
        first_row: int,
        at: datetime,
        locale: str | None,
        send_id: str,
    ) -> None:
        self.composer = composer
        self.batch = batch
        self.first_row = first_row
        self.at = at
        self.locale = locale
        self.send_id = send_id
        prepared = composer.experiment
        self.unit_key = USUAL_UNIT if prepared is None else prepared.experiment.unit
        self.units: pa.Array = None
        self.slabs: dict[Part, list[Slab]] = {
            "messages": [],
            "exposures": [],
            "rejects": [],
        }
        self.tally = Tally(batch.size)

    def compose(self, repeated: Mapping[int, int]) -> ComposedBatch:
        """What becomes of the users; those who stand further up are rejected."""
        size = self.batch.size
        open_rows = np.ones(size, np.bool_)
        self._reject_broken(open_rows)
        again = self._repeated(open_rows, repeated)
        open_rows[again] = False
        try:
            placed = place_rows(self.composer, self.batch, self.at)
            self.units = self._units()
        except UnicodeError:  # texts that no file can hold: each is looked at
            unplaced = np.full(size, UNPLACED_CODE)
            none = np.zeros(0, np.int64)
            placed = Placed([], unplaced, none, none, is_unread=True)
        self._reject_repeated(again, repeated)
        left = [self._reject_unplaced(placed, open_rows)]
        self._reject_misfits(np.flatnonzero(open_rows & (placed.codes == MISFIT_CODE)))
        if placed.grounds:
            tags, known = tag_rows(self.composer, self.batch, self.locale)
            lost = open_rows & (placed.codes >= 0) & (tags == NOWHERE)
            self._reject_lost(np.flatnonzero(lost))
            ready = open_rows & (placed.codes >= 0) & (tags != NOWHERE)
            left += self._groups(placed, tags, known, ready)
        self._one_by_one(np.sort(np.concatenate(left)))
        tables = table_columns(self.composer.columns)
        coded = {part: stack(self.slabs[part], tables[part]) for part in tables}
        return ComposedBatch(
            self.composer.channel, self.composer.columns, coded, self.tally
        )

    def _groups(
        self, placed: Placed, tags: Codes, known: list[str], ready: NDArray[np.bool_]
    ) -> list[Codes]:
        """Compose whoever gets the same words together; who is left is returned."""
        left = []
        members: dict[tuple[str, str], list[int]] = {}
        for code, ground in enumerate(placed.grounds):
            variant = self.composer.message.live if ground.arm is None else ground.arm
            for place, tag in enumerate(known):
                if variant == NO_SEND:
                    rows = (placed.codes == code) & (tags == place) & ready
                    self._keep_silent(placed, ground, tag, np.flatnonzero(rows))
                else:
                    members.setdefault((variant, tag), []).append(code)
        for (variant, tag), codes in members.items():
            here = ready & (tags == known.index(tag)) & np.isin(placed.codes, codes)
            rows = np.flatnonzero(here)
            if len(rows):
                left.append(self._send(placed, codes, variant, tag, rows))
        return left

    def _send(
        self, placed: Placed, codes: list[int], variant: str, tag: str, rows: Codes
    ) -> Codes:
        """The messages of one variant and locale; who is left is returned."""
        composer = self.composer
        words = (variant, composer.copy(variant, tag).hash, tag)
        records = {
            code: composer.expose(
                self.at, self.send_id, placed.grounds[code].placement(), *words, None
            )
            for code in codes
        }
        group = compose_group(
            composer, self.batch, rows, variant, tag, record=records[codes[0]]
        )
        self._add_messages(group, variant, tag)
        whose = placed.codes[group.rows]
        segments = group.columns.get("segments")
        for code, record in records.items():
            own = np.flatnonzero(whose == code)
            columns: dict[str, Any] = {}
            if segments is not None:
                everybody = len(own) == len(whose)
                columns["segments"] = segments if everybody else segments.take(own)
            unit = placed.grounds[code].unit
            self._add_exposures(record, placed, group.rows[own], unit, columns)
        self._add_missing(group.missing, composer.copy(variant, tag), placed, records)
        return group.left

    def _add_missing(
        self,
        rows: Codes,
        copy: PreparedCopy,
        placed: Placed,
        records: Mapping[int, Exposure],
    ) -> None:
        """Users who lack a value: rejected where it says error, else skipped."""
        if not len(rows):
            return
        missing = missing_values(copy, self.batch, rows)
        for status, own in (("rejected", missing.fatal), ("skipped", ~missing.fatal)):
            chosen = np.flatnonzero(own)
            problems = missing.problems.take(chosen)
            self._add_without(rows[chosen], status, "missing", problems)
        skipped = rows[~missing.fatal]
        for code, record in records.items():
            own_rows = skipped[placed.codes[skipped] == code]
            unit = placed.grounds[code].unit
            self._add_exposures(record, placed, own_rows, unit, {})

    def _add_messages(self, group: Group, variant: str, tag: str) -> None:
        count = len(group.rows)
        if not count:
            return
        columns = {
            "row": pa.array(group.rows + self.first_row),
            "unit": self._take(self.units, group.rows),
            "channel": Same(self.composer.channel),
            "locale": Same(tag),
            "variant": Same(variant),
            **group.columns,
        }
        self.slabs["messages"].append(Slab(group.rows, columns))
        self.tally.variants[variant] += count
        for (product, segments, most), messages in group.lengths.items():
            self.tally.segments[variant] += segments * messages
            self.tally.lengths[tag, product, segments, most] += messages

    def _add_exposures(
        self,
        record: Exposure,
        placed: Placed,
        rows: Codes,
        unit: str,
        columns: Mapping[str, Any],
    ) -> None:
        """Records that differ in their units, buckets and further columns only."""
        if not len(rows):
            return
        own: dict[str, Any] = {k: Same(v) for k, v in record._asdict().items()}
        own["unit"] = self._take(self.batch.texts(unit), rows)
        own["traffic_bucket"] = _buckets(placed.traffic[rows])
        own["arm_bucket"] = _buckets(placed.slot[rows])
        self.slabs["exposures"].append(Slab(rows, {**own, **columns}))

    def _keep_silent(
        self, placed: Placed, ground: Ground, tag: str, rows: Codes
    ) -> None:
        """Users whom nothing is sent to, as planned."""
        if not len(rows):
            return
        skipped = self.composer.keep_silent(
            self.at, self.send_id, ground.placement(), tag
        )
        assert skipped.exposure is not None
        self._add_exposures(skipped.exposure, placed, rows, ground.unit, {})
        self._add_without(rows, "skipped", skipped.reason, Same(""))

    def _add_without(
        self, rows: Codes, status: str, reason: str, problems: Cells | Same
    ) -> None:
        """Users without a message, for one reason."""
        if not len(rows):
            return
        columns = {
            "row": pa.array(rows + self.first_row),
            "unit": self._units_of(rows),
            "status": Same(status),
            "reason": Same(reason),
            "problems": problems,
            "user": self._whole(rows),
        }
        self.slabs["rejects"].append(Slab(rows, columns))
        self.tally.without[status, reason] += len(rows)

    def _reject_unplaced(self, placed: Placed, open_rows: NDArray[np.bool_]) -> Codes:
        """Reject who has no unit; who is to be composed one by one is returned."""
        rows = np.flatnonzero(open_rows & (placed.codes == UNPLACED_CODE))
        problems = unit_problems(self.composer, self.batch, placed, rows)
        if problems is None:
            return rows
        self._add_without(rows, "rejected", "unit", problems)
        return rows[:0]

    def _reject_misfits(self, rows: Codes) -> None:
        """Reject users with an attribute that holds what it cannot."""
        if len(rows):
            problems = attribute_problems(self.composer, self.batch, rows)
            self._add_without(rows, "rejected", "attribute", problems)

    def _reject_lost(self, rows: Codes) -> None:
        """Reject users in whose locale there are no words."""
        problems = locale_problems(self.composer, self.batch, rows)
        self._add_without(rows, "rejected", "locale", problems)

    def _whole(self, rows: Codes) -> pa.Array | list[str]:
        """All that some rows hold, as JSON."""
        batch = self.batch
        if batch.names is None:
            return [to_json(batch.whole(row)) for row in rows.tolist()]
        return rows_as_json(batch, batch.names, rows)

    def _reject_broken(self, open_rows: NDArray[np.bool_]) -> None:
        rows = sorted(self.batch.broken)
        open_rows[rows] = False
        self._add_rejects(
            rows,
            [broken_row(self.first_row + r, self.batch.broken[r]) for r in rows],
        )

    def _repeated(
        self, open_rows: NDArray[np.bool_], repeated: Mapping[int, int]
    ) -> Codes:
        """The rows whose user stands further up, of those that could be read."""
        rows = np.array(sorted(repeated), np.int64) - self.first_row
        rows = rows[(rows >= 0) & (rows < self.batch.size)]
        return rows[open_rows[rows]]

    def _reject_repeated(self, rows: Codes, repeated: Mapping[int, int]) -> None:
        places = (rows + self.first_row).tolist()
        told = [f"the same user stands in row {repeated[row]}" for row in places]
        self._add_without(rows, "rejected", REPEATED, Cells(told))

    def _one_by_one(self, rows: Codes) -> None:
        """Compose users who are each told something of their own."""
        sent: list[tuple[int, Row]] = []
        logged: list[tuple[int, Exposure]] = []
        rejected: list[Row] = []
        cells = message_cells(self.composer)
        for place in rows.tolist():
            user, row = self.batch.user(place), self.first_row + place
            composed: Any = self.composer.compose(
                user, self.at, self.locale, self.send_id
            )
            unit = _unit_text(user.get(self.unit_key))
            kind = type(composed)
            if kind is Rejected or kind is Skipped:
                content = self.batch.whole(place)
                rejected.append(reject_row(row, unit, composed, content))
            else:
                record = composed.exposure
                head = (row, unit, record.channel, record.locale, record.variant)
                sent.append((place, head + cells(composed)))
                self._count(record, composed)
            if kind is not Rejected and composed.exposure is not None:
                logged.append((place, encodable_record(composed.exposure)))
        self._add_rejects(
            [int(str(row[0])) - self.first_row for row in rejected], rejected
        )
        tables = table_columns(self.composer.columns)
        self._add_rows("messages", tables["messages"], sent)
        self._add_rows("exposures", tables["exposures"], logged)

    def _count(self, record: Exposure, composed: Any) -> None:  # noqa: ANN401 - any message
        variant = str(record.variant)
        self.tally.variants[variant] += 1
        if self.composer.channel == "sms":
            segments = composed.segments
            key = (record.locale, composed.product, segments, composed.segments_max)
            self.tally.segments[variant] += segments
            self.tally.lengths[key] += 1

    def _add_rejects(self, rows: list[int], cells: list[Row]) -> None:
        columns = table_columns(self.composer.columns)["rejects"]
        self._add_rows("rejects", columns, list(zip(rows, cells, strict=True)))
        reasons = Counter((str(row[2]), str(row[3])) for row in cells)
        self.tally.without += reasons

    def _add_rows(
        self,
        part: Part,
        columns: tuple[Column, ...],
        rows: list[tuple[int, Any]],
    ) -> None:
        if not rows:
            return
        cells = zip(*(row for _, row in rows), strict=True)
        named = {
            column.name: list(values)
            for column, values in zip(columns, cells, strict=True)
        }
        places = np.array([place for place, _ in rows], np.int64)
        self.slabs[part].append(Slab(places, named))

    def _units(self) -> pa.Array:
        """Who each user is, as text: a number may be no unit, yet it is a hint."""
        texts = self.batch.texts(self.unit_key)
        if not texts.null_count:
            return texts
        cells = self.batch.cells(self.unit_key).map(_unit_text)
        return pa.array(cells.rows(), pa.string())

    def _units_of(self, rows: Codes) -> pa.Array:
        if self.units is not None:
            return self._take(self.units, rows)
        cells = self.batch.picked(self.unit_key, rows).map(_unit_text)
        return pa.array(cells.rows(), pa.string())

    def _take(self, column: pa.Array, rows: Codes) -> pa.Array:
        return column if len(rows) == len(column) else column.take(pa.array(rows))


def _unit_text(unit: object) -> str | None:
    return None if unit is None else encodable(str(unit))


def _buckets(buckets: Codes) -> pa.Array:
    """Buckets as a column; null where none was computed."""
    return pa.array(buckets.astype(np.int32), mask=buckets == NO_BUCKET)
