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
