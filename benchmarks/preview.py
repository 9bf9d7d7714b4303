"""How quick the preview of 1,000 messages is, beside plain Jinja, in one run.

A workspace is made up: SMS, push and e-mail in two locales, two variants each, a
sequence for every message, gaps and faults here and there. The preview serves it over
HTTP in a process of its own, as people start it. Measured are the times until the pages
are there, whole pages as a client gets them, and how long a saved change takes to be
told and to be on the page. Promised are 500 ms for the overview, 300 ms for the page of
a message and 300 ms for a change.

The peer is Jinja alone, which renders a table of the same rows and the same words to as
many bytes: no page with its content can be quicker. Rounds alternate, so that a busy
machine slows both; the least and the median count.

    python benchmarks/preview.py [messages]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jinja2
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/peers"))

from lint_workspace import write_workspace  # noqa: E402 - it lies beside the tests

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGES = 1_000
ROUNDS = 12
EDITS = 12
PAUSE_SECONDS = 0.4
PROMISED_MS = {"overview": 500.0, "message": 300.0, "change": 300.0, "letter": 50.0}
SEQUENCE = """\
sequence:
  - {after: 0d, channel: push, window: "11:00-12:00"}
  - {after: 4h, channel: sms, unless: click, window: "19:00-20:00"}
  - {after: 3d, channel: email, window: "11:00-12:00"}
"""
PLAIN = """\
<table>{% for row in rows %}<tr><th><a href="{{ row.id }}.html">{{ row.id }}</a></th>
{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}<td>{{ row.words }}</td></tr>
{% endfor %}</table>
"""


TYPING = """async () => {
    const search = document.querySelector("#overview-q");
    const times = [];
    const typed = ["额", "额度", "额度仍", "", "m", "me", "message01", "nowhere", "", "旅"];
    for (const word of typed) {
        search.value = word;
        const start = performance.now();
        search.dispatchEvent(new Event("input", { bubbles: true }));
        void document.body.offsetHeight;
        times.push(performance.now() - start);
        await new Promise((done) => requestAnimationFrame(done));
    }
    return times;
}"""


@dataclass(frozen=True)
class Took:
    """Milliseconds, round by round."""

    label: str
    milliseconds: tuple[float, ...]
    promised: float | None = None

    def __str__(self) -> str:
        """The least and the median, and whether the promise is kept."""
        least, middle = min(self.milliseconds), median(self.milliseconds)
        said = ""
        if self.promised is not None:
            kept = "kept" if middle <= self.promised else "BROKEN"
            said = f"  promised {self.promised:g}: {kept}"
        return f"{self.label:44} {least:9.1f} {middle:9.1f} ms{said}"


def write_messages(root: Path, messages: int) -> list[str]:
    """Write the workspace; the ids of its messages."""
    write_workspace(root, messages)
    found = []
    for place, file in enumerate(sorted(root.glob("templates/group*/*/message.yaml"))):
        folder = file.parent
        found.append(folder.relative_to(root / "templates").as_posix())
        text = file.read_text(encoding="utf-8")
        hook = text.index("variants:\n") + len("variants:\n")
        text = f"{text[:hook]}  coupon: {{hook: discount}}\n{text[hook:]}{SEQUENCE}"
        file.write_text(text, encoding="utf-8")
        for copy in folder.glob("*.md"):
            words = copy.read_text(encoding="utf-8")
            copy.write_text(f"# plain\n{words}# coupon\n{words}", encoding="utf-8")
        if place % 40 == 0:
            (folder / "push.en-US.md").unlink()
        if place % 50 == 0:
            with (folder / "push.zh-CN.md").open("a", encoding="utf-8") as copy_file:
                copy_file.write("{{ nobody }}\n")
    return found


@contextmanager
def serving(root: Path, program: Path) -> Iterator[str]:
    """The address of the preview, as ``copylab preview`` serves it.

    The program is a copy: a change of the code while this runs would be half of it.
    """
    shutil.copytree(ROOT / "copylab", program / "copylab")
    command = [sys.executable, "-m", "copylab", "preview", "--no-open", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(program)}
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[1]
    finally:
        process.terminate()
        process.wait(timeout=30)


def get(connection: HTTPConnection, path: str) -> tuple[float, bytes]:
    """How long a page takes to be here, in milliseconds, and the page."""
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - start) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}\n{body.decode()[-2000:]}")
    return took, body


def render_plainly(root: Path, ids: list[str]) -> tuple[float, int]:
    """What Jinja alone takes for a table of the same words, and its bytes."""
    rows = [
        {
            "id": name,
            "cells": ["2 variants"] * 6,
            "words": " ".join(
                file.read_text(encoding="utf-8")
                for file in sorted((root / "templates" / name).glob("*.md"))
            ),
        }
        for name in ids
    ]
    template = jinja2.Environment(autoescape=True).from_string(PLAIN)
    start = time.perf_counter()
    page = template.render(rows=rows)
    return (time.perf_counter() - start) * 1000, len(page.encode())


def wait_until_checked(connection: HTTPConnection) -> float:
    """Seconds until lint has looked at everything."""
    start = time.perf_counter()
    while (
        b'<p class="note muted" role="status">' in get(connection, "/en/learn.html")[1]
    ):
        time.sleep(0.2)
    return time.perf_counter() - start


def measure_changes(
    root: Path, address: str, connection: HTTPConnection, ids: list[str]
) -> tuple[Took, Took]:
    """From saving a file: until the stream tells of it, and until the page has it."""
    parts = urlsplit(address)
    stream = HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    stream.request("GET", "/events")
    events = stream.getresponse()
    _next_state(events)
    told, there = [], []
    for number in range(EDITS):
        name = ids[(number * 37 + 1) % len(ids)]
        file = root / "templates" / name / "push.zh-CN.md"
        mark = f"第{number}次修改"
        text = file.read_text(encoding="utf-8").replace(
            "## title\n", f"## title\n{mark}", 1
        )
        time.sleep(PAUSE_SECONDS)
        start = time.perf_counter()
        file.write_text(text, encoding="utf-8")
        _next_state(events)
        told.append((time.perf_counter() - start) * 1000)
        _, page = get(connection, f"/en/messages/{name}.html")
        there.append((time.perf_counter() - start) * 1000)
        if mark.encode() not in page:
            raise SystemExit(f"{name}: the change is not on its page")
        _next_state(events)  # what lint found in all of it
    stream.close()
    return (
        Took("a change is told", tuple(told)),
        Took("a change is on the page", tuple(there), PROMISED_MS["change"]),
    )


def _next_state(events: object) -> None:
    while not events.readline().startswith(b"data:"):  # type: ignore[attr-defined]
        pass


def measure_letters(address: str) -> Took | None:
    """From a letter in the search to the page laid out anew; None without a browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page()
        page.goto(f"{address}en/index.html")
        page.get_by_role("searchbox").wait_for()
        took = page.evaluate(TYPING)
        browser.close()
    return Took("a letter in the search, laid out", tuple(took), PROMISED_MS["letter"])


