"""What variants give a user, and the findings on the words that they print."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.compose.result import Rejected, Skipped
from copylab.preview.trying.outcome import Trying, prepare_trying
from copylab.preview.trying.users import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.shown import Shown
    from copylab.preview.trying.outcome import TriedVariant

USER = {
    "name": "Ann",
    "days": 45,
    "stage": "repaid",
    "limit": 60000,
    "link": "abc",
    "code": "4711",
    "app_installed": True,
    "note": "gold",
}


def prepare(shown: Shown, channel: str = "sms") -> Trying:
    message = shown.workspace.messages["hello"]
    found = shown.findings_of("hello")
    place = Place(channel, "en-US")
    return prepare_trying(shown.workspace, message, place, shown.report, found)


def tried(shown: Shown, channel: str = "sms", **values: object) -> TriedVariant:
    return prepare(shown, channel).try_variant("plain", {**USER, **values})


def body(variant: TriedVariant) -> str:
    return "".join(piece.text for piece in variant.fields[0].pieces)


def marked(variant: TriedVariant) -> dict[str, str]:
    """By rule, the words that the rendered text marks."""
    numbers = {told.number: told.finding.rule for told in variant.told}
    found: dict[str, str] = {}
    for field in variant.fields:
        text = ""
        for piece in field.pieces:
            text = text + piece.text if piece.severity else ""
            for number in piece.numbers:
                found[numbers[number]] = text
    return found


def test_outcomes_are_those_of_compose(hello: Shown) -> None:
    workspace = hello.workspace
    at = datetime(2026, 11, 22, tzinfo=UTC)
    states = set()
    users = [*workspace.personas.values(), USER, {**USER, "limit": "a lot"}]
    for channel in ("sms", "push", "email"):
        trying = prepare(hello, channel)
        for user in users:
            composed = workspace.compose(
                "hello", user, channel=channel, at=at, locale="en-US"
            )
            found = trying.try_variant("plain", user)
            states.add(found.state)
            if isinstance(composed, Skipped | Rejected):
                assert found.problems == composed.problems
                assert found.reason == composed.reason
                kind = "skipped" if isinstance(composed, Skipped) else "rejected"
                assert found.state == kind
            else:
                assert found.state == "sent"
                assert found.frame is not None
                if channel == "sms":
                    assert body(found) == composed.to_dict()["text"]
    assert states == {"sent", "skipped", "rejected"}


def test_a_finding_stands_on_its_words_in_the_text_and_in_the_file(
    hello: Shown,
) -> None:
    found = tried(hello)
    assert marked(found)["public-shortener"] == "http://bit.ly/"
    (told,) = [t for t in found.told if t.finding.rule == "public-shortener"]
    assert told.finding.help
    assert told.authority or told.source
    assert told.holds == told.finding.message
    (line,) = [
        line
        for line in found.lines
        if any(told.number in piece.numbers for piece in line.pieces)
    ]
    assert line.number == told.finding.line
    pointed = [piece.text for piece in line.pieces if piece.severity]
    assert "http://bit.ly/free" in "".join(pointed)


def test_a_finding_on_words_that_other_values_print_is_counted_only(
    hello: Shown,
) -> None:
    here, there = tried(hello), tried(hello, stage="approved")
    rules = {told.finding.rule for told in here.told}
    assert rules - {told.finding.rule for told in there.told} >= {"public-shortener"}
    assert here.elsewhere == 0
    on_words = [told for told in here.told if not told.is_whole]
    about = [told for told in on_words if "bit.ly" in told.finding.message]
    assert there.elsewhere == len(about) > 1


def test_marks_follow_values_of_any_length(hello: Shown) -> None:
    for name in ("Bo", "Maximilian", "𠮷𡈽", "é"):
        found = tried(hello, name=name)
        assert marked(found)["public-shortener"] == "http://bit.ly/"
        assert name in body(found)


def test_what_only_a_value_brings_in_is_told_on_the_value(hello: Shown) -> None:
    trying = prepare(hello)
    clean = trying.try_variant("loud", {**USER, "note": "gold"})
    leaky = trying.try_variant("loud", {**USER, "note": "{{ days }}"})
    assert not any(told.is_exact for told in clean.told)
    (told,) = [told for told in leaky.told if told.is_exact]
    assert told.finding.rule == "placeholder-leak"
    assert marked(leaky)["placeholder-leak"] == "{{ days }}"


def test_the_frame_marks_the_same_words(hello: Shown) -> None:
    found = tried(hello)
    assert found.frame is not None
    assert found.frame.kind == "sms"
    pieces = [
        piece
        for part in found.frame.gateways[0].parts  # type: ignore[union-attr]
        for piece in part.pieces
    ]
    shown = "".join(p.text for p in pieces if {"error", "warning"} & set(p.kinds))
    assert "http://bit.ly/free" in shown
    assert any("SMS030" in piece.note for piece in pieces)


def test_the_gravest_finding_comes_first_and_all_are_numbered(hello: Shown) -> None:
    told = tried(hello).told
    order = {"error": 0, "warning": 1, "info": 2}
    grades = [order[item.finding.severity] for item in told]
    assert grades == sorted(grades)
    assert [item.number for item in told] == list(range(1, len(told) + 1))


def test_words_that_cannot_be_read_are_broken_and_say_why(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    files["templates/hello/sms.en-US.md"] = "# plain\nHi {{ nobody }}\n# loud\nHi\n"
    found = tried(show(make_files(files)))
    assert found.state == "broken"
    assert "nobody" in " ".join(found.problems)
    assert any("nobody" in told.finding.message for told in found.told)


def test_a_suppressed_rule_is_not_told_of_exactly_this_text(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    files["copylab.yaml"] += "lint: {rules: {placeholder-leak: off}}\n"
    shown = show(make_files(files))
    found = prepare(shown).try_variant("loud", {**USER, "note": "{{ days }}"})
    assert not any(told.is_exact for told in found.told)


def test_an_opt_out_that_a_variable_holds_is_not_told_to_be_missing(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    """In exactly this text a variable is no variable."""
    files["copylab.yaml"] += (
        "email: {unsubscribe: leave, from: Sample <hi@example.com>}\n"
    )
    files["templates/hello/message.yaml"] = (
        "purpose: marketing\nlive: plain\nlocales: [en-US]\nvariants: {plain: {}}\n"
        "variables:\n  leave: {type: url, base: 'https://example.com/u/', max: 40}\n"
    )
    for channel in ("push", "sms"):
        del files[f"templates/hello/{channel}.en-US.md"]
    files["templates/hello/email.en-US.md"] = (
        "## subject\nNews for you today\n## body\nAll news. [Unsubscribe]({{ leave }})\n"
    )
    shown = show(make_files(files))
    found = tried(shown, "email", leave="abc")
    assert found.state == "sent"
    assert "unsubscribe-missing" not in {told.finding.rule for told in found.told}


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        "\x00",
        "a\u202eb",
        "x" * 10_000,
        "\"'`&",
        "\r\nBcc: a@b",
        "\ud800",
        "🇨🇳👨‍👩‍👧",
    ],
)
@pytest.mark.parametrize("channel", ["sms", "push", "email"])
def test_no_value_stops_it(hello: Shown, channel: str, value: str) -> None:
    message = hello.workspace.messages["hello"]
    user = {variable.source: value for variable in message.variables.values()}
    for variant in ("plain", "loud"):
        found = prepare(hello, channel).try_variant(variant, user)
        assert found.state in {"sent", "skipped", "rejected"}
        if found.state != "sent":
            assert found.problems
