"""Workspace: load it, and hold the one object that does the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from copylab.catalog import Catalog, read_catalog
from copylab.errors import WorkspaceError
from copylab.readiness import readiness_findings

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.one import Composed, Composer
    from copylab.lint.report import Report


class Workspace(Catalog):
    """A loaded workspace: immutable, and safe to share between threads.

    It can be pickled and sent to worker processes; what it has compiled stays behind
    and is made again there. ``messages`` and ``experiments`` are mappings by name.
    """

    def compose(
        self,
        message: str,
        user: Mapping[str, object],
        *,
        channel: str,
        at: datetime,
        locale: str | None = None,
        send_id: str | None = None,
    ) -> Composed:
        """The message for a user, or why there is none; never an error of a user's data.

        Args:
            message: The id of a message.
            user: One flat mapping of attributes and variables.
            channel: ``sms``, ``push`` or ``email``.
            at: The time of the send, with a time zone.
            locale: The locale to write in; None takes the user's ``locale``.
            send_id: The caller's key of this send, for deduplication.

        Raises:
            TypeError: ``user`` is no mapping, or ``at`` is no datetime.
            ValueError: There is no such message or channel, or ``at`` has no zone.
        """
        kept = self._composers.get((message, channel))
        composer = self.composer(message, channel) if kept is None else kept
        if type(user) is not dict:
            _check_mapping("user", user)
        _check_time(at)
        return composer.compose(user, at, locale, send_id)

    def composer(self, message: str, channel: str) -> Composer:
        """One message and channel, prepared; kept for the next call."""
        composer = self._composers.get((message, channel))
        if composer is None:
            from copylab.compose.one import Composer  # noqa: PLC0415 - lint needs none

            composer = Composer(self, message, channel)
            self._composers[message, channel] = composer
        return composer

    @cached_property
    def _composers(self) -> dict[tuple[str, str], Composer]:
        """Composers that were asked for; they stay behind when it is pickled."""
        return {}

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
        return render_values(
            self, message, values, channel=channel, locale=locale, variant=variant
        )

    def lint(self) -> Report:
        """Findings, proofs, and what was not checked."""
        from copylab.lint.engine import lint_catalog  # noqa: PLC0415 - services need none

        return lint_catalog(self)

    def __repr__(self) -> str:
        """Where it lies and how much it holds: its content would fill a log."""
        counts = f"{len(self.messages)} messages, {len(self.experiments)} experiments"
        return f"<Workspace {str(self.root)!r}: {counts}>"

    def __getstate__(self) -> dict[str, object]:
        """The content, without what was compiled from it."""
        content = {item.name: self.__dict__[item.name] for item in fields(self)}
        return {
            name: dict(value) if isinstance(value, MappingProxyType) else value
            for name, value in content.items()
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        """The same content, read-only again."""
        self.__dict__.update(_fixed(state))


def _fixed(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its mappings read-only: threads share a workspace."""
    return {
        name: MappingProxyType(value) if isinstance(value, dict) else value
        for name, value in content.items()
    }


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
    catalog = read_catalog(path)
    content = {item.name: getattr(catalog, item.name) for item in fields(catalog)}
    return Workspace(**_fixed(content))


def load(path: Path | str) -> Workspace:
    """A workspace that is fit to send from.

    Args:
        path: The folder that holds ``copylab.yaml``.

    Raises:
        UnreadableError: There is no workspace, or a file cannot be read at all.
        WorkspaceError: Files have errors, or a running experiment or a layout refers
            to what is not there; it carries all of them.
    """
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