def main() -> None:
    """Measure, and print milliseconds, bytes and whether promises are kept."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "workspace"
        ids = write_messages(root, messages)
        start = time.perf_counter()
        with serving(root, Path(name) / "program") as address:
            parts = urlsplit(address)
            connection = HTTPConnection(str(parts.hostname), parts.port, timeout=120)
            print(
                f"{messages:,} messages; it answers after {time.perf_counter() - start:.1f} s"
            )
            first, _ = get(connection, "/en/index.html")
            print(f"the first overview takes {first:.0f} ms")
            print(
                f"lint has looked at all after {wait_until_checked(connection):.1f} s more"
            )
            overview, pages, plain = [], [], []
            for turn in range(ROUNDS):
                took, body = get(connection, "/en/index.html")
                overview.append(took)
                plain.append(render_plainly(root, ids))
                pages.append(
                    get(connection, f"/en/messages/{ids[turn * 7 % len(ids)]}.html")
                )
            print(f"{'':44} {'least':>9} {'median':>9}")
            print(Took("overview", tuple(overview), PROMISED_MS["overview"]))
            print(
                Took(
                    "Jinja alone, the same words in a table", tuple(t for t, _ in plain)
                )
            )
            print(
                Took(
                    "page of a message",
                    tuple(t for t, _ in pages),
                    PROMISED_MS["message"],
                )
            )
            for took_all in measure_changes(root, address, connection, ids):
                print(took_all)
            letters = measure_letters(address)
            print(letters or "letters are NOT measured: apt-get install chromium")
        sizes = {
            "overview_bytes": len(body),
            "plain_bytes": plain[0][1],
            "message_bytes": max(len(page) for _, page in pages),
        }
        print(json.dumps(sizes))


if __name__ == "__main__":
    main()
