"""A real browser, and the preview as it is served and as it is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.decision.conclude import conclude
from copylab.decision.data import read_data
from copylab.decision.promote import promote
from copylab.decision.results import analyze_workspace
from copylab.decision.start import start
from copylab.simulation.run import Wish, simulate
from copylab.workspace import open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Request

CHROMIUM = shutil.which("chromium") or "chromium"


@dataclass
class Site:
    """The preview of a workspace, at an address.

    Attributes:
        address: Where its pages are, with a slash at the end.
        root: The workspace's folder.
        stop: Stops the server, if there is one.
    """

    address: str
    root: Path
    stop: Callable[[], None] = lambda: None


@dataclass
class Watched:
    """What the browser said and asked for while a test ran.

    Attributes:
        outside: Requests that went elsewhere than to the site.
        faults: Errors of scripts, and refusals by the content policy.
        allowed: Faults that a test expects, as parts of their texts.
    """

    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is asked for

    with sync_playwright() as playwright:
        # Containers give programs neither a sandbox of their own nor much shared memory.
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """What the browser has open: closed before the server that it shows stops."""
    opened: list[BrowserContext] = []
    yield opened
    close_all(opened)


def close_all(contexts: list[BrowserContext]) -> None:
    while contexts:
        contexts.pop().close()


@pytest.fixture
def open_context(
    browser: Browser, watched: Watched, contexts: list[BrowserContext]
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a context of the browser; at the end nothing may have gone wrong in it."""

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "file", "about", "blob"} and (
            parts.hostname not in {"localhost", "127.0.0.1"}
        ):
            watched.outside.append(request.url)

    def look(page: Page) -> None:
        page.on("pageerror", lambda error: watched.faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                watched.faults.append(said.text) if said.type == "error" else None
            ),
        )

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        context.on("request", note)
        context.on("page", look)
        contexts.append(context)
        return context

    yield make
    close_all(contexts)
    assert watched.outside == []
    assert [
        fault
        for fault in watched.faults
        if not any(part in fault for part in watched.allowed)
    ] == []


@pytest.fixture
def browser_page(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of 1280 by 900, in light colours and English, without motion."""
    return open_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-US",
    ).new_page()


@contextmanager
def serving(root: Path, *options: str) -> Iterator[Site]:
    """The preview of a workspace, served by a process of its own."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "copylab",
            "preview",
            "--no-open",
            "--port",
            "0",
            *options,
        ],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("preview: http://"), line + process.stdout.read()
        yield Site(line.split()[1], root, process.terminate)
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture(scope="session")
def sample(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample workspace; tests that change it make their own."""
    return copy_sample(repository, tmp_path_factory.mktemp("sample"))


def copy_sample(repository: Path, folder: Path) -> Path:
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, folder / name)
    shutil.copy(repository / "copylab.yaml", folder)
    return folder


@pytest.fixture
def own_sample(repository: Path, tmp_path: Path) -> Path:
    """A copy of the sample workspace that a test may change."""
    folder = tmp_path / "own"
    folder.mkdir()
    return copy_sample(repository, folder)


@pytest.fixture(scope="session")
def served(sample: Path) -> Iterator[Site]:
    """The sample workspace, served once for all tests that only look."""
    with serving(sample) as site:
        yield site


@pytest.fixture
def serve(contexts: list[BrowserContext]) -> Iterator[Callable[..., Site]]:
    """Serves a workspace until the test ends: ``serve(root, "--against", "main")``."""
    from contextlib import ExitStack  # noqa: PLC0415 - used here alone

    with ExitStack() as stack:

        def start(root: Path, *options: str) -> Site:
            return stack.enter_context(serving(root, *options))

        yield start
        close_all(contexts)


@pytest.fixture(scope="session")
def serve_once() -> Iterator[Callable[..., Site]]:
    """As ``serve``, for a workspace that many tests look at and none changes."""
    from contextlib import ExitStack  # noqa: PLC0415 - as above

    with ExitStack() as stack:
        yield lambda root, *options: stack.enter_context(serving(root, *options))


@pytest.fixture(scope="session")
def written(
    sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run_copylab: Callable[..., object],
) -> Site:
    """The sample workspace as files, to be opened from the disk."""
    folder = tmp_path_factory.mktemp("written") / "site"
    done = run_copylab("preview", "--output", str(folder), cwd=sample)
    assert done.code == 0, done.err  # type: ignore[attr-defined]
    return Site(f"{folder.as_uri()}/", sample)


@pytest.fixture(scope="session")
def serving_of() -> Callable[..., Any]:
    """Serves a workspace for as long as a fixture of a wider scope likes."""
    return serving


@pytest.fixture(scope="session")
def tried_once(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace with experiments in every state, and their data.

    ``approved_sms_hook`` promoted its coupon, ``repaid_push_milestone`` kept what was
    live, ``unfinished_sms_hook`` runs and a look is due that nobody took; the others
    are drafts.
    """
    return try_out(copy_sample(repository, tmp_path_factory.mktemp("tried")))


@pytest.fixture
def tried(tried_once: Path, tmp_path: Path) -> Path:
    """A copy of ``tried_once`` that a test may change."""
    return shutil.copytree(tried_once, tmp_path / "tried")


def try_out(root: Path) -> Path:
    """Start three experiments, make their data, and decide on two of them."""
    started = datetime(2026, 9, 22, 11, tzinfo=UTC)
    (root / "data" / "exposures").mkdir(parents=True)
    metrics = root / "experiments" / "metrics.yaml"
    metrics.write_text(metrics.read_text().replace("margin: 0.2%", "margin: 3%"))
    outcomes = []
    for seed, (name, mde, effect, users) in enumerate(
        (
            ("approved_sms_hook", "20%", {"coupon": 0.9}, 2500),
            ("repaid_push_milestone", "15%", {}, 1500),
            ("unfinished_sms_hook", "15%", {"curiosity": 0.1}, 3200),
        ),
        start=7,
    ):
        file = root / "experiments" / f"{name}.yaml"
        wanted = "20%" if "unfinished" in name else "60%"
        file.write_text(file.read_text().replace(f"mde: {mde}", f"mde: {wanted}"))
        catalog = open_workspace(root)  # whose lint other tests look at
        apply_changes([start(catalog, name, at=started, linted=()).change])
        wish = Wish(seed, datetime(2026, 10, 20, tzinfo=UTC), effect, {"click": 0.15})
        made = simulate(open_workspace(root), name, users, wish).files
        for kind in ("exposures", "outcomes"):
            table = _apart(made[f"{kind}.parquet"], name)
            if kind == "outcomes":
                outcomes.append(table)
            else:
                pq.write_table(table, root / "data" / "exposures" / f"{name}.parquet")
    pq.write_table(pa.concat_tables(outcomes), root / "data" / "outcomes.parquet")
    for name, decide in (
        ("approved_sms_hook", promote),
        ("repaid_push_milestone", conclude),
    ):
        catalog = open_workspace(root)
        found = analyze_workspace(catalog, name)
        data = read_data(catalog, name)
        day = date(2026, 10, 21 if decide is promote else 25)
        apply_changes(decide(catalog, name, found, data=data, date=day).changes)
    return root


def _apart(data: bytes, name: str) -> pa.Table:
    """The table with units of its own: each simulation counts its users from one."""
    table = pq.read_table(pa.BufferReader(data))
    place = table.column_names.index("unit")
    units = [f"{name}-{unit}" for unit in table.column("unit").to_pylist()]
    return table.set_column(place, "unit", pa.array(units, pa.string()))
