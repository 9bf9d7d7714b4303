"""The site: which pages there are, and which function makes each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from copylab.catalog import NOT_EXPERIMENTS
from copylab.preview.page import Page
from copylab.preview.paths import (
    EXPERIMENTS,
    LEARN,
    OVERVIEW,
    PROOF,
    experiment_path,
    message_path,
    proof_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from copylab.preview.page import View
    from copylab.preview.shown import Shown

_ALONE = {
    OVERVIEW: ("overview", "overview_page"),
    EXPERIMENTS: ("experiments", "experiments_page"),
    LEARN: ("learn", "learn_page"),
    PROOF: ("proof", "proof_list_page"),
}
_MANY = {
    "messages": ("message", "message_page"),
    "proof": ("proof", "proof_page"),
    "experiments": ("experiment", "experiment_page"),
}
_FRAGMENTS = {
    "try": ("try_it", "try_page"),
    "report": ("experiment", "report_page"),
}


def make_page(shown: Shown, view: View) -> Page | None:
    """The page that the view is about; None where there is none of that path.

    Args:
        shown: The state of the workspace.
        view: Who looks, and where.
    """
    alone = _ALONE.get(view.path)
    if alone is not None:
        return _function(*alone)(shown, view)
    room, _, rest = view.path.partition("/")
    name = rest.removesuffix(".html")
    if name == rest or room not in {*_MANY, *_FRAGMENTS}:
        return None
    if not _is_known(shown, room, name) or (room in _FRAGMENTS and not view.is_served):
        return None
    target = {**_MANY, **_FRAGMENTS}[room]
    return _function(*target)(shown, view, name)


def _is_known(shown: Shown, room: str, name: str) -> bool:
    """Whether there is what a page is about, if only as a file that cannot be read."""
    workspace = shown.workspace
    if room == "experiments" and f"{name}.yaml" not in NOT_EXPERIMENTS:
        return f"experiments/{name}.yaml" in workspace.sources
    if room == "messages" and name in shown.last_good:
        return True
    return name in (workspace.experiments if room == "report" else workspace.messages)


def not_found_page(view: View) -> Page:
    """What stands where there is no page."""
    return Page(view.path, view.say("base.not_found"), "not_found.html", {})


def fault_page(view: View, what: str) -> Page:
    """What stands where a page could not be made.

    Args:
        view: Who looks, and where.
        what: What went wrong.
    """
    return Page(view.path, view.say("base.fault"), "fault.html", {"what": what})


def page_paths(shown: Shown) -> Iterator[str]:
    """The paths of all pages, below the folder of a language."""
    yield from _ALONE
    for name in shown.workspace.messages:
        yield message_path(name)
        yield proof_path(name)
    for name in shown.workspace.experiments:
        yield experiment_path(name)


def _function(module: str, name: str) -> Callable[..., Page]:
    function: Callable[..., Page] = getattr(
        import_module(f"copylab.preview.pages.{module}"), name
    )
    return function
