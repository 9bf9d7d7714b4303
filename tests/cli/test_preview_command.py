"""copylab preview on the command line: what it writes, serves and refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FILES: dict[str, str | bytes] = {
    "copylab.yaml": """\
brand: {name: Sample, signature: Sample}
markets: [US]
locales: {default: en-US}
attributes: {user_id: string}
""",
    "templates/hello/message.yaml": """\
purpose: transactional
live: plain
variants: {plain: {}}
""",
    "templates/hello/sms.en-US.md": "Sample: hello.\n",
}


@pytest.fixture
def root(make_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    return make_files(FILES)


def test_the_site_is_written_with_a_page_for_everything(
    root: Path, run_copylab: Callable[..., Any]
) -> None:
    done = run_copylab("preview", "--output", "site", cwd=root)
    assert (done.code, done.err) == (0, "")
    assert "site/index.html" in done.out
    found = {
        p.relative_to(root / "site").as_posix() for p in root.rglob("site/**/*.html")
    }
    pages = {"index.html", "experiments.html", "learn.html", "proof.html"}
    pages |= {"messages/hello.html", "proof/hello.html"}
    both = {f"{language}/{page}" for language in ("en", "zh") for page in pages}
    assert found == both | {"index.html"}
    assert "url=en/" in (root / "site" / "index.html").read_text()
    again = run_copylab("preview", "--output", "site", "--language", "zh", cwd=root)
    assert again.code == 0
    assert "url=zh/" in (root / "site" / "index.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "."), "part of the workspace"),
        (("--output", "templates/site"), "part of the workspace"),
        (("--output", "copylab.yaml"), "is a file"),
        (("--output", "/proc/site"), "cannot be written"),
        (("--output", "site", "--port", "1"), "--port is for serving"),
        (("--port", "70000"), "not in the range"),
        (("--language", "fr"), "'fr' is not one of"),
        (("--against", "main"), "git"),
    ],
)
def test_what_cannot_be_done_is_one_message_with_its_cure(
    root: Path, run_copylab: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    done = run_copylab("preview", "--no-open", *arguments, cwd=root)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not (root / "site").exists()


def test_outside_of_a_workspace_there_is_nothing_to_show(
    tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    done = run_copylab("preview", "--no-open", cwd=tmp_path)
    assert done.code == 2
    assert "copylab init" in done.err


def test_a_taken_port_is_told(root: Path, run_copylab: Callable[..., Any]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_copylab("preview", "--no-open", "--port", port, cwd=root)
    assert done.code == 2
    assert f"port {port} is taken" in done.err
    assert "--port 0" in done.err


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_answers_on_this_machine_alone_until_it_is_stopped(
    root: Path, name: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "copylab", "preview", "--no-open", "--port", "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[1]
            port = int(address.rstrip("/").rpartition(":")[2])
            with urlopen(address + "en/index.html") as answer:
                assert b"hello" in answer.read()
            table = Path("/proc/net/tcp").read_text()
            bound = [line.split()[1] for line in table.splitlines()[1:]]
            ours = {place for place in bound if place.endswith(f":{port:04X}")}
            assert ours == {f"0100007F:{port:04X}"}
        finally:
            process.send_signal(getattr(signal, name))
            _, err = process.communicate(timeout=20)
    assert err == ""
