from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.bundle import pack
from copylab.channels.composed import Sms
from copylab.errors import UnreadableError, WorkspaceError
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIG = "locales: {default: en-US}\nmarkets: [US]\nattributes: {user_id: string}\n"
MESSAGE = "purpose: transactional\nlive: plain\nvariants: {plain: {}, other: {}}\n"
EXPERIMENT = (
    "message: hello\nstatus: running\nunit: user_id\nsalt: hello.1\n"
    "arms: {plain: 1%, other: 99%}\ncontrol: plain\n"
    "epochs:\n- {epoch: 1, at: 2026-01-01T00:00:00Z, hash: a, arms: {plain: 1%, other: 99%}}\n"
)


def write(root: Path, generation: int, *, running: bool = False) -> Path:
    """A workspace in which every word says which generation it is of."""
    files = {
        "copylab.yaml": f"brand: {{name: B{generation}}}\n{CONFIG}",
        "templates/_partials/p.md": f"p{generation}",
        "experiments/e.yaml": EXPERIMENT
        if running
        else EXPERIMENT.replace("running", "concluded"),
    }
    for name in ("hello", "there"):
        words = f"w{generation} {{{{ brand.name }}}} {{% include 'p.md' %}}"
        files[f"templates/{name}/message.yaml"] = MESSAGE
        files[f"templates/{name}/sms.en-US.md"] = f"# plain\n{words}\n# other\no\n"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def sms_of(workspace: Workspace, message: str = "hello") -> Sms:
    user = {"user_id": "u1"}
    call = {"channel": "sms", "locale": "en-US", "at": AT}
    sms = workspace.compose(message, user, **call)
    assert isinstance(sms, Sms)
    return sms


def text_of(workspace: Workspace, message: str = "hello") -> str:
    return sms_of(workspace, message).text


def bundle(root: Path, path: Path) -> Path:
    """The folder as a bundle, put in place in one step."""
    beside = path.with_suffix(".new")
    beside.write_bytes(pack(load(root)))
    beside.replace(path)
    return path


def test_reload_shows_what_is_new(tmp_path: Path) -> None:
    workspace = load(write(tmp_path, 1))
    assert text_of(workspace) == "w1 B1 p1"
    write(tmp_path, 2)
    assert text_of(workspace) == "w1 B1 p1"
    assert workspace.reload()
    assert text_of(workspace) == "w2 B2 p2"
    assert workspace.config.brand.usual["name"] == "B2"
    assert workspace.copy_hashes == load(tmp_path).copy_hashes
    assert repr(workspace) == repr(load(tmp_path))


def test_where_nothing_is_new_what_was_prepared_is_kept(tmp_path: Path) -> None:
    folder = load(write(tmp_path / "w", 1))
    packed = load(bundle(tmp_path / "w", tmp_path / "b"))
    for workspace in (folder, packed):
        composer = workspace.composer("hello", "sms")
        assert not workspace.reload()
        assert workspace.composer("hello", "sms") is composer
    write(tmp_path / "w", 2)
    assert folder.reload()
    assert folder.composer("hello", "sms") is not composer


@pytest.mark.parametrize("as_bundle", [False, True])
def test_one_line_and_a_reload_stop_an_experiment(tmp_path: Path, as_bundle) -> None:
    root = write(tmp_path / "w", 1, running=True)
    packed = tmp_path / "w.bundle"
    workspace = load(bundle(root, packed) if as_bundle else root)
    assert text_of(workspace) == "o"
    assert sms_of(workspace).exposure.reason == "assigned"
    file = root / "experiments/e.yaml"
    file.write_text(file.read_text().replace("status: running", "status: concluded"))
    if as_bundle:
        bundle(root, packed)
    workspace.reload()
    assert text_of(workspace) == "w1 B1 p1"
    assert sms_of(workspace).exposure.reason == "no_experiment"


def test_a_reload_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    workspace = load(write(tmp_path, 1))
    words = tmp_path / "templates/hello/sms.en-US.md"
    words.write_text("# plain\n{{ nobody }}\n")
    with pytest.raises(WorkspaceError, match="nobody"):
        workspace.reload()
    assert text_of(workspace) == "w1 B1 p1"
    (tmp_path / "copylab.yaml").unlink()
    with pytest.raises(UnreadableError):
        workspace.reload()
    assert text_of(workspace) == "w1 B1 p1"
    write(tmp_path, 3)
    assert workspace.reload()
    assert text_of(workspace) == "w3 B3 p3"


def test_a_truncated_bundle_is_never_swapped_in(tmp_path: Path) -> None:
    packed = bundle(write(tmp_path / "w", 1), tmp_path / "b")
    workspace = load(packed)
    data = packed.read_bytes()
    for size in (0, 10, len(data) // 2, len(data) - 1):
        packed.write_bytes(data[:size])
        with pytest.raises(UnreadableError):
            workspace.reload()
        assert text_of(workspace, "there") == "w1 B1 p1"


def test_a_workspace_changed_in_memory_is_read_again(tmp_path: Path) -> None:
    changed = replace(load(write(tmp_path, 1)), experiments={})
    assert not changed.experiments
    assert changed.reload()
    assert list(changed.experiments) == ["e"]


@dataclass
class Load:
    """Threads that compose, render and hash, and what they saw."""

    workspace: Workspace
    wrong: list[object] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    done: threading.Event = field(default_factory=threading.Event)

    def work(self, message: str) -> None:
        call = {"channel": "sms", "locale": "en-US", "variant": "plain"}
        try:
            while not self.done.is_set():
                rendered = self.workspace.render(message, {}, **call).text
                for text in (text_of(self.workspace, message), rendered):
                    numbers = {word[1:] for word in text.split()}
                    if len(numbers) != 1:
                        self.wrong.append(text)
                    self.seen.update(numbers)
                assert len(self.workspace.copy_hashes) == 4
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            self.wrong.append(error)

    def wait_for(self, generation: int) -> None:
        while str(generation) not in self.seen and not self.wrong:
            time.sleep(0.001)


@pytest.mark.parametrize("as_bundle", [False, True])
def test_under_load_every_message_is_of_one_generation(
    tmp_path: Path, as_bundle
) -> None:
    """What threads see while the workspace is swapped is never mixed."""
    root, packed = write(tmp_path / "w", 0), tmp_path / "w.bundle"
    load_on = Load(load(bundle(root, packed) if as_bundle else root))
    names = ("hello", "there", "hello")
    threads = [threading.Thread(target=load_on.work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    try:
        for generation in range(1, 7):
            write(root, generation)
            if as_bundle:
                bundle(root, packed)
            assert load_on.workspace.reload()
            load_on.wait_for(generation)
    finally:
        load_on.done.set()
        for thread in threads:
            thread.join()
    assert load_on.wrong == []
    assert load_on.seen >= set(map(str, range(1, 7)))


def test_reloads_at_once_end_with_the_last_content(tmp_path: Path) -> None:
    workspace = load(write(tmp_path, 1))
    write(tmp_path, 2)
    changed: list[bool] = []
    threads = [
        threading.Thread(target=lambda: changed.append(workspace.reload()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, False, False, True]
    assert text_of(workspace) == "w2 B2 p2"
