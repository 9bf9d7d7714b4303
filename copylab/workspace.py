"""Workspace: load it, and hold the one object that does the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from copylab.catalog import Catalog, Key, read_catalog
from copylab.errors import WorkspaceError
from copylab.readiness import readiness_findings

if TYPE_CHECKING:
    from copylab.audience.read import Audience
    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.one import Composed, Composer
    from copylab.experiment.model import Experiment
    from copylab.lint.report import Report


@dataclass(frozen=True, slots=True)
class _Content:
    """What a workspace holds between two reloads.

    Attributes:
        catalog: Everything that was read.
        stamp: What tells it from other content; empty where nobody knows.
        composers: What was made ready for composing.
    """

    catalog: Catalog
    stamp: str = ""
    composers: dict[tuple[str, str], Composer] = field(default_factory=dict)


class Workspace(Catalog):
    """A loaded workspace: safe to share between threads, changed by ``reload`` alone.

    It can be pickled and sent to worker processes; what it has compiled stays behind
    and is made again there. ``messages`` and ``experiments`` are mappings by name.
    Every call works on what the workspace holds when it begins.
    """

    _content: _Content
    _reloading: Lock

    def __init__(self, **content: Any) -> None:  # noqa: ANN401 - fields of a catalog
        """Hold what is given; ``load`` gives what it has read."""
        self.__dict__.update(_state_of(Catalog(**content)), _reloading=Lock())

    def compose(
        self,
        message: str,
        user: Mapping[str, object],
        *,
        channel: str,
        at: datetime,
        locale: str | None = None,
        send_id: str | None = None,
        force: str | None = None,
    ) -> Composed:
        """The message for a user, or why there is none; never an error of a user's data.

        Args:
            message: The id of a message.
            user: One flat mapping of attributes and variables.
            channel: ``sms``, ``push`` or ``email``.
            at: The time of the send, with a time zone.
            locale: The locale to write in; None takes the user's ``locale``.
            send_id: The caller's key of this send, for deduplication.
            force: An arm to try out, whatever the user's buckets say, of the running
                experiment or of a draft. Its row says ``forced``, and no result counts
                it.

        Raises:
            TypeError: ``user`` is no mapping, or ``at`` is no datetime.
            ValueError: There is no such message, channel or arm, or ``at`` has no zone.
        """
        kept = self._content.composers.get((message, channel))
        composer = self.composer(message, channel) if kept is None else kept
        if type(user) is not dict:
            _check_mapping("user", user)
        _check_time(at)
        return composer.compose(user, at, locale, send_id, force)

    def composer(self, message: str, channel: str) -> Composer:
        """One message and channel, prepared; kept for the next call."""
        content = self._content
        composer = content.composers.get((message, channel))
        if composer is None:
            from copylab.compose.one import Composer  # noqa: PLC0415 - lint needs none

            composer = Composer(content.catalog, message, channel)
            content.composers[message, channel] = composer
        return composer

    def render(
        self,
        message: str,
        values: Mapping[str, object],
        *,
        channel: str,
        locale: str,
        variant: str | None = None,
        at: datetime | None = None,
    ) -> Sms | Push | Email:
        """One variant for given values, outside of every experiment.

        Args:
            message: The id of a message.
            values: Values of variables, by variable or by the key it is taken from.
            channel: ``sms``, ``push`` or ``email``.
            locale: The locale to write in.
            variant: A variant; None takes the live one.
            at: The time of the send; copy cannot read it, and so it changes nothing.

        Raises:
            RenderError: A value is missing that has no replacement.
            ValueError: There is no such message, channel or variant.
        """
        from copylab.compose.render import render_values  # noqa: PLC0415 - lint needs none

        _check_mapping("values", values)
        if at is not None:
            _check_time(at)
        catalog = self._content.catalog
        return render_values(
            catalog, message, values, channel=channel, locale=locale, variant=variant
        )

    def lint(self) -> Report:
        """Findings, proofs, and what was not checked."""
        from copylab.lint.engine import lint_catalog  # noqa: PLC0415 - services need none

        return lint_catalog(self._content.catalog)

    def reload(self) -> bool:
        """Whether there was something new, which everybody who holds it now has.

        The folder or the bundle is read again. A call that began before goes on with
        what was there, one that begins afterwards sees the new content, and none sees
        a mixture. Where nothing is new, what was made ready for composing is kept.

        Raises:
            UnreadableError: It is not there, or cannot be read.
            WorkspaceError: What is there now cannot be loaded. After either error the
                workspace holds what it held before.
        """
        with self._reloading:
            fresh = load(self.root)
            stamp = fresh._content.stamp  # noqa: SLF001 - of the same class
            if stamp == self._content.stamp:
                return False
            # One assignment: whoever reads the old state has the whole of it.
            state = {**fresh.__dict__, "_reloading": self._reloading}
            object.__setattr__(self, "__dict__", state)
            return True

    @property
    def copy_hashes(self) -> Mapping[Key, str]:
        """The content hash of every variant; see ``Catalog.copy_hashes``."""
        return self._content.catalog.copy_hashes

    def copy_hash(self, key: Key) -> str:
        """The content hash of one variant; see ``Catalog.copy_hash``."""
        return self._content.catalog.copy_hash(key)

    def arm_hash(self, experiment: Experiment, arm: str) -> str:
        """The content hash of an arm's copy, over its channels and locales."""
        return self._content.catalog.arm_hash(experiment, arm)

    def audience_of(self, experiment: Experiment) -> Audience | None:
        """The audience of an experiment; None where it names none that can be read."""
        return self._content.catalog.audience_of(experiment)

    def __repr__(self) -> str:
        """Where it lies and how much it holds: its content would fill a log."""
        counts = f"{len(self.messages)} messages, {len(self.experiments)} experiments"
        return f"<Workspace {str(self.root)!r}: {counts}>"

    def __getstate__(self) -> dict[str, object]:
        """The content and its hashes, without what was compiled from it."""
        catalog, stamp = self._content.catalog, self._content.stamp
        state = {item.name: getattr(catalog, item.name) for item in fields(catalog)}
        return {**state, "copy_hashes": catalog.copy_hashes, "stamp": stamp}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The same content, read-only again."""
        hashes, stamp = state.pop("copy_hashes"), state.pop("stamp")
        catalog = Catalog(**state)
        catalog.__dict__["copy_hashes"] = hashes
        self.__dict__.update(_state_of(catalog, stamp), _reloading=Lock())


def _state_of(catalog: Catalog, stamp: str = "") -> dict[str, object]:
    """The state of a workspace; its mappings are read-only, since threads share it."""
    state: dict[str, object] = {}
    inner: dict[str, Any] = {}
    for item in fields(catalog):
        value = getattr(catalog, item.name)
        fixed = MappingProxyType(value) if isinstance(value, dict) else value
        state[item.name] = fixed
        # What is inside can be pickled by itself, which a proxy cannot.
        inner[item.name] = dict(value) if isinstance(value, MappingProxyType) else value
    content = Catalog(**inner)
    if "copy_hashes" in catalog.__dict__:
        content.__dict__["copy_hashes"] = catalog.__dict__["copy_hashes"]
    return {**state, "_content": _Content(content, stamp)}


def hold_catalog(catalog: Catalog, stamp: str = "") -> Workspace:
    """A workspace around what was read already.

    Args:
        catalog: What was read.
        stamp: What tells it from other content; empty where nobody asks.
    """
    workspace = Workspace.__new__(Workspace)
    workspace.__dict__.update(_state_of(catalog, stamp), _reloading=Lock())
    return workspace


def _stamp_of(catalog: Catalog) -> str:
    """The hash of all files that were read."""
    digest = hashlib.sha256()
    for name, source in sorted(catalog.sources.items()):
        for part in (name, source.text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _check_mapping(name: str, value: object) -> None:
    if not isinstance(value, Mapping):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a mapping from names to values, not {kind}")


def _check_time(at: object) -> None:
    if not isinstance(at, datetime):
        raise TypeError(f"at must be a datetime, not {type(at).__name__}")
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")


def open_workspace(path: Path | str) -> Workspace:
    """A workspace with whatever is wrong in it: for lint and preview.

    Raises:
        UnreadableError: There is no workspace, or a file cannot be read at all.
    """
    if Path(path).is_file():
        return load(path)
    catalog = read_catalog(path)
    return hold_catalog(catalog, _stamp_of(catalog))


def load(path: Path | str) -> Workspace:
    """A workspace that is fit to send from.

    Args:
        path: The folder that holds ``copylab.yaml``, or a bundle of it.

    Raises:
        UnreadableError: There is no workspace, a file cannot be read at all, or a
            bundle is broken or was built by another copylab.
        WorkspaceError: Files have errors, or a running experiment or a layout refers
            to what is not there; it carries all of them.
    """
    if Path(path).is_file():
        from copylab.bundle import open_bundle  # noqa: PLC0415 - lint needs none

        bundle = open_bundle(path)
        return hold_catalog(bundle.catalog, bundle.hash)
    workspace = open_workspace(path)
    # What refers to a file that cannot be read would only repeat that.
    errors = workspace.errors() or tuple(readiness_findings(workspace))
    if errors:
        count = f"{len(errors)} errors" if len(errors) > 1 else "an error"
        raise WorkspaceError(
            f"{path} has {count} and cannot be loaded",
            errors,
            help="copylab lint shows each with its place and cure",
        )
    return workspace
