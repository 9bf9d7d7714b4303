"""What is kept gives the answer that looking at everything gives, whatever happens."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lint_edits import PACK, add, edit, write
from lint_workspace import write_workspace

from copylab.cli.linting import Asked
from copylab.errors import CopylabError
from copylab.keeping import FOLDER, Question, hash_programs, lint_kept
from copylab.lint import incremental
from copylab.lint.encoding import from_bytes, to_bytes
from copylab.lint.engine import lint_catalog
from copylab.lint.entries import read_entries
from copylab.lint.formats import FORMATS, format_report
from copylab.lint.ruleset import find_rules
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from copylab.lint.report import Report

DAY = date(2026, 11, 22)
NOW_S = time.time()
SMS = "templates/group00/message0000/sms.en-US.md"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with faults of every kind."""
    write_workspace(tmp_path, 9)
    add(
        tmp_path / SMS,
        " {# copylab: ignore[link-straddles] known, until 2026-12-31 #}\n",
    )
    add(tmp_path / "templates/group00/message0001/push.zh-CN.md", "{{ nobody }}\n")
    add(tmp_path / "templates/group00/message0002/message.yaml", "colour: red\n")
    add(
        tmp_path / "templates/group00/message0003/sms.zh-CN.md",
        "点击 http://bit.ly/x\n",
    )
    add(tmp_path / "templates/_partials/footer.en-US.md", "TODO\n")
    copy = tmp_path / "templates/group00/message0005"
    shutil.copytree(copy, tmp_path / "templates/group00/message0008b")
    write(tmp_path / "templates/lost/sms.en-US.md", "Nobody's\n")
    write(tmp_path / "own/pack.yaml", PACK.format("instalments"))
    add(tmp_path / "copylab.yaml", "")
    settings = (tmp_path / "copylab.yaml").read_text()
    write(
        tmp_path / "copylab.yaml",
        settings.replace("lint: {", "lint: {packs: [own/pack.yaml], "),
    )
    write(
        tmp_path / "experiments/second.yaml",
        (tmp_path / "experiments/first.yaml")
        .read_text()
        .replace("message0000", "gone"),
    )
    return tmp_path


def kept(root: Path, day: date = DAY, select: tuple[str, ...] = ()) -> Report:
    asked = Asked((), select, day)
    report = lint_kept(root, Question(asked.select, asked.choose, day), NOW_S)
    assert report is not None
    return report


def anew(root: Path, day: date = DAY, select: tuple[str, ...] = ()) -> Report:
    return lint_catalog(open_workspace(root), select=select, as_of=day)


def shown(report: Report) -> dict[str, str]:
    """The report in every format, and what no format tells of its findings."""
    texts = {name: format_report(report, name) for name in FORMATS}
    hidden = (report.findings, report.suppressed, report.known, report.experiments)
    moved = report.below("shop/copy")
    return {
        **texts,
        "hidden": repr(hidden),
        "elsewhere": format_report(moved, "full") + format_report(moved, "sarif"),
    }


def outcome(lint: object, root: Path) -> object:
    """What a run shows, or says where it cannot run."""
    try:
        return shown(lint(root))
    except CopylabError as error:
        return str(error)


def test_all_formats_are_the_same_cold_kept_and_after_a_change(shop: Path) -> None:
    expected = shown(anew(shop))
    assert shown(kept(shop)) == expected
    assert (shop / FOLDER / "entries.json").exists()
    assert shown(kept(shop)) == expected
    add(shop / "templates/group00/message0004/sms.zh-CN.md", "免费领取\n")
    assert shown(kept(shop)) == shown(anew(shop)) != expected


def test_an_unchanged_workspace_is_answered_without_looking_at_it(
    shop: Path, monkeypatch
) -> None:
    expected = shown(kept(shop))
    monkeypatch.setattr("copylab.lint.incremental.Rerun.run", None)
    assert shown(kept(shop)) == expected


def test_after_a_change_only_that_message_is_looked_at(shop: Path, monkeypatch) -> None:
    kept(shop)
    add(shop / SMS, "More\n")
    looked_at = []
    lint = incremental.lint_message

    def note(catalog, name, *rest):  # noqa: ANN002 - handed on as it comes
        looked_at.append(name)
        return lint(catalog, name, *rest)

    monkeypatch.setattr(incremental, "lint_message", note)
    kept(shop)
    assert looked_at == ["group00/message0000"]
    looked_at.clear()
    add(shop / "templates/_partials/footer.zh-CN.md", "再见\n")
    kept(shop)
    users = {"group00/message0007"}  # the only message with an e-mail
    assert set(looked_at) == users | {"group00/message0001"}  # and the one with errors


