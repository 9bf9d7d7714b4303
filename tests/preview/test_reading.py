"""Reading again gives what reading anew would give."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from copylab.errors import UnreadableError
from copylab.preview.reading import Reader
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.preview.shown import Shown

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MESSAGE = "winback/approved_day7"
COPY = f"templates/{MESSAGE}/sms.en-US.md"


def assert_as_anew(shown: Shown) -> None:
    anew = Reader(shown.root).read(AT)
    assert shown.problem == ""
    for name in ("messages", "templates", "sources", "findings", "personas"):
        found, expected = getattr(shown.workspace, name), getattr(anew.workspace, name)
        if name == "templates":
            assert found.keys() == expected.keys()
        elif name == "sources":
            assert {n: s.text for n, s in found.items()} == {
                n: s.text for n, s in expected.items()
            }
        else:
            assert found == expected
    assert shown.report.to_dict() == anew.report.to_dict()


def test_nothing_changed_is_the_same_object(own_sample: Path) -> None:
    reader = Reader(own_sample)
    assert reader.read(AT) is reader.read(AT)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (COPY, "Reply STOP", "Please reply STOP"),
        (f"templates/{MESSAGE}/message.yaml", "variants:", "# words\nvariants:"),
        ("templates/_partials/rate.en-US.md", "APR", "APR of"),
        ("copylab.yaml", "markets:", "# where\nmarkets:"),
        ("experiments/audiences.yaml", "and", "and\u0020 "),
    ],
)
def test_a_changed_file_is_seen_as_if_all_were_read_anew(
    own_sample: Path, name: str, old: str, new: str
) -> None:
    reader = Reader(own_sample)
    before = reader.read(AT)
    path = own_sample / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    after = reader.read(AT)
    assert after is not before
    assert_as_anew(after)


def test_messages_come_and_go(own_sample: Path) -> None:
    reader = Reader(own_sample)
    reader.read(AT)
    shutil.copytree(
        own_sample / "templates" / MESSAGE, own_sample / "templates" / "winback" / "new"
    )
    assert "winback/new" in reader.read(AT).workspace.messages
    shutil.rmtree(own_sample / "templates" / "winback" / "new")
    shown = reader.read(AT)
    assert "winback/new" not in shown.workspace.messages
    assert_as_anew(shown)


def test_files_of_a_message_come_and_go(own_sample: Path) -> None:
    reader = Reader(own_sample)
    reader.read(AT)
    path = own_sample / COPY
    words = path.read_text()
    path.unlink()
    shown = reader.read(AT)
    assert ("sms", "en-US") not in shown.workspace.messages[MESSAGE].copies
    assert_as_anew(shown)
    path.write_text(words)
    assert_as_anew(reader.read(AT))


def test_a_broken_message_keeps_the_state_in_which_it_was_whole(
    own_sample: Path,
) -> None:
    reader = Reader(own_sample)
    whole = reader.read(AT)
    assert whole.last_good == {}
    path = own_sample / COPY
    words = path.read_text()
    path.write_text(words + "\n{% if %}")
    broken = reader.read(AT)
    assert broken.last_good[MESSAGE] is whole.workspace
    assert COPY in {item.file for item in broken.findings_of(MESSAGE)}
    path.write_text(words + "\n{% if x %}{{")
    assert reader.read(AT).last_good[MESSAGE] is whole.workspace
    path.write_text(words)
    assert reader.read(AT).last_good == {}


def test_a_gap_does_not_take_away_the_state_in_which_the_words_were_whole(
    own_sample: Path,
) -> None:
    path = own_sample / COPY
    (path.parent / "push.en-US.md").unlink()
    reader = Reader(own_sample)
    whole = reader.read(AT)
    assert "missing-translation" in {f.rule for f in whole.findings_of(MESSAGE)}
    path.write_text(path.read_text() + "\n{% if %}")
    assert reader.read(AT).last_good[MESSAGE] is whole.workspace


def test_a_workspace_that_goes_away_stays_as_it_was_and_says_so(
    own_sample: Path,
) -> None:
    reader = Reader(own_sample)
    whole = reader.read(AT)
    settings = own_sample / "copylab.yaml"
    kept = settings.read_text()
    settings.unlink()
    gone = reader.read(AT)
    assert "copylab.yaml" in gone.problem
    assert gone.workspace is whole.workspace
    settings.write_text(kept)
    back = reader.read(AT)
    assert back.problem == ""
    assert back.workspace.messages == open_workspace(own_sample).messages


def test_what_never_was_a_workspace_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no workspace here"):
        Reader(tmp_path).read(AT)


def test_a_look_at_the_files_that_changed_sees_what_a_look_at_all_sees(
    own_sample: Path,
) -> None:
    reader = Reader(own_sample)
    reader.read(AT)
    path = own_sample / COPY
    path.write_text(path.read_text().replace("Reply STOP to opt out", "Goodbye"))
    shown = reader.look(AT, {COPY})
    assert not shown.is_checked
    anew = Reader(own_sample).read(AT)
    assert set(shown.findings_of(MESSAGE)) == set(anew.findings_of(MESSAGE))
    assert "optout-missing" in {item.rule for item in shown.findings_of(MESSAGE)}
    assert_as_anew(reader.check(AT))


@pytest.mark.parametrize("names", [{COPY}, {COPY, "new.md"}, {"templates/x/y.md"}])
def test_a_file_that_went_away_is_noticed_whatever_is_named(
    own_sample: Path, names: set[str]
) -> None:
    reader = Reader(own_sample)
    reader.read(AT)
    (own_sample / COPY).unlink()
    reader.look(AT, names)
    assert_as_anew(reader.check(AT))


class Interrupted(Reader):
    """A reader that looks again once, while it is checking."""

    def _lint(self, seen: Any, at: datetime) -> Any:
        report = super()._lint(seen, at)
        path = self.root / COPY
        if "Reply STOP to opt out" in path.read_text():
            path.write_text(path.read_text().replace("Reply STOP to opt out", "Bye"))
            self.newer = self.look(AT, {COPY})
        return report


def test_what_changes_during_a_check_is_checked_by_the_next(own_sample: Path) -> None:
    reader = Interrupted(own_sample)
    reader.look(AT)
    shown = reader.check(AT)
    assert shown is reader.newer
    assert not shown.is_checked
    assert_as_anew(reader.check(AT))


def test_a_pack_of_rules_is_read_again_wherever_it_lies(own_sample: Path) -> None:
    pack = own_sample / "compliance" / "own.yaml"
    pack.parent.mkdir()
    rule = """\
about: House rules.
as_of: 2026-11-22
rules:
- name: own-hurry
  code: OWN001
  title: Somebody is hurried.
  kind: must_not_contain
  severity: warning
  patterns: [WORD]
  message: "'{match}' is not said here"
  help: leave it out
  source: house rules
"""
    pack.write_text(rule.replace("WORD", "zzzz"))
    settings = own_sample / "copylab.yaml"
    words = settings.read_text()
    assert "\nlint:\n" in words
    settings.write_text(
        words.replace("\nlint:\n", "\nlint:\n  packs: [compliance/own.yaml]\n")
    )
    reader = Reader(own_sample)
    before = reader.read(AT)
    pack.write_text(rule.replace("WORD", "opt out"))
    reader.look(AT, {"compliance/own.yaml"})
    after = reader.check(AT)
    assert_as_anew(after)
    assert len(after.report.findings) > len(before.report.findings)
