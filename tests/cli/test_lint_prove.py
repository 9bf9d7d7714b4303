"""``copylab lint --prove``: a sheet that a compliance officer can file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from copylab.workspace import load

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "brand: {name: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
MESSAGE = """\
purpose: marketing
live: plain
variants: {plain: {}, coupon: {}}
variables:
  stage: {type: enum, values: [new, repaid], missing: new}
  name: {type: text, max: 12, charset: gsm7, missing: there}
"""
WORDS = """\
# plain
Example: hi {{ name }}{% if stage == 'repaid' %}, thank you{% endif %}. Reply STOP to opt out
# coupon
Example: hi{% if stage == 'repaid' %}. Reply STOP to opt out{% endif %}
"""


@pytest.fixture
def shop(make_files) -> Path:
    return make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/hello/message.yaml": MESSAGE,
            "templates/hello/sms.en-US.md": WORDS,
        }
    )


def test_the_sheet_has_rule_branches_renderings_and_hash(shop, run_copylab) -> None:
    ran = run_copylab("lint", "--prove", "opt-out", cwd=shop)
    assert ran.code == 1
    plain, coupon = ran.out.split("1. hello")[1].split("2. hello")
    assert "PROVED: nothing is wrong on 2 of 2 branches" in plain
    assert plain.count("has 'Reply STOP'") == 2
    assert "body, branch 2 of 2 (stage = " in plain
    hashes = load(shop).copy_hashes
    assert f"content {hashes['hello', 'sms', 'en-US', 'plain']}" in plain
    assert "FAILS: this branch has no opt-out for US" in coupon
    assert coupon.count("has 'Reply STOP'") == 1
    assert "SMS040 optout-missing" in ran.out
    assert "2 texts: 1 proved, 1 fails" in ran.out


@pytest.mark.parametrize(
    ("words", "verdicts"),
    [
        ("Example: hi", ["proved", "proved"]),
        ("Reply STOP to opt out", ["proved", "fails"]),
        ("STOP", ["proved", "fails"]),
        ("thank you", ["fails", "fails"]),
    ],
)
def test_words_of_ones_own_are_proved_on_every_output(
    shop, run_copylab, words: str, verdicts: list[str]
) -> None:
    ran = run_copylab("lint", "--prove", words, "--format", "json", cwd=shop)
    sheet = json.loads(ran.out)
    assert [text["verdict"] for text in sheet["texts"]] == verdicts
    assert ran.code == int("fails" in verdicts)


def test_words_in_a_value_prove_nothing(shop, run_copylab) -> None:
    sms = shop / "templates/hello/sms.en-US.md"
    sms.write_text("# plain\nx {{ name }}\n# coupon\nx {{ name }}\n")
    ran = run_copylab("lint", "--prove", "say hello", "--format", "json", cwd=shop)
    assert {text["verdict"] for text in json.loads(ran.out)["texts"]} == {"fails"}


def test_a_rule_can_be_proved_by_name_or_code(shop, run_copylab) -> None:
    for name in ("segments-exceed", "SMS001"):
        ran = run_copylab("lint", "--prove", name, cwd=shop)
        assert ran.code == 0, ran.out
        assert ran.out.count("PROVED") == 2


def test_a_text_that_cannot_be_read_is_not_proved(shop, run_copylab) -> None:
    sms = shop / "templates/hello/sms.en-US.md"
    sms.write_text("# plain\nhi {% if %}\n# coupon\nhi. Reply STOP to opt out")
    ran = run_copylab("lint", "--prove", "opt-out", cwd=shop)
    assert ran.code == 1
    assert "NOT READ" in ran.out
    assert "1 proved" in ran.out


def test_too_many_branches_are_said_to_be_too_many(shop, run_copylab) -> None:
    names = [f"b{number}" for number in range(14)]
    declared = "".join(f"  {name}: {{type: bool, missing: false}}\n" for name in names)
    message = shop / "templates/hello/message.yaml"
    message.write_text(MESSAGE + declared)
    ifs = "".join(f"{{% if {name} %}}{name}{{% endif %}}" for name in names)
    sms = shop / "templates/hello/sms.en-US.md"
    sms.write_text(f"# plain\n{ifs} Reply STOP to opt out\n# coupon\nReply STOP\n")
    ran = run_copylab("lint", "--prove", "opt-out", cwd=shop)
    assert "too many to walk" in ran.out
    ran = run_copylab("lint", "--prove", "Reply STOP", "--format", "json", cwd=shop)
    assert {text["verdict"] for text in json.loads(ran.out)["texts"]} == {"proved"}


def test_markdown_shows_the_copy_as_it_is(shop, run_copylab) -> None:
    sms = shop / "templates/hello/sms.en-US.md"
    sms.write_text("# plain\n<b> [x](y). Reply STOP to opt out\n# coupon\nReply STOP\n")
    ran = run_copylab("lint", "--prove", "opt-out", "--format", "markdown", cwd=shop)
    assert "\n    <b> [x](y). Reply STOP to opt out\n" in ran.out
    assert ran.out.startswith("# Proof sheet: opt-out\n")


def test_an_unknown_rule_gets_a_hint(shop, run_copylab) -> None:
    ran = run_copylab("lint", "--prove", "optout-mising", cwd=shop)
    assert ran.code == 2
    assert "optout-missing" in ran.err


def test_blank_words_prove_nothing(shop, run_copylab) -> None:
    ran = run_copylab("lint", "--prove", " ", cwd=shop)
    assert ran.code == 2
    assert "--prove needs a topic, a rule or words" in ran.err


def test_the_sample_is_proved_to_offer_its_opt_out(run_copylab) -> None:
    ran = run_copylab("lint", "--prove", "opt-out", "--format", "json")
    assert ran.code == 0
    verdicts = {text["verdict"] for text in json.loads(ran.out)["texts"]}
    assert verdicts <= {"proved", "does not apply"}


@pytest.mark.parametrize(
    ("asked", "coloured"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours_are_as_the_environment_asks(run_copylab, asked, coloured) -> None:
    """The printer of no command decides: the frame around all of them does."""
    env = {"NO_COLOR": "", "FORCE_COLOR": ""} | asked
    path = "templates/winback/approved_day7/sms.zh-CN.md"
    ran = run_copylab("lint", "--prove", "opt-out", path, **env)
    assert ran.code == 0
    assert ("\x1b[" in ran.out) == coloured
