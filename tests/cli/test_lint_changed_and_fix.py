"""``copylab lint --changed``, ``--fix`` and ``--diff``."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "brand: {name: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
MESSAGE = "purpose: marketing\nlive: plain\n"
WORDS = "Example: see https://bit.ly/x1. Reply STOP to opt out"
CURLY = "Example: we’ve kept your book — come by. Reply STOP to opt out\n"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def shop(make_files) -> Path:
    folder = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/one/message.yaml": MESSAGE,
            "templates/one/sms.en-US.md": WORDS + "{% include 'end.md' %}",
            "templates/two/message.yaml": MESSAGE,
            "templates/two/sms.en-US.md": WORDS,
            "templates/_partials/end.md": " Bye.",
        }
    )
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def files_told(out: str) -> set[str]:
    return {
        line.split(":")[0] for line in out.splitlines() if "public-shortener" in line
    }


def test_what_did_not_change_is_not_told(shop, run_copylab) -> None:
    ran = run_copylab("lint", "--changed", "HEAD", cwd=shop)
    assert (ran.code, files_told(ran.out)) == (0, set())


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("templates/two/sms.en-US.md", WORDS + ".", {"two"}),
        ("templates/_partials/end.md", " Ciao.", {"one"}),
        ("templates/two/message.yaml", MESSAGE + "# a note\n", {"two"}),
        ("copylab.yaml", CONFIG + "# a note\n", {"one", "two"}),
        ("templates/_partials/other.md", "new", set()),
    ],
)
def test_a_change_touches_what_uses_it(
    shop, run_copylab, name: str, text: str, told: set[str]
) -> None:
    (shop / name).write_text(text, encoding="utf-8")
    ran = run_copylab("lint", "--changed", "HEAD", cwd=shop)
    expected = {f"templates/{message}/sms.en-US.md" for message in told}
    assert files_told(ran.out) == expected


def test_a_partial_that_is_gone_is_told_where_it_is_missed(shop, run_copylab) -> None:
    (shop / "templates/_partials/end.md").unlink()
    ran = run_copylab("lint", "--changed", "HEAD", cwd=shop)
    assert ran.code == 1
    assert "include-missing" in ran.out


def test_paths_narrow_a_change_down(shop, run_copylab) -> None:
    for name in ("one", "two"):
        (shop / f"templates/{name}/sms.en-US.md").write_text(WORDS + "!")
    ran = run_copylab("lint", "--changed", "HEAD", "templates/two", cwd=shop)
    assert files_told(ran.out) == {"templates/two/sms.en-US.md"}


def test_fix_changes_what_is_wrong_and_nothing_else(shop, run_copylab) -> None:
    path = shop / "templates/two/sms.en-US.md"
    path.write_bytes(b"\xef\xbb\xbf" + CURLY.replace("\n", "\r\n").encode())
    ran = run_copylab("lint", "--diff", cwd=shop)
    assert ran.code == 1
    assert "+\ufeffExample: we've kept your book - come by." in ran.out
    assert "opt out\r\n" in ran.out
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    ran = run_copylab("lint", "--fix", "templates/two", cwd=shop)
    fixed = b"\xef\xbb\xbfExample: we've kept your book - come by. Reply STOP to opt out\r\n"
    assert path.read_bytes() == fixed
    assert "mended" in ran.err
    assert "ucs2" not in ran.out
    ran = run_copylab("lint", "--diff", "templates/two", cwd=shop)
    assert (ran.code, ran.out) == (0, "")
    assert "would mend nothing" in ran.err


def test_what_needs_a_persons_eye_is_mended_only_when_asked(shop, run_copylab) -> None:
    path = shop / "templates/two/sms.en-US.md"
    comment = "{# copylab: ignore[empty] no reason any more #}\n"
    path.write_text(comment + "Example: hi. Reply STOP to opt out")
    run_copylab("lint", "--fix", "templates/two", cwd=shop)
    assert path.read_text() == "Example: hi. Reply STOP to opt out"


def test_modes_go_one_at_a_time(shop, run_copylab) -> None:
    ran = run_copylab("lint", "--fix", "--diff", cwd=shop)
    assert ran.code == 2
    assert "go one at a time" in ran.err
