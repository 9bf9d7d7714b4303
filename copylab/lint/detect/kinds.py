"""The kinds of detection, by the word that an entry of a pack has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.detect.asked import Asked, Placed
from copylab.lint.detect.channel import Channel
from copylab.lint.detect.forbidden import Forbidden
from copylab.lint.detect.frequency import Frequency
from copylab.lint.detect.hours import Hours
from copylab.lint.detect.length import Length
from copylab.lint.detect.metadata import Metadata
from copylab.lint.detect.numeric import Numeric

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.lint.detect.detection import Detection, Record, Telling

_KINDS: dict[str, Callable[[Record, Telling], Detection]] = {
    "must_not_contain": Forbidden.read,
    "must_contain": Asked.read,
    "position": Placed.read,
    "length": Length.read,
    "numeric": Numeric.read,
    "metadata": Metadata.read,
    "send_window": Hours.read,
    "frequency": Frequency.read,
    "channel": Channel.read,
}
KINDS: tuple[str, ...] = tuple(_KINDS)
"""What an entry may say under ``kind``."""

NEEDED: dict[str, tuple[str, ...]] = {
    "must_not_contain": ("patterns",),
    "must_contain": ("patterns",),
    "position": ("patterns", "place"),
    "length": ("max_characters",),
    "numeric": ("patterns",),
    "metadata": ("key",),
    "send_window": ("windows",),
    "frequency": ("max_messages", "per_hours"),
    "channel": (),
}
"""The keys that an entry of a kind must have."""

OFFERED: dict[str, tuple[str, ...]] = {
    "must_not_contain": (
        "when",
        "allow",
        "unless",
        "not_after",
        "fields",
        "values",
        "pinyin",
        "links",
    ),
    "must_contain": ("also", "when", "unless"),
    "position": ("when", "fields"),
    "length": ("fields",),
    "numeric": ("above", "below", "key", "unless"),
    "metadata": ("accept", "refuse", "all_of", "form", "when"),
    "send_window": ("regions", "closed_on_holidays"),
    "frequency": ("regions",),
    "channel": ("patterns", "key", "accept"),
}
"""The keys that an entry of a kind may have besides."""

DECLARED = frozenset(("metadata", "send_window", "frequency", "numeric"))
"""The kinds that may look at what is declared, which may be lacking."""


def make_detection(entry: Record, telling: Telling) -> Detection:
    """The detection of an entry whose keys were checked."""
    return _KINDS[entry["kind"]](entry, telling)
