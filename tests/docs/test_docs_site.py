"""The documentation as a site: it builds strictly, whole, and asks nobody for anything."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from doc_pages import ROOT, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

ZENSICAL = Path(sys.executable).with_name("zensical")
LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
}
"""Attributes whose address a browser loads by itself; links are followed by people."""
LOADING_LINKS = {
    "stylesheet",
    "preconnect",
    "dns-prefetch",
    "preload",
    "icon",
    "manifest",
}
AWAY = re.compile(r"(?:https?:)?//")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _settings() -> dict[str, object]:
    text = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    found: dict[str, object] = tomllib.loads(text)["project"]
    return found


def _paths(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for item in nav:
            yield from _paths(item)
    elif isinstance(nav, dict):
        for item in nav.values():
            yield from _paths(item)


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page() -> None:
    """The builder looks at neither."""
    listed = list(_paths(_settings()["nav"]))
    docs = ROOT / "docs"
    there = {path.relative_to(docs).as_posix() for path in docs.glob("**/*.md")}
    there -= {path for path in there if re.fullmatch(r"rules/(?!README)[^/]+", path)}
    assert sorted(listed) == sorted(there)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """The site does not hold it, so its builder does not check it."""
    links = [link for link in _LINK.findall(read_page("README.md")) if ":" not in link]
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).is_file()] == []


class _Loads(HTMLParser):
    """What a page loads from elsewhere when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        loading = tag == "link" and LOADING_LINKS & set(values.get("rel", "").split())
        for name, value in values.items():
            is_load = (tag, name) in LOADS or (loading and name == "href")
            if is_load and AWAY.match(value.strip()):
                self.found.append(f"{tag} {name}={value}")
        if "url(" in values.get("style", "") and AWAY.search(values["style"]):
            self.found.append(f"{tag} style={values['style']}")


def loads_of(html: str) -> list[str]:
    """Everything that a page loads from elsewhere."""
    parser = _Loads()
    parser.feed(html)
    inline = "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL))
    return parser.found + loads_of_style(inline)


def loads_of_style(css: str) -> list[str]:
    """Everything that a style sheet loads from elsewhere."""
    return re.findall(r"(?:url\(\s*|@import\s+)[\"']?((?:https?:)?//[^\"')]+)", css)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img src="//cdn.example/x.png">',
        "<style>@import 'https://fonts.example/x.css'</style>",
        '<p style="background: url(https://x.example/y.png)">',
    ],
)
def test_a_page_that_loads_from_elsewhere_is_found(html) -> None:
    assert loads_of(html)


def test_a_link_that_people_follow_is_no_load() -> None:
    assert not loads_of('<a href="https://example.com/">x</a><img src="x.png">')


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ZENSICAL, "build", "--clean", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly; seconds of CPU, for all pages of rules are made."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    ran = _build(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder / "site"


@pytest.mark.fuzz
def test_the_site_is_whole_and_loads_nothing_from_elsewhere(site) -> None:
    built = sorted(site.glob("**/*.html"))
    assert len(built) > 300
    for path in built:
        assert loads_of(path.read_text(encoding="utf-8")) == [], path
    for path in site.glob("**/*.css"):
        assert loads_of_style(path.read_text(encoding="utf-8")) == [], path
    assert (site / "tutorial.html").exists()


@pytest.mark.fuzz
def test_a_browser_finds_a_word_and_asks_nobody_else(site) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - as in tests/preview

    handler = functools.partial(_Quiet, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    asked: list[str] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or "chromium",
                args=["--no-sandbox"],
            )
            page = browser.new_page()
            page.on("request", lambda request: asked.append(request.url))
            for name in ("tutorial", "reference/commands/lint", "rules/index", "index"):
                page.goto(f"{home}{name}.html")
            page.get_by_role("button", name="Search").first.click()
            page.keyboard.type("winsorise")
            page.get_by_text("Making numbers vary less").wait_for()
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(home)] == []


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - as it is called
        return


def test_a_broken_link_or_anchor_stops_the_build(tmp_path) -> None:
    """With the settings of the site, on a site of two pages: strict means strict."""
    settings = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    settings = re.sub(r"(?ms)^nav = \[.*?^\]\n", "", settings)
    (tmp_path / "zensical.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/index.md"
    (tmp_path / "docs/other.md").write_text("# Other\n\n## There\n", encoding="utf-8")
    page.write_text("# Home\n\n[other](other.md#there)\n", encoding="utf-8")
    ran = _build(tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for wrong in ("[gone](gone.md)", "[anchor](other.md#gone)"):
        page.write_text(f"# Home\n\n{wrong}\n", encoding="utf-8")
        assert _build(tmp_path).returncode != 0, wrong