def follow(root: Path, seed: int, steps: int) -> None:
    """Edit, and compare what is kept with what is found anew, step by step."""
    dice, said = random.Random(seed), []
    for number in range(steps):
        said.append(edit(root, dice, number))
        expected = outcome(anew, root)
        assert outcome(kept_or_anew, root) == expected, said
        assert outcome(kept_or_anew, root) == expected, said


def kept_or_anew(root: Path) -> Report:
    return lint_kept(root, Question((), Asked((), (), DAY).choose, DAY), NOW_S) or anew(
        root
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_edits_give_what_a_fresh_run_gives(shop: Path, seed: int) -> None:
    follow(shop, seed, 5)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10, 16))
def test_many_random_edits_give_what_a_fresh_run_gives(shop: Path, seed: int) -> None:
    follow(shop, seed, 25)


def test_a_day_on_which_a_suppression_ends_changes_the_answer(shop: Path) -> None:
    for day in (DAY, date(2026, 12, 31), date(2027, 1, 1), DAY):
        assert shown(kept(shop, day)) == shown(anew(shop, day))
    assert shown(kept(shop, date(2027, 1, 1))) != shown(kept(shop, DAY))


def test_chosen_rules_have_answers_of_their_own(shop: Path) -> None:
    for select in ((), ("link-straddles",), ("CL302", "own-words"), ()):
        names = Asked((), select, DAY).choose(known_rules(shop))
        assert shown(kept(shop, select=select)) == shown(anew(shop, select=names))


def known_rules(root: Path) -> object:
    workspace = open_workspace(root)
    return find_rules(workspace.config.lint, workspace.sources)[0]


def test_a_rule_pack_that_lies_anywhere_is_minded(shop: Path) -> None:
    kept(shop)
    write(shop / "own/pack.yaml", PACK.format("credit"))
    assert shown(kept(shop)) == shown(anew(shop))
    (shop / "own/pack.yaml").unlink()
    assert shown(kept(shop)) == shown(anew(shop))


@pytest.mark.parametrize("cut", [0, 20, 60, -1])
def test_a_cache_that_was_cut_off_is_as_good_as_none(shop: Path, cut: int) -> None:
    expected = shown(kept(shop))
    for path in (shop / FOLDER).glob("*.json"):
        path.write_bytes(path.read_bytes()[:cut])
    assert shown(kept(shop)) == expected
    assert shown(kept(shop)) == expected


def test_a_cache_of_another_version_or_kind_is_as_good_as_none(shop: Path) -> None:
    expected = shown(kept(shop))
    answer = next((shop / FOLDER).glob("answer-*"))
    entries = shop / FOLDER / "entries.json"
    good = {path: path.read_bytes() for path in (answer, entries)}
    for data in (
        b"",
        b"{}",
        good[answer].replace(b"cache 1", b"cache 9"),
        to_bytes([]),
        to_bytes({"/": [[1, 2, 3, 4]], "group00/message0000": [["x", 1, {}, None]]}),
        to_bytes({"group00/message0000": 3}),
        b"copylab lint cache 1 " + b"[" * 100_000,
        os.urandom(3_000),
        good[entries],
    ):
        for path in (answer, entries):
            path.write_bytes(data)
        assert shown(kept(shop)) == expected


def test_entries_with_anything_wrong_inside_are_looked_at_again(shop: Path) -> None:
    """The checksum is right, as one who wants to do harm would have it."""
    expected = shown(kept(shop))
    for path in sorted((shop / FOLDER).glob("*.json")):
        record = from_bytes(path.read_bytes())
        dice = random.Random(7)
        for _ in range(25):
            spoiled = spoil(json.loads(json.dumps(record)), dice)
            path.write_bytes(to_bytes(spoiled))
            if path.name.startswith("entries"):
                next((shop / FOLDER).glob("answer-*")).unlink(missing_ok=True)
            format_report(kept(shop), "sarif")
        shutil.rmtree(shop / FOLDER)
        kept(shop)
    shutil.rmtree(shop / FOLDER)
    assert shown(kept(shop)) == expected


def spoil(record: object, dice: random.Random) -> object:
    """The record with one value of another type somewhere inside."""
    inside = record.values() if isinstance(record, dict) else record
    if not isinstance(record, dict | list) or not inside or dice.random() < 0.05:
        return dice.choice((None, 3, "x", [], {}, True, [[]], 1.5))
    key = dice.choice(list(record) if isinstance(record, dict) else range(len(record)))
    record[key] = spoil(record[key], dice)
    return record


def test_what_is_kept_changes_no_file_outside_of_the_workspace(shop: Path) -> None:
    """A fix in a cache that came with a checkout could name any file."""
    add(shop / SMS, "{# copylab: ignore[empty] nothing to see #}\n")
    expected = kept(shop)
    assert any(item.fix for item in expected.findings)
    path = next((shop / FOLDER).glob("answer-*"))
    record = from_bytes(path.read_bytes())
    for finding in record["findings"]:
        if finding[13] is not None:
            finding[13][1][0][0] = "../outside.md"
    path.write_bytes(to_bytes(record))
    assert kept(shop).findings == expected.findings


