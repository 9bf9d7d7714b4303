"""Changes: how what people receive differs between two states of a workspace.

Files may change a lot and messages not at all, or one line of a partial changes them
all. So messages are compared, not files: for each branch of either state, the same
values are rendered by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.lint.case import Words
from copylab.message.values import reader
from copylab.template.choices import START
from copylab.template.domains import sample_value
from copylab.template.render import compile_shape
from copylab.template.shape import shape_variables
from copylab.template.witness import render_near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.channels.sms import SmsLength
    from copylab.lint.field import Field
    from copylab.message.model import Message, Variable

    Usual = Callable[[Catalog, Message, str], Mapping[str, object]]
    """From a workspace, a message and a locale to values by variable."""

Kind = Literal["added", "removed", "changed"]
MAX_BRANCHES = 200
"""Ways of a field that are rendered on each side."""


@dataclass(frozen=True, slots=True)
class BranchChange:
    """One field of one branch, before and after, for the same values.

    Attributes:
        field: The field.
        choices: The values, in words.
        before: The text before; None where there was none.
        after: The text after; None where there is none.
    """

    field: str
    choices: tuple[tuple[str, str], ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A variant whose messages differ.

    Attributes:
        key: Message, channel, locale and variant.
        kind: `added`, `removed` or `changed`.
        branches: What differs, each pair of texts once.
        before: The costliest short message before; None for other channels.
        after: The costliest short message after.
        is_whole: Whether every branch was compared.
    """

    key: Key
    kind: Kind
    branches: tuple[BranchChange, ...]
    before: SmsLength | None
    after: SmsLength | None
    is_whole: bool = True

    def to_dict(self) -> dict[str, object]:
        """The change as JSON-ready values."""
        message, channel, locale, variant = self.key
        return {
            "message": message,
            "channel": channel,
            "locale": locale,
            "variant": variant,
            "kind": self.kind,
            "whole": self.is_whole,
            "parts_before": _parts(self.before),
            "parts_after": _parts(self.after),
            "branches": [
                {
                    "field": item.field,
                    "choices": dict(item.choices),
                    "before": item.before,
                    "after": item.after,
                }
                for item in self.branches
            ],
        }


def _parts(length: SmsLength | None) -> int | None:
    return None if length is None else length.segments_max


def compare_catalogs(before: Catalog, after: Catalog) -> Iterator[Change]:
    """The variants that differ, in the order of their names.

    Args:
        before: A workspace's content.
        after: The same workspace's content later.
    """
    yield from _compare_keys(before, after, {*before.templates, *after.templates})


def compare_message(
    before: Catalog, after: Catalog, message: str, usual: Usual | None = None
) -> Iterator[Change]:
    """The variants of one message that differ, in the order of their names.

    Args:
        before: A workspace's content.
        after: The same workspace's content later.
        message: The message, which need not be in both.
        usual: Says which values to show branches with, where these lead there.
    """
    keys = {*before.templates, *after.templates}
    own = {key for key in keys if key[0] == message}
    yield from _compare_keys(before, after, own, usual)


def _compare_keys(
    before: Catalog, after: Catalog, keys: set[Key], usual: Usual | None = None
) -> Iterator[Change]:
    for key in sorted(keys):
        change = _compare(_find(before, key), _find(after, key), key, usual)
        if change is not None:
            yield change


def compare_variants(
    catalog: Catalog, message: str, before: str, after: str
) -> Iterator[Change]:
    """How two variants of a message differ, wherever one of them has words.

    Args:
        catalog: The workspace's content.
        message: The message.
        before: The variant that people got.
        after: The variant that they get; the changes carry its name.
    """
    places = {
        (channel, locale)
        for name, channel, locale, variant in catalog.templates
        if name == message and variant in {before, after}
    }
    for channel, locale in sorted(places):
        old, new = ((message, channel, locale, name) for name in (before, after))
        change = _compare(_find(catalog, old), _find(catalog, new), new)
        if change is not None:
            yield change


def _find(catalog: Catalog, key: Key) -> Words | None:
    return Words.of(catalog, key, None) if key in catalog.templates else None


def _compare(
    old: Words | None, new: Words | None, key: Key, usual: Usual | None = None
) -> Change | None:
    names = dict.fromkeys(
        name for words in (old, new) if words is not None for name in words.fields
    )
    branches: list[BranchChange] = []
    is_whole = True
    wanted = [_wanted(words, usual) for words in (old, new)]
    for name in names:
        sides = [
            None if words is None else words.fields.get(name) for words in (old, new)
        ]
        found, complete = _compare_field(name, sides, wanted)
        branches += found
        is_whole = is_whole and complete
    lengths = (_worst(old), _worst(new))
    if not branches and lengths[0] == lengths[1]:
        return None
    kind: Kind = "changed"
    if old is None or new is None:
        kind = "added" if old is None else "removed"
    return Change(key, kind, tuple(branches), *lengths, is_whole)


def _wanted(words: Words | None, usual: Usual | None) -> Mapping[str, object]:
    """The values to show the branches of a variant with; empty where nobody says."""
    if words is None or usual is None:
        return {}
    return usual(words.catalog, words.message, words.locale)


def _compare_field(
    name: str,
    sides: Sequence[Field | None],
    wanted: Sequence[Mapping[str, object]],
) -> tuple[list[BranchChange], bool]:
    """What differs in a field, and whether all of it was compared."""
    old, new = sides
    found: dict[tuple[str | None, str | None], BranchChange] = {}
    is_whole = True
    for side, other, values in ((new, old, wanted[1]), (old, new, wanted[0])):
        if side is None:
            continue
        paths = side.paths
        is_whole = is_whole and paths is not None and len(paths) <= MAX_BRANCHES
        for path in (paths or ())[:MAX_BRANCHES]:
            example = render_near(side.shape, path, side.template.scope, values)
            if example is None:
                continue
            mine, theirs = example.text.strip(), _render(other, side, example.values)
            pair = (theirs, mine) if side is new else (mine, theirs)
            if pair[0] != pair[1] and pair not in found:
                found[pair] = BranchChange(name, example.choices, *pair)
    return list(found.values()), is_whole


def _render(
    item: Field | None, other: Field, given: Mapping[str, object]
) -> str | None:
    """A field for the values of the other side; None where there is no such field."""
    if item is None:
        return None
    scope, known = item.template.scope, other.template.scope.variables
    values: dict[str, object] = {}
    for name in shape_variables(item.shape):
        variable = scope.variables.get(name)
        if variable is None:
            continue
        twin = known.get(name)
        if name in given and twin is not None and _is_alike(variable, twin):
            values[name] = given[name]
        else:
            raw = sample_value(variable, scope, START)
            values[name] = reader(variable, locale=scope.locale)(raw)
    return compile_shape(item.shape, scope)(values).strip()


def _is_alike(one: Variable, other: Variable) -> bool:
    """Whether a value of one is a value of the other, bounds aside."""
    kinds = ("type", "base", "currency", "decimals")
    same = all(getattr(one, kind) == getattr(other, kind) for kind in kinds)
    return same and _item_types(one) == _item_types(other)


def _item_types(variable: Variable) -> dict[str, str]:
    return {name: item.type for name, item in variable.items.items()}


def _worst(words: Words | None) -> SmsLength | None:
    """The costliest short message of a variant, as it is sent."""
    if words is None or words.channel != "sms" or words.dearest is None:
        return None
    return words.dearest.length
