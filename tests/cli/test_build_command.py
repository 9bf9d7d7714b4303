"""``copylab build``, and the commands that read what it writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import copylab

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shop(run_copylab, tmp_path) -> Path:
    made = run_copylab("init", "shop", "--brand", "Shop", cwd=tmp_path)
    assert made.code == 0, made.err
    return tmp_path / "shop"


def test_a_bundle_is_written_and_loads(run_copylab, shop) -> None:
    ran = run_copylab("build", cwd=shop)
    assert ran.code == 0, ran.err
    bundle = shop / "copylab.bundle"
    assert "written: copylab.bundle" in ran.out
    loaded = copylab.load(bundle)
    assert f"{len(loaded.messages)} messages" in ran.out
    assert loaded.messages == copylab.load(shop).messages
    assert [path.name for path in shop.glob(".copylab.bundle*")] == []


def test_the_same_workspace_gives_the_same_file(run_copylab, shop) -> None:
    files = [shop / "a.bundle", shop / "deep" / "b.bundle"]
    printed = [run_copylab("build", "-o", str(file), cwd=shop).out for file in files]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert printed[0].splitlines()[:2] == printed[1].splitlines()[:2]


def test_findings_that_prevent_loading_are_printed_and_nothing_is_written(
    run_copylab, shop
) -> None:
    run_copylab("build", cwd=shop)
    before = (shop / "copylab.bundle").read_bytes()
    broken = next(shop.glob("templates/*/**/*.md"))
    broken.write_text(broken.read_text() + "\n{{ nobody }} {% if %}\n")
    ran = run_copylab("build", cwd=shop)
    assert ran.code == 1
    assert "refused: " in ran.err
    assert broken.relative_to(shop).as_posix() in ran.err
    assert "Traceback" not in ran.err
    assert (shop / "copylab.bundle").read_bytes() == before


@pytest.mark.parametrize(
    "target", ["templates/x.bundle", "copylab.yaml", "experiments/a/b", "."]
)
def test_a_bundle_takes_the_place_of_no_file_of_the_workspace(
    run_copylab, shop, target
) -> None:
    before = (shop / "copylab.yaml").read_bytes()
    ran = run_copylab("build", "-o", target, cwd=shop)
    assert ran.code == 2
    assert "help:" in ran.err
    assert (shop / "copylab.yaml").read_bytes() == before


def test_messages_are_composed_from_a_bundle(run_copylab, shop) -> None:
    run_copylab("build", "-o", "../shop.bundle", cwd=shop)
    workspace = copylab.load(shop)
    message, channel = next((m, c) for m, c, _, _ in workspace.templates if c == "sms")
    users = shop.parent / "users.jsonl"
    users.write_text(
        "".join(
            json.dumps({**user, "user_id": f"u{number}", "locale": "en-US"}) + "\n"
            for number, user in enumerate(workspace.personas.values())
        )
    )
    written = []
    for where in ("shop", "shop.bundle"):
        ran = run_copylab(
            "compose", message, "--channel", channel, "--users", "users.jsonl",
            "--output", "out.jsonl", "--at", "2026-11-22T12:00:00Z", "-w", where,
            cwd=shop.parent,
        )  # fmt: skip
        assert ran.code == 0, ran.err
        files = ("out.jsonl", "out.exposures.jsonl", "out.rejects.jsonl")
        there = [shop.parent / name for name in files]
        written.append([path.read_bytes() for path in there if path.exists()])
    assert written[0] == written[1]
    assert any(written[0])


@pytest.mark.parametrize(
    "command", [["start", "x"], ["lint"], ["build"], ["promote", "x"]]
)
def test_a_command_that_needs_the_files_says_so(run_copylab, shop, command) -> None:
    run_copylab("build", cwd=shop)
    where = ["copylab.bundle"] if command == ["lint"] else ["-w", "copylab.bundle"]
    ran = run_copylab(*command, *where, cwd=shop)
    assert ran.code == 2
    assert "bundle" in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_bundle_is_one_clear_error(run_copylab, shop) -> None:
    run_copylab("build", cwd=shop)
    file = shop / "copylab.bundle"
    file.write_bytes(file.read_bytes()[:-5])
    message = next(iter(copylab.load(shop).messages))
    ran = run_copylab("render", message, "-w", "copylab.bundle", cwd=shop)
    assert ran.code == 2
    assert "is a broken bundle" in ran.err
    assert "copylab build" in ran.err
