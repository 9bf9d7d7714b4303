"""Values on the command line: a persona, a JSON file, or single settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from copylab.document import suggest
from copylab.errors import DataError
from copylab.source import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.catalog import Catalog


def user_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name a user: ``--persona``, ``--user FILE``, ``--set KEY=VALUE``."""
    for option in (
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            help="One value; may be repeated, and wins over the others.",
        ),
        click.option(
            "--user",
            "user_file",
            type=click.Path(),
            metavar="FILE",
            help="A user as a JSON object.",
        ),
        click.option(
            "--persona",
            metavar="NAME",
            help="A made-up user of templates/_personas.yaml.",
        ),
    ):
        function = option(function)
    return function


def read_user(
    catalog: Catalog,
    persona: str | None,
    user_file: str | None,
    settings: tuple[str, ...],
) -> dict[str, object]:
    """The user that the options describe.

    Raises:
        DataError: There is no such persona, or the file holds no JSON object.
    """
    user: dict[str, object] = {}
    if persona is not None:
        user |= _persona(catalog, persona)
    if user_file is not None:
        user |= _from_file(user_file)
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise click.UsageError(f"--set {setting}: write --set key=value")
        user[key.strip()] = value
    return user


def _persona(catalog: Catalog, name: str) -> dict[str, object]:
    found = catalog.personas.get(name)
    if found is None:
        known = ", ".join(catalog.personas) or "there are none"
        cure = suggest(name, catalog.personas) or f"personas: {known}"
        raise DataError(f"there is no persona '{name}'", help=cure)
    return dict(found)


def _from_file(name: str) -> dict[str, object]:
    try:
        user = json.loads(read_bytes(Path(name), name))
    except (ValueError, RecursionError) as error:
        message = f"is not JSON: {error}"
        raise DataError(
            message, file=name, help='write {"call_name": "张伟", …}'
        ) from None
    if not isinstance(user, dict):
        raise DataError("holds no JSON object", file=name, help="write one user: {…}")
    return user
