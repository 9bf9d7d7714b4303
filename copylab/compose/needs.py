"""What a table of users must have before any of them is composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.audience.condition import refs_of
from copylab.compose.find import find_locale
from copylab.compose.prepare import prepare_copy
from copylab.document import suggest
from copylab.errors import DataError
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.compose.one import Composer
    from copylab.compose.rows import UserTable

_SHOWN = 12


def needed_columns(composer: Composer, locale: str | None) -> dict[str, list[str]]:
    """The columns that composing needs, and what needs each.

    Args:
        composer: The message and channel, prepared.
        locale: The locale to write in; None takes each user's.
    """
    needs: dict[str, list[str]] = {}
    prepared = composer.experiment
    if composer.holdout is not None:
        held = composer.holdout.holdout.unit
        needs.setdefault(held, []).append("the unit of the holdout")
    if composer.listed is not None:
        needs.setdefault(composer.listed, []).append("the arms of the list")
    if prepared is not None:
        experiment = prepared.experiment
        unit = f"the unit of the experiment {experiment.name}"
        needs.setdefault(experiment.unit, []).append(unit)
        audience = (
            composer.catalog.audience_of(experiment)
            if composer.listed is None
            else None
        )
        for ref in () if audience is None else refs_of(audience.condition):
            reason = f"the audience of {experiment.name}"
            reasons = needs.setdefault(ref.name, [])
            if reason not in reasons:
                reasons.append(reason)
    for source, names in _sources(composer, locale, replaced=False).items():
        reasons = [f"the variable {name}" for name in names]
        needs.setdefault(source, []).extend(reasons)
    if locale is None and composer.catalog.config.locales.missing == "error":
        needs.setdefault("locale", []).append("the language, as no --locale is given")
    return needs


def read_columns(composer: Composer, locale: str | None) -> frozenset[str]:
    """All columns that composing reads, whether a user must have them or not."""
    sources = _sources(composer, locale, replaced=True)
    used = {*needed_columns(composer, locale), *sources, "locale", "user_id"}
    if composer.trial is not None and composer.trial.split.forced:
        used.add(composer.trial.experiment.unit)
    return frozenset(used)


def _sources(
    composer: Composer, locale: str | None, *, replaced: bool
) -> dict[str, list[str]]:
    """The keys of users that hold variables, with the variables they hold.

    Args:
        composer: The message and channel, prepared.
        locale: The locale to write in; None looks at all that have words.
        replaced: Whether to count variables that have a replacement.
    """
    message, channel = composer.message, composer.channel
    tags = [tag for medium, tag in message.copies if medium == channel]
    if locale is not None:
        only = find_locale(composer.catalog, message, channel, locale)
        tags = [] if only is None else [only]
    sources: dict[str, list[str]] = {}
    for tag in tags:
        for variant in (
            _read_variants(composer) if replaced else used_variants(composer)
        ):
            copy = prepare_copy(composer.catalog, message, channel, tag, variant)
            for item in copy.inputs:
                names = sources.setdefault(item.source, [])
                if item.action != "use" or replaced:
                    names += [] if item.name in names else [item.name]
    return {source: names for source, names in sources.items() if names}


def _read_variants(composer: Composer) -> list[str]:
    """The variants that somebody can get, those that are tried out among them."""
    tried = composer.experiment or composer.trial
    forced = [] if tried is None else tried.split.forced.values()
    variants = dict.fromkeys([*used_variants(composer), *forced])
    return [variant for variant in variants if variant != NO_SEND]


def used_variants(composer: Composer) -> list[str]:
    """The variants that somebody can get: arms with a share, and the live one.

    Where an experiment takes everybody in, nobody gets the live variant for being
    outside of it.
    """
    prepared = composer.experiment
    live = composer.message.live
    if prepared is None:
        return [live]
    arms = prepared.experiment.arms.items()
    variants = [arm for arm, share in arms if share and arm != NO_SEND]
    everybody = (
        prepared.audience is None
        and prepared.experiment.coverage == 1
        and composer.listed is None
    )
    return variants if everybody or live in variants else [*variants, live]


def check_users(
    table: UserTable, composer: Composer, locale: str | None
) -> frozenset[str]:
    """The columns to read, of a table that has all that are needed.

    Raises:
        DataError: Columns are absent, all of them are named with what needs them; or
            the unit of the experiment is no text.
    """
    needs = needed_columns(composer, locale)
    absent = table.absent(needs)
    shown = str(table.path)
    if absent:
        raise DataError(
            absent_message(absent, needs),
            file=shown,
            help=_absent_help(absent, table.columns),
        )
    check_unit(composer, table.not_text, shown)
    return read_columns(composer, locale)


def check_unit(composer: Composer, not_text: Mapping[str, str], shown: str) -> None:
    """Pass if the units of the running experiment and of the holdout can be some.

    Args:
        composer: The message and channel, prepared.
        not_text: Columns that hold no texts, with the name of their type.
        shown: The table as messages name it.

    Raises:
        DataError: A unit's column holds no texts.
    """
    units = {}
    if composer.holdout is not None:
        units[composer.holdout.holdout.unit] = "the holdout"
    if composer.experiment is not None:
        running = composer.experiment.experiment
        units[running.unit] = running.name
    for unit, owner in units.items():
        if unit in not_text:
            raise DataError(
                f"the column '{unit}' holds {not_text[unit]} values; the unit of "
                f"{owner} must be a text",
                file=shown,
                help="write it as text, always in the same way: 1, 1.0 and 01 are "
                "three units",
            )


def absent_message(absent: Iterable[str], needs: Mapping[str, list[str]]) -> str:
    """One sentence that names the absent columns with what needs them."""
    named = [f"'{name}' ({', '.join(needs[name])})" for name in absent]
    noun = "a column that is" if len(named) == 1 else f"{len(named)} columns that are"
    return f"lacks {noun} needed: {', '.join(named)}"


def _absent_help(absent: list[str], columns: tuple[str, ...] | None) -> str:
    if columns is None:
        return "no row has such a key; mind capital letters"
    hints = [f"{name}: {hint}" for name in absent if (hint := suggest(name, columns))]
    listed = ", ".join(f"'{name}'" for name in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return "; ".join([*hints, f"the columns are {listed}{more}"])
