"""The locales of many users' words, looked up once for each locale they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from copylab.compose.find import find_locale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from copylab.compose.one import Composer
    from copylab.compose.user_batch import UserBatch

    Codes = NDArray[np.int64]

NOWHERE = -1
"""The code of users in whose locale there are no words."""


def tag_rows(
    composer: Composer, batch: UserBatch, locale: str | None
) -> tuple[Codes, list[str]]:
    """By row, the position of the locale of its words, or ``NOWHERE``; and the locales.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        locale: The locale to write in; None takes each user's.
    """
    places: dict[str, int] = {}
    seen: dict[str, int] = {}

    def place(wanted: object) -> int:
        tag = wanted if isinstance(wanted, str) else ""
        if tag not in seen:
            args = (composer.catalog, composer.message, composer.channel)
            found = find_locale(*args, tag)
            seen[tag] = (
                NOWHERE if found is None else places.setdefault(found, len(places))
            )
        return seen[tag]

    if locale is not None:
        codes = np.full(batch.size, place(locale))
    else:
        cells = batch.cells("locale").map(place)
        codes = np.array(cells.values, np.int64)
        codes = codes if cells.codes is None else codes[cells.codes]
    return codes, list(places)
