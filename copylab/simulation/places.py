"""Places: where what is simulated is written, and what it must not replace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from copylab.catalog import Catalog

_CURE = "name a folder with --output"


def find_places(
    catalog: Catalog, name: str, files: Iterable[str], output: Path | None
) -> dict[str, Path]:
    """Where each file is written.

    Args:
        catalog: The workspace.
        name: The experiment.
        files: The files: ``users.parquet`` and so on.
        output: A folder for all of them; None is where ``data:`` of the settings
            points, and the folder of the outcomes for the users and the truth.

    Raises:
        DataError: The settings name no single place, or data are there that are not
            an earlier simulation of the experiment.
    """
    if output is not None:
        return {file: output / file for file in files}
    outcomes = _place(catalog, "outcomes", name)
    folder = outcomes.parent
    places = {
        "exposures.parquet": _place(catalog, "exposures", name),
        "outcomes.parquet": outcomes,
        "truth.json": folder / "truth.json",
        "users.parquet": folder / "users.parquet",
    }
    _refuse_others(catalog, name, [places[file] for file in files], folder)
    return {file: places[file] for file in files}


def _refuse_others(
    catalog: Catalog, name: str, wanted: Iterable[Path], folder: Path
) -> None:
    """Refuse to replace data that are not an earlier simulation of the experiment.

    Raises:
        DataError: Such data are there.
    """
    taken = [path for path in wanted if path.exists()]
    if not taken:
        return
    try:
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        simulated = truth["experiment"]
    except (OSError, ValueError, TypeError, KeyError):
        simulated = None
    if simulated == name:
        return
    whose = (
        f"holds the simulation of '{simulated}'"
        if simulated
        else ("is there, and nothing says that it was simulated")
    )
    shown = taken[0].relative_to(catalog.root).as_posix()
    raise DataError(f"{shown} {whose}", help=f"{_CURE}, or move the file away")


def _place(catalog: Catalog, kind: str, name: str) -> Path:
    """The file that the settings name for a kind of data; a star is the experiment."""
    pattern = catalog.config.data.get(kind)
    if not isinstance(pattern, str) or not pattern or "://" in pattern:
        raise DataError(
            f"the settings do not say in which file {kind} lie",
            file=catalog.config.file,
            help=_CURE,
        )
    parts = pattern.split("/")
    folder, last = "/".join(parts[:-1]), parts[-1]
    filled = last.replace("*", name, 1)
    if any(sign in folder + filled for sign in "*?[") or not filled.endswith(
        ".parquet"
    ):
        raise DataError(
            f"the {kind} lie in {pattern}, which is not one Parquet file or a star",
            file=catalog.config.file,
            help=_CURE,
        )
    return catalog.root / folder / filled
