"""The pictures in README and docs are of the pages as they are now."""

from __future__ import annotations

import json
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import screenshots

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.preview.shown import Shown


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return screenshots.read_workspace(tmp_path_factory.mktemp("pictures"))


def size_of(picture: Path) -> tuple[int, int]:
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_every_picture_was_taken_of_the_page_as_it_is(shown: Shown) -> None:
    made = json.loads((screenshots.IMAGES / screenshots.MADE_FROM).read_text())
    now = screenshots.fingerprints(shown)
    old = sorted(name for name in now if now[name] != made.get(name))
    assert old == [], "these pages have changed: make screenshots"


def test_the_pictures_are_those_that_are_taken() -> None:
    names = {picture.name for picture in screenshots.PICTURES}
    assert {path.stem for path in screenshots.IMAGES.glob("*.png")} == names
    for picture in screenshots.PICTURES:
        width, height = size_of(screenshots.IMAGES / f"{picture.name}.png")
        assert (width, height) == (screenshots.WIDTH, picture.height)


def test_pictures_can_be_taken(shown: Shown, tmp_path: Path) -> None:
    # In a thread of its own: a browser of other tests may hold a loop in this one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(screenshots.take, shown, tmp_path, ("overview", "try")).result()
    assert {path.name for path in tmp_path.iterdir()} == {"overview.png", "try.png"}
    for path in tmp_path.iterdir():
        assert path.stat().st_size > 20_000