@pytest.mark.parametrize("kind", ["file", "link", "pipe", "folder", "linked file"])
def test_odd_things_in_the_place_of_the_cache_do_no_harm(
    shop: Path, tmp_path_factory, kind: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    expected = shown(kept(shop))
    folder, answer = shop / FOLDER, next((shop / FOLDER).glob("answer-*")).name
    if kind in {"file", "link"}:
        shutil.rmtree(folder)
        folder.write_text("x") if kind == "file" else folder.symlink_to(elsewhere)
    else:
        (folder / answer).unlink()
        (folder / "entries.json").unlink()
        for name in (answer, "entries.json"):
            if kind == "pipe":
                os.mkfifo(folder / name)
            elif kind == "folder":
                (folder / name).mkdir()
            else:
                (elsewhere / "target").write_text("mine")
                (folder / name).symlink_to(elsewhere / "target")
    assert shown(kept(shop)) == expected
    assert shown(kept(shop)) == expected
    left = {path.name: path.read_text() for path in elsewhere.iterdir()}
    assert left == ({"target": "mine"} if kind == "linked file" else {})


def test_a_folder_that_cannot_be_written_is_linted_all_the_same(
    shop: Path, monkeypatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert shown(kept(shop)) == shown(anew(shop))
    assert not (shop / FOLDER).exists()


def test_several_runs_at_once_tell_the_same(shop: Path) -> None:
    command = [sys.executable, "-m", "copylab", "lint", "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    expected = subprocess.run(
        [*command, "--no-cache"], cwd=shop, capture_output=True, env=env, check=False
    ).stdout
    assert not (shop / FOLDER).exists()
    for _ in range(2):
        runs = [
            subprocess.Popen(command, cwd=shop, stdout=subprocess.PIPE, env=env)
            for _ in range(4)
        ]
        assert [run.communicate(timeout=120)[0] for run in runs] == [expected] * 4
    assert not list((shop / FOLDER).glob(".*.json.*"))


def test_nothing_is_kept_or_used_where_that_is_switched_off(
    shop: Path, run_copylab
) -> None:
    run_copylab("lint", "--no-cache", cwd=shop)
    run_copylab("lint", cwd=shop, COPYLAB_NO_CACHE="1")
    assert not (shop / FOLDER).exists()
    first = run_copylab("lint", cwd=shop)
    assert (shop / FOLDER / ".gitignore").read_text().endswith("*\n")
    assert run_copylab("lint", cwd=shop) == first


def test_entries_that_no_run_used_for_long_are_dropped(shop: Path) -> None:
    kept(shop)
    path = shop / FOLDER / "entries.json"
    entries = read_entries(path.read_bytes())
    name = "group00/message0001"
    today = entries.records[name][0][1]
    assert name in read_entries(entries.to_bytes(today + 30)).records
    assert read_entries(entries.to_bytes(today + 31)).records == {}
    assert read_entries(entries.to_bytes(today - 1)).records == {}


def test_going_back_to_what_was_before_looks_at_nothing(
    shop: Path, monkeypatch
) -> None:
    before = (shop / SMS).read_text()
    expected = shown(kept(shop))
    add(shop / SMS, "More\n")
    kept(shop)
    write(shop / SMS, before)
    monkeypatch.setattr("copylab.lint.incremental.lint_message", None)
    assert shown(kept(shop)) == expected


def test_rules_of_other_packages_are_known_by_their_code(
    tmp_path: Path, monkeypatch
) -> None:
    package = tmp_path / "acme_rules_for_cache"
    info = tmp_path / "acme_rules-1.0.dist-info"
    info.mkdir()
    package.mkdir()
    points = "[copylab.rules]\nacme = acme_rules_for_cache.rules\n"
    write(info / "entry_points.txt", points)
    write(package / "__init__.py", "")
    write(package / "rules.py", "RULES = []\n")
    before = hash_programs()
    monkeypatch.syspath_prepend(tmp_path)
    first = hash_programs()
    write(package / "rules.py", "RULES = [1]\n")
    assert len({before, first, hash_programs()}) == 3


def test_links_and_what_is_no_file_are_left_to_those_who_tell_of_them(
    shop: Path, tmp_path_factory
) -> None:
    target = tmp_path_factory.mktemp("outside") / "sms.en-GB.md"
    target.write_text("Hello")
    (shop / "templates/group00/message0000/sms.en-GB.md").symlink_to(target)
    asked = Asked((), (), DAY)
    assert lint_kept(shop, Question((), asked.choose, DAY), NOW_S) is None
