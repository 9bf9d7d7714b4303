"""Takes the pictures of the preview that README and docs show: docs/images.

They are of the sample workspace with an experiment that has run, at one moment that
does not change. ``made-from.json`` holds for each picture the hash of the page it was
taken of; a test makes the pages again and says which picture is old.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from copylab.preview.assets import read_assets
from copylab.preview.page import View
from copylab.preview.paths import ASSETS
from copylab.preview.reading import Reader
from copylab.preview.render import render_page
from copylab.preview.site import make_page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from copylab.preview.page import Page
    from copylab.preview.shown import Shown

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MADE_FROM = "made-from.json"
SENT = "2026-11-22T11:00:00Z"
AT = datetime(2026, 12, 8, 9, tzinfo=UTC)
EXPERIMENT = "approved_sms_hook"
MESSAGE = "winback/approved_day7"
USERS = 50_000
_HASHES = re.compile(r"\b[0-9a-f]{8,64}\b")


@dataclass(frozen=True)
class Picture:
    """What a picture shows.

    Attributes:
        name: Its file, without the ending.
        path: The page, below the language.
        anchor: Where on the page one looks.
        height: Of the window, in CSS pixels.
        language: Of the interface.
        colours: Light or dark.
    """

    name: str
    path: str
    anchor: str = ""
    height: int = 860
    language: Literal["en", "zh"] = "en"
    colours: Literal["light", "dark"] = "light"

    @property
    def address(self) -> str:
        """The address below the site's root."""
        return f"{self.language}/{self.path}{self.anchor}"


PICTURES = (
    Picture("overview", "index.html"),
    Picture("message", f"messages/{MESSAGE}.html"),
    Picture(
        "message-dark", f"messages/{MESSAGE}.html", anchor="#push.en-US", colours="dark"
    ),
    Picture("try", f"messages/{MESSAGE}.html", anchor="#try"),
    Picture("experiment", f"experiments/{EXPERIMENT}.html"),
    Picture("proof", f"proof/{MESSAGE}.html"),
)
WIDTH = 1280


def make_workspace(folder: Path) -> Path:
    """The sample workspace with an experiment that has been sent and answered."""
    folder.mkdir()
    for name in ("templates", "experiments"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "copylab.yaml", folder)
    simulate = ("simulate", EXPERIMENT, "--seed", "7", "--at", SENT)
    for command in (
        ("start", EXPERIMENT, "--at", SENT),
        (*simulate, "--users", str(USERS), "--only", "users", "--output", "data"),
        (
            *("compose", MESSAGE, "--channel", "sms", "--users", "data/users.parquet"),
            *("--output", "data/sms.parquet", "--at", SENT),
        ),
    ):
        _copylab(folder, *command)
    (folder / "data/exposures").mkdir()
    sent = folder / "data/exposures/sms.exposures.parquet"
    (folder / "data/sms.exposures.parquet").rename(sent)
    _copylab(
        folder, *simulate, "--exposures", str(sent.relative_to(folder)),
        "--effect", "coupon=+30%", "--output", "data",
    )  # fmt: skip
    _copylab(folder, "analyze", EXPERIMENT, "--record", "--at", AT.isoformat())
    return folder


def read_workspace(folder: Path) -> Shown:
    """What the pictures show, made in a folder of its own below one."""
    return Reader(make_workspace(folder / "samplelend")).read(AT)


def _copylab(folder: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - arguments of ours
        [sys.executable, "-m", "copylab", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def make_pages(shown: Shown) -> dict[str, tuple[Page, str]]:
    """For each picture its page, and the HTML of it."""
    found = {}
    for picture in PICTURES:
        view = View(picture.language, picture.path, is_served=False)
        page = make_page(shown, view)
        assert page is not None, picture.path
        found[picture.name] = page, render_page(page, view, shown)
    return found


def fingerprints(shown: Shown) -> dict[str, str]:
    """For each picture the hash of its page: its HTML, and what it loads.

    Hashes in a page are left out: those of data files differ with the libraries that
    write them, and no picture is older for it.
    """
    assets, found = read_assets(), {}
    for name, (page, html) in make_pages(shown).items():
        digest = hashlib.sha256(_HASHES.sub("", html).encode())
        for asset in ("base.css", *page.styles, *page.scripts):
            digest.update(assets[asset])
        found[name] = digest.hexdigest()
    return found


def take(shown: Shown, folder: Path, names: Collection[str] = ()) -> None:
    """Take pictures of a workspace into a folder; all, or those of these names."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - for the browser alone

    wanted = [item for item in PICTURES if not names or item.name in names]
    with tempfile.TemporaryDirectory(prefix="copylab-") as name:
        site = Path(name)
        for path, content in _site(shown):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(content)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"],
            )
            for picture in wanted:
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": picture.height},
                    color_scheme=picture.colours,
                    reduced_motion="reduce",
                )
                page.goto(f"{site.as_uri()}/{picture.address}", wait_until="load")
                page.evaluate("document.fonts.ready")
                file = folder / f"{picture.name}.png"
                page.screenshot(path=file, animations="disabled")
                page.close()
            browser.close()


def _site(shown: Shown) -> Iterator[tuple[str, bytes]]:
    for name, content in read_assets().items():
        yield f"{ASSETS}/{name}", content
    pages = make_pages(shown)
    for picture in PICTURES:
        _, html = pages[picture.name]
        yield f"{picture.language}/{picture.path}", html.encode()


def main() -> None:
    """Take the pictures, and note what they were taken of."""
    with tempfile.TemporaryDirectory(prefix="copylab-") as name:
        shown = read_workspace(Path(name))
        IMAGES.mkdir(parents=True, exist_ok=True)
        take(shown, IMAGES)
        made = json.dumps(fingerprints(shown), indent=2)
        (IMAGES / MADE_FROM).write_text(made + "\n")
    print(f"took {len(PICTURES)} pictures into docs/images")


if __name__ == "__main__":
    main()
