"""``copylab render`` as a copywriter uses it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from copylab.cli.render import render_longest
from copylab.errors import RenderError
from copylab.lint.longest import find_longest
from copylab.workspace import load

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "brand: {name: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
MESSAGE = """\
purpose: transactional
live: plain
variables:
  name: {type: text, max: 12, charset: latin, missing: there}
  stage: {type: enum, values: [new, repaid], missing: new}
"""


@pytest.fixture
def small(make_files) -> Path:
    return make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/hello/message.yaml": MESSAGE,
            "templates/hello/sms.en-US.md": (
                "Hi {{ name }}"
                "{% if stage == 'repaid' %}, thank you for paying back{% endif %}."
            ),
        }
    )


def test_the_longest_persona_shows_the_worst_case_and_how_it_comes_about(
    small, run_copylab
) -> None:
    ran = run_copylab("render", "hello", "--persona", "longest", cwd=small)
    assert ran.code == 0, ran.err
    assert ", thank you for paying" in ran.out
    assert "with these values (no allowed values make it longer):" in ran.out
    assert "stage = 'repaid'" in ran.out
    assert "1 part · " in ran.out
    assert " · 43 " in ran.out


def test_a_persona_called_longest_in_the_file_is_taken_as_written(
    small, run_copylab
) -> None:
    (small / "templates/_personas.yaml").write_text("longest: {name: Ann}\n")
    ran = run_copylab("render", "hello", "--persona", "longest", cwd=small)
    assert "Hi Ann." in ran.out


def test_the_longest_persona_chooses_all_values(small, run_copylab) -> None:
    ran = run_copylab(
        "render", "hello", "--persona", "longest", "--set", "name=Ann", cwd=small
    )
    assert ran.code == 2
    assert "chooses the values" in ran.err


def test_json_has_the_values_of_the_longest(small, run_copylab) -> None:
    ran = run_copylab("render", "hello", "--persona", "longest", "--json", cwd=small)
    entry = json.loads(ran.out)
    assert entry["values"]["stage"] == "'repaid'"
    assert entry["longest"] is True
    assert entry["units"] == 43


def test_every_short_text_of_the_sample_has_a_longest_one(repository) -> None:
    workspace = load(repository)
    for key in workspace.templates:
        longest = find_longest(workspace, key)
        assert longest.is_proved or key[1] == "email", key


def test_no_persona_of_the_sample_makes_a_message_longer_than_the_longest(
    repository,
) -> None:
    workspace = load(repository)
    for name, channel, locale, variant in workspace.templates:
        if channel != "sms":
            continue
        message = workspace.messages[name]
        most = render_longest(workspace, message, channel, locale, variant).sent
        for user in workspace.personas.values():
            try:
                sent = workspace.render(
                    name, user, channel=channel, locale=locale, variant=variant
                )
            except RenderError:
                continue
            assert (sent.segments, sent.units) <= (most.segments, most.units)


def test_an_email_shows_its_inbox_line_and_both_parts(run_copylab) -> None:
    ran = run_copylab(
        "render", "winback/approved_day7", "--channel", "email",
        "--persona", "english_approved", "--locale", "en-US",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "inbox, from SampleLend:" in ran.out
    assert "─ text part ─" in ran.out
    assert "─ HTML part ─" in ran.out
    text, html = ran.out.split("─ HTML part ─")
    assert "Maria-Luísa O'Neil" in text
    assert "Maria-Luísa O'Neil" in html


def test_an_email_is_written_to_a_file(run_copylab, tmp_path) -> None:
    page = tmp_path / "page.html"
    ran = run_copylab(
        "render", "winback/approved_day7", "--channel", "email", "--locale", "en-US",
        "--persona", "longest", "--output", page,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert page.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype")
    assert f"wrote {page}" in ran.err


def test_open_writes_a_page_and_hands_it_to_the_browser(run_copylab, tmp_path) -> None:
    browser, seen = tmp_path / "xdg-open", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    ran = run_copylab(
        "render", "winback/approved_day7", "--channel", "email", "--locale", "en-US",
        "--persona", "longest", "--open",
        PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}", TMPDIR=str(tmp_path),
    )  # fmt: skip
    assert ran.code == 0, ran.err
    address = seen.read_text().strip()
    assert "winback.approved_day7.en-US.plain.html" in address


def test_open_is_refused_for_a_short_message(small, run_copylab) -> None:
    ran = run_copylab("render", "hello", "--open", cwd=small)
    assert ran.code == 2
    assert "--open and --output are for one e-mail" in ran.err


@pytest.mark.parametrize(
    ("settings", "charset"),
    [("sms: {profile: kr}\n", "any"), ("sms: {profile: kr}\n", "latin")],
)
def test_the_longest_is_one_that_the_route_can_carry(
    small, run_copylab, settings: str, charset: str
) -> None:
    (small / "copylab.yaml").write_text(CONFIG + settings)
    message = small / "templates/hello/message.yaml"
    message.write_text(MESSAGE.replace("charset: latin", f"charset: {charset}"))
    ran = run_copylab("render", "hello", "--persona", "longest", cwd=small)
    assert ran.code == 0, ran.err
    assert "cp949" in ran.out


def test_what_no_message_can_carry_is_one_error(small, run_copylab) -> None:
    (small / "templates/hello/sms.en-US.md").write_bytes(b"Hi \x1b {{ name }}")
    ran = run_copylab("render", "hello", "--persona", "longest", cwd=small)
    assert ran.code == 2
    assert "a fault in copylab itself" not in ran.err
    assert "ESC" in ran.err or "U+001B" in ran.err
