"""What a change touches: the files whose messages or experiments it can alter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from copylab.catalog import Catalog, Key
    from copylab.message.model import Message

_PARTIALS, _LAYOUTS = "templates/_partials/", "templates/_layouts/"
_EXPERIMENTS = "experiments/"
_SHARED = frozenset(
    f"experiments/{name}.yaml" for name in ("audiences", "layers", "metrics")
)


def affected_files(
    catalog: Catalog, changed: Collection[str]
) -> tuple[str, ...] | None:
    """The files to look at again; None is all of them.

    A changed partial or layout touches the copy that uses it, a changed message all of
    its copy, audiences and metrics every experiment. The settings touch everything, and
    so does a partial or a layout that is gone.

    Args:
        catalog: The workspace's content.
        changed: The files that differ, from the workspace's root; deleted ones too.
    """
    names = frozenset(changed)
    gone = names - catalog.sources.keys()
    if CONFIG_NAME in names or any(
        name.startswith((_PARTIALS, _LAYOUTS)) for name in gone
    ):
        return None
    touched = {name for name in names if name in catalog.sources}
    for message in catalog.messages.values():
        touched |= set(_copy_of(catalog, message, names))
    shared = names & _SHARED
    for experiment in catalog.experiments.values():
        folder = catalog.messages.get(experiment.message)
        is_about = folder is not None and folder.file in names
        if shared or is_about:
            touched.add(experiment.file)
    return tuple(sorted(touched))


def _copy_of(
    catalog: Catalog, message: Message, changed: frozenset[str]
) -> Iterator[str]:
    """The files of a message that a change touches."""
    folder = message.file.rpartition("/")[0]
    if message.file in changed:
        yield message.file
        yield from (copy.source.name for copy in message.copies.values())
        return
    # A file that is gone leaves a gap, which the message's own file is told about.
    if any(name.rpartition("/")[0] == folder for name in changed):
        yield message.file
    for (channel, locale), copy in message.copies.items():
        for variant in copy.variants:
            key = (message.id, channel, locale, variant)
            if _uses(catalog, key, changed):
                yield copy.source.name


def _uses(catalog: Catalog, key: Key, changed: frozenset[str]) -> bool:
    """Whether a variant includes a changed partial or stands in a changed layout."""
    templates = catalog.templates.get(key, {}).values()
    included = {name for item in templates for name in item.lowered.includes}
    if any(f"{_PARTIALS}{name}" in changed for name in included):
        return True
    layout = catalog.messages[key[0]].email.get("layout", "")
    stem = f"{_LAYOUTS}{layout}."
    return key[1] == "email" and any(name.startswith(stem) for name in changed)
