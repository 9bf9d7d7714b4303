"""Panels: the variants of a channel and locale as somebody gets them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.preview.page import View
from copylab.preview.pages.message import MessageShown, message_page
from copylab.preview.reading import Reader
from copylab.preview.render import render_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.panels import Card, Panel

    Look = Callable[..., MessageShown]

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIG = (
    "brand: {name: Acme}\nlocales: {default: en-US, also: [zh-CN, ar]}\nmarkets: [US]\n"
)
MESSAGE = """
purpose: transactional
live: plain
variants:
  plain: {hook: reminder}
  other: {hook: discount, tone: warm}
variables:
  name: {type: person_name, max: 8, missing: {en-US: there, zh-CN: 您, ar: صديق}}
  n: {type: int, from: days, min: 3, max: 720, missing: skip}
  unused: {type: int, min: 3, max: 720, missing: skip}
"""
PERSONAS = """
ann: {locale: en-US, name: Ann, days: 5}
bob: {locale: en-US, name: Bob, days: 5}
nobody: {days: 1000}
"""
EXPERIMENT = """
message: hello
channels: [{channel}]
status: {status}
unit: user_id
salt: {channel}.1
coverage: 100%
arms: {{plain: 45%, other: 45%, none: 10%}}
control: plain
"""
FILES = {
    "copylab.yaml": CONFIG,
    "templates/_personas.yaml": PERSONAS,
    "templates/hello/message.yaml": MESSAGE,
    "templates/hello/sms.en-US.md": "# plain\n{{ name }}, it’s {{ n }} days\n# other\nHello\n",
    "templates/hello/sms.zh-CN.md": "# plain\n{{ name }}您好\n# other\n您好\n",
    "templates/hello/sms.ar.md": "# plain\nمرحبا\n# other\nمرحبا\n",
    "templates/hello/push.en-US.md": "# plain\n## title\nHi\n## body\nHello\n"
    "# other\n## title\nHi\n## body\nHello\n",
    "experiments/running.yaml": EXPERIMENT.format(channel="sms", status="running"),
    "experiments/drafted.yaml": EXPERIMENT.format(channel="push", status="draft"),
    "experiments/over.yaml": EXPERIMENT.format(channel="sms", status="concluded"),
}


@pytest.fixture
def look(make_files: Callable[..., Path]) -> Look:
    def make(
        changed: dict[str, str] | None = None, *, is_served: bool = True, **query: str
    ) -> MessageShown:
        root = make_files(FILES)
        reader = Reader(root)
        shown = reader.read(AT)
        if changed is not None:
            make_files(changed)
            shown = reader.read(AT)
        view = View("en", "messages/hello.html", is_served=is_served, query=query)
        page = message_page(shown, view, "hello")
        assert render_page(page, view, shown)
        found = page.content["message"]
        assert isinstance(found, MessageShown)
        return found

    return make


def panel_of(message: MessageShown, anchor: str) -> Panel:
    return next(panel for panel in message.panels if panel.anchor == anchor)


def card_of(message: MessageShown, anchor: str) -> Card:
    place = anchor.rpartition(".")[0]
    return next(c for c in panel_of(message, place).cards if c.anchor == anchor)


def test_panels_go_by_channel_and_then_by_the_declared_locales(look: Look) -> None:
    anchors = [panel.anchor for panel in look().panels]
    assert anchors == ["sms.en-US", "sms.zh-CN", "sms.ar", "push.en-US"]
    assert panel_of(look(), "sms.ar").direction == "rtl"


def test_a_card_says_what_its_variant_is(look: Look) -> None:
    message = look()
    plain, other = panel_of(message, "sms.en-US").cards
    assert (plain.variant, plain.is_live, other.is_live) == ("plain", True, False)
    assert other.tags == (("hook", "discount"), ("tone", "warm"))


def test_shares_of_experiments_that_run_or_are_planned(look: Look) -> None:
    message = look()
    (share,) = card_of(message, "sms.zh-CN.plain").shares
    assert (share.experiment, share.status, share.share) == (
        "running",
        "running",
        "45%",
    )
    assert share.is_control
    (planned,) = card_of(message, "push.en-US.other").shares
    assert (planned.experiment, planned.status) == ("drafted", "draft")
    assert not planned.is_control


def test_findings_stand_at_their_variant_with_their_words(look: Look) -> None:
    message = look()
    (found,) = [
        item
        for item in card_of(message, "sms.en-US.plain").findings
        if item.finding.rule == "ucs2-forced-by-literal"
    ]
    assert (found.before, found.words, found.after) == (
        "{{ name }}, it",
        "’",
        "s {{ n }} days",
    )
    assert found.place == "templates/hello/sms.en-US.md:2:15"
    other = card_of(message, "sms.en-US.other").findings
    assert "ucs2-forced-by-literal" not in {item.finding.rule for item in other}


def test_a_finding_of_no_variant_stands_at_its_file(look: Look) -> None:
    message = look(
        {"templates/hello/sms.zh-CN.md": "stray\n# plain\n您\n# other\n好\n"}
    )
    panel = panel_of(message, "sms.zh-CN")
    assert {item.finding.rule for item in panel.findings} == {"stray-copy"}
    assert panel.worst == "error"


def test_a_finding_of_the_message_stands_at_the_message(look: Look) -> None:
    rules = {item.finding.rule for item in look().findings}
    assert "missing-translation" in rules


def test_the_persona_of_the_address_is_shown(look: Look) -> None:
    card = card_of(look(persona="ann"), "sms.en-US.plain")
    (shot,) = card.shots
    assert shot.personas == ("ann",)
    assert shot.frame.text == "Ann, it’s 5 days"  # type: ignore[union-attr]


def test_a_persona_that_does_not_exist_is_the_typical_one(look: Look) -> None:
    message = look(persona="<script>")
    assert message.persona == "typical"
    assert [choice.name for choice in message.personas if choice.is_chosen] == [
        "typical"
    ]


def test_files_hold_what_each_persona_gets_once(look: Look) -> None:
    message = look(is_served=False)
    names = {choice.name for choice in message.personas}
    assert {"ann", "bob", "nobody", "typical", "longest"} <= names
    for panel in message.panels:
        assert {values.persona for values in panel.values} == names
        for card in panel.cards:
            held = [name for shot in card.shots for name in shot.personas]
            assert sorted(held) == sorted(names)
            frames = [shot.frame for shot in card.shots]
            assert len(frames) == len(set(frames))
            assert "typical" in card.shots[0].personas
    assert len(card_of(message, "sms.ar.plain").shots) == 1


def test_values_are_those_that_the_words_refer_to(look: Look) -> None:
    (values,) = panel_of(look(persona="nobody"), "sms.en-US").values
    assert values.persona == "nobody"
    name, n = values.values
    assert (name.variable, name.given, name.used, name.action) == (
        "name",
        "",
        "there",
        "use",
    )
    assert (n.variable, n.given, n.action) == ("n", "1000", "skip")


def test_words_that_broke_stand_beside_those_that_could_last_be_read(
    look: Look,
) -> None:
    broken = "# plain\n{{ name | bogus }}\n# other\nHello\n"
    message = look({"templates/hello/sms.en-US.md": broken}, persona="ann")
    assert not message.is_past
    card = card_of(message, "sms.en-US.plain")
    assert card.is_past
    assert card.problems == ("there is no filter 'bogus'",)
    assert card.shots[0].frame.text == "Ann, it’s 5 days"  # type: ignore[union-attr]
    assert "unknown-filter" in {item.finding.rule for item in card.findings}
    assert not card_of(message, "sms.en-US.other").is_past


def test_words_that_were_never_whole_are_told_in_their_place(look: Look) -> None:
    root_files = {
        "templates/hello/sms.fr-FR.md": "# plain\n{{ x | bogus }}\n# other\nA\n"
    }
    card = card_of(look(root_files), "sms.fr-FR.plain")
    (shot,) = card.shots
    assert shot.frame.kind == "none"
    assert shot.frame.why == "broken"  # type: ignore[union-attr]


def test_a_message_that_broke_altogether_is_shown_as_it_last_was(look: Look) -> None:
    message = look({"templates/hello/message.yaml": "live: [\n"}, persona="ann")
    assert message.is_past
    assert message.findings
    assert all(card.is_past for panel in message.panels for card in panel.cards)
    frame = card_of(message, "sms.en-US.plain").shots[0].frame
    assert frame.text == "Ann, it’s 5 days"  # type: ignore[union-attr]


def test_words_of_a_file_that_went_bad_are_still_there(look: Look) -> None:
    message = look({"templates/hello/sms.zh-CN.md": "\x00"})
    assert "sms.zh-CN" in [panel.anchor for panel in message.panels]
