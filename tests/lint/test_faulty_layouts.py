"""Layouts with faults: each is told once, at its place, and lint goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.lint.report import Report

MAIN = "templates/_layouts/main"


def lint_with(root: Path, **parts: str) -> Report:
    """The report on the sample with other parts of its layout."""
    for kind, text in parts.items():
        if kind == "html":
            (root / f"{MAIN}.mjml").unlink()
        (root / f"{MAIN}.{kind}").write_text(text, "utf-8")
    return lint_catalog(open_workspace(root))


def told(report: Report) -> set[tuple[str, str | None]]:
    return {(item.rule, item.file) for item in report.findings}


def without_opt_out(root: Path, kind: str) -> str:
    lines = (root / f"{MAIN}.{kind}").read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if "unsubscribe_url" not in line)


@pytest.mark.parametrize("kind", ["txt", "mjml"])
def test_a_layout_whose_one_part_lacks_the_opt_out_is_told_of(
    sample: Path, kind: str
) -> None:
    report = lint_with(sample, **{kind: without_opt_out(sample, kind)})
    other = {"txt": "mjml", "mjml": "txt"}[kind]
    assert ("unsubscribe-missing", f"{MAIN}.{kind}") in told(report)
    assert ("text-html-drift", f"{MAIN}.{other}") in told(report)
    assert all(item.line for item in report.findings)


@pytest.mark.parametrize(
    "parts",
    [
        {"txt": "{{ body }}"},
        {"html": "<html><body>{{ body }}</body></html>"},
        {"mjml": "<mjml><mj-body></mj-body></mjml>"},
        {"txt": '{% if locale == "en-US" %}{{ body }}{% endif %}'},
        {"html": '{% if locale == "en-US" %}<p>{{ body }}</p>{% endif %}'},
    ],
)
def test_a_layout_of_almost_nothing_is_told_of(
    sample: Path, parts: dict[str, str]
) -> None:
    report = lint_with(sample, **parts)
    [kind] = parts
    assert ("unsubscribe-missing", f"{MAIN}.{kind}") in told(report)
    assert all(item.line for item in report.findings)


def test_a_variable_of_another_locale_s_branch_is_not_printed(sample: Path) -> None:
    page = (sample / f"{MAIN}.mjml").read_text("utf-8")
    line = '<p><a href="{{ unsubscribe_url }}">退订营销邮件</a></p>'
    assert line in page
    report = lint_with(sample, mjml=page.replace(line, ""))
    lines = [item.line for item in report.findings if item.rule == "text-html-drift"]
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("kind", "old", "new", "rule", "place"),
    [
        ("txt", "{{ brand.legal_name }}，", "{{ brand.legal_name ?}}，", "syntax", (8, 21)),
        ("mjml", 'dir="{{ dir }}"', 'dir="{{ dir ?}}"', "syntax", (1, 39)),
        ("txt", "", "\n", "layout-broken", (1, 1)),
        ("txt", "", "{% if locale %}{{ body }}", "syntax", None),
        ("html", "", "", "layout-broken", (1, 1)),
        ("html", "", " \n\n", "layout-broken", (1, 1)),
        ("mjml", "<mj-column>", "<mj-colum>", "layout-broken", (21, 7)),
        ("mjml", "", "<mjml>", "layout-broken", None),
    ],
)  # fmt: skip
def test_a_broken_layout_is_told_of_once_and_hides_nothing_else(
    sample: Path,
    kind: str,
    old: str,
    new: str,
    rule: str,
    place: tuple[int, int] | None,
) -> None:
    copy = sample / "templates/winback/repaid_day30/sms.en-US.md"
    copy.write_text(copy.read_text("utf-8").replace("STOP", "HALT"), "utf-8")
    text = new
    if old:
        text = (sample / f"{MAIN}.{kind}").read_text("utf-8").replace(old, new, 1)
    report = lint_with(sample, **{kind: text})
    [finding] = [item for item in report.findings if "_layouts" in (item.file or "")]
    assert (finding.rule, finding.file) == (rule, f"{MAIN}.{kind}")
    assert finding.help
    assert place is None or (finding.line, finding.column) == place
    rest = {item.rule for item in report.findings} - {rule}
    assert rest == {"optout-missing"}, "what else is wrong is found all the same"


def test_texts_around_which_the_layout_is_broken_are_not_called_proved(
    sample: Path,
) -> None:
    whole = lint_catalog(open_workspace(sample))
    report = lint_with(sample, txt="{{ body ?}}")
    emails = [item for item in whole.proofs if item.channel == "email"]
    assert emails
    assert not [item for item in report.proofs if item.channel == "email"]
    unread = [line for line in report.not_checked if "its layout" in line]
    assert len(unread) == len(emails)
    assert report.proofs, "short messages and pushes need no layout"


def test_a_layout_with_an_error_that_can_be_read_is_checked_all_the_same(
    sample: Path,
) -> None:
    report = lint_with(sample, txt="{{ body }} {{ bodi }}\n")
    rules = ("undeclared-variable", "unsubscribe-missing")
    assert {(rule, f"{MAIN}.txt") for rule in rules} <= told(report)
    assert not [item for item in report.proofs if item.channel == "email"]


def test_a_variable_that_only_a_broken_layout_prints_is_not_called_unused(
    sample: Path,
) -> None:
    for path in sample.glob("templates/winback/*/message.yaml"):
        head, _, _ = path.read_text("utf-8").partition("email:")
        path.write_text(head, "utf-8")
    report = lint_with(sample, txt="{{ body ?}}")
    assert {item.rule for item in report.findings} == {"syntax"}


def test_a_layout_whose_part_is_no_text_is_told_of_once(sample: Path) -> None:
    (sample / f"{MAIN}.txt").write_bytes(b"\xff{{ body }}")
    assert [item.rule for item in lint_with(sample).findings] == ["not-utf-8"]


def test_a_layout_that_is_not_there_is_told_of_once_for_each_message(
    sample: Path,
) -> None:
    (sample / f"{MAIN}.txt").unlink()
    (sample / f"{MAIN}.mjml").unlink()
    report = lint_with(sample)
    assert {item.rule for item in report.findings} == {"include-missing"}
    assert len(report.findings) == len(list(sample.glob("templates/winback/*/")))
