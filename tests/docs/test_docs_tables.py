"""Tables: whole in every reader of Markdown, and right where they show output."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from doc_pages import ROOT, read_page

import copylab

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = ["README.md", *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md"))]
_BAR = re.compile(r"(?<!\\)\|")
_FILTER = re.compile(
    r"^\| <code>(\{\{.*\}\})</code> \| (.*?)(?:; in Chinese (\S+))? \|$", re.MULTILINE
)


def _rows(page: str) -> Iterator[tuple[int, str]]:
    """The lines of tables, outside of fences, with their numbers; a gap between two."""
    fence = ""
    for number, line in enumerate(read_page(page).splitlines(), start=1):
        mark = re.match(r"`{3,}", line)
        if mark and (not fence or line == fence):
            fence = "" if fence else mark[0]
        if not fence:
            yield number, line if line.startswith("|") else ""


def test_every_row_has_as_many_cells_as_its_head() -> None:
    """A bar in code ends the cell on GitHub, whatever stands around it."""
    tables = 0
    for page in PAGES:
        cells = None
        for number, line in _rows(page):
            if not line:
                cells = None
                continue
            found = len(_BAR.findall(line))
            tables += cells is None
            cells = found if cells is None else cells
            assert found == cells, f"{page}:{number}"
    assert tables > 100


@pytest.fixture
def shop(make_files) -> copylab.Workspace:
    wanted = [html.unescape(code) for code, _, _ in _filters()]
    names = [f"row{number}" for number in range(len(wanted))]
    words = "".join(
        f"# {name}\n{text}\n" for name, text in zip(names, wanted, strict=True)
    )
    variables = {
        "first_name": "person_name, max: 12",
        "limit": "money, currency: USD, min: 100, max: 50000",
        "limit_cny": "money, currency: CNY, from: limit, min: 100, max: 50000",
        "rate": "percent, min: 1, max: 36",
        "points": "int, min: 0, max: 99999",
        "days": "int, min: 1, max: 30",
        "due": "date, min: 2026-01-01, max: 2035-12-31",
    }
    declared = "".join(
        f"  {name}: {{type: {rest}, missing: error}}\n"
        for name, rest in variables.items()
    )
    variants = ", ".join(f"{name}: {{}}" for name in names)
    root = make_files(
        {
            "copylab.yaml": "brand: {name: Acme}\nmarkets: [US]\n"
            "locales: {default: en-US, also: [zh-CN]}\n",
            "templates/all/message.yaml": "purpose: transactional\nlive: row0\n"
            f"variants: {{{variants}}}\nvariables:\n{declared}",
            "templates/all/sms.en-US.md": words,
            "templates/all/sms.zh-CN.md": words.replace("limit ", "limit_cny "),
        }
    )
    return copylab.load(root)


def _filters() -> list[tuple[str, str, str]]:
    return _FILTER.findall(read_page("docs/how-to/copywriters.md"))


def test_copywriters_read_what_people_read(shop) -> None:
    values = {
        "first_name": "Maria",
        "limit": 2500,
        "rate": 7.2,
        "points": 12500,
        "days": 1,
        "due": "2026-12-01",
    }
    rows = _filters()
    assert len(rows) == 6
    for number, (_, shown, chinese) in enumerate(rows):
        for locale, text in (("en-US", shown), ("zh-CN", chinese)):
            variant = f"row{number}"
            sms = shop.render(
                "all", values, channel="sms", locale=locale, variant=variant
            )
            assert not text or sms.text == text
