"""Each way to find what a rule of a pack is about, by packs as teams write them."""

from __future__ import annotations

import itertools
from datetime import date
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.lint.detect.frequency import most_in
from copylab.lint.detect.hours import merge, minutes_of
from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.lint.report import Report

MESSAGE = """\
purpose: marketing
live: plain
variables:
  rate: {type: percent, min: 3, max: 24, decimals: 1, missing: skip}
  code: {type: text, max: 6, charset: digits, missing: skip}
"""
CONFIG = """\
brand: {{name: Example, signature: Example}}
markets: [{markets}]
industry: {industry}
{sending}
lint: {{packs: [own.yaml]}}
"""


@pytest.fixture
def found(make_files: Callable[..., Path]) -> Callable[..., Report]:
    """The report of one rule about one short message."""

    def run(
        entry: str,
        copy: str = "Example: hello. Reply STOP to opt out",
        *,
        sending: str = "",
        markets: str = "US",
        industry: str = "lending",
        sequence: str = "",
        as_of: date | None = date(2026, 11, 22),
    ) -> Report:
        head = "- name: acme\n  code: ACME1\n  severity: error\n  help: mend it\n"
        body = indent(entry, "  ")
        config = CONFIG.format(markets=markets, industry=industry, sending=sending)
        root = make_files(
            {
                "own.yaml": f"rules:\n{head}{body}\n",
                "copylab.yaml": config,
                "templates/hi/message.yaml": MESSAGE + sequence,
                "templates/hi/sms.en-US.md": f"# plain\n{copy}\n",
            }
        )
        workspace = open_workspace(root)
        return lint_catalog(workspace, select=["acme"], as_of=as_of)

    return run


def said(report: Report) -> list[str]:
    others = [f for f in report.findings if f.rule != "acme" and f.severity == "error"]
    assert not others
    return [item.message for item in report.findings if item.rule == "acme"]


FIRST = "kind: position\nplace: first\npatterns: ['Example:']\nmessage: not first"
LAST = (
    "kind: position\nplace: last\npatterns: ['STOP to opt out\\.?']\nmessage: not last"
)


@pytest.mark.parametrize(
    ("entry", "copy", "messages"),
    [
        (FIRST, "Example: hi", []),
        (FIRST, "Hi from Example: you", ["not first"]),
        (FIRST, "{% if rate > 5 %}Example: hi{% else %}hi{% endif %}", ["not first"]),
        (FIRST, "{{ code }}Example: hi", ["not first"]),
        (LAST, "Example: hi. Reply STOP to opt out.", []),
        (LAST, "Reply STOP to opt out. Example: hi", ["not last"]),
        (LAST, "Example: hi. Reply STOP to opt out {{ code }}", ["not last"]),
    ],
)
def test_words_stand_first_or_last_on_every_branch(
    found: Any, entry: str, copy: str, messages: list[str]
) -> None:
    assert said(found(entry, copy)) == messages


RATE = """\
kind: numeric
patterns: ['rate\\s{number}%']
above: 20
message: "{match} % is too much"
"""


@pytest.mark.parametrize(
    ("copy", "messages"),
    [
        ("at a rate 7.2%", []),
        ("at a rate 20%", []),
        ("at a rate 20.1%", ["20.1 % is too much"]),
        ("rate 7%, then rate 30%", ["30 % is too much"]),
        ("at a rate {{ rate | number }}%", ["24 % is too much"]),
        ("at a rate {{ code }}%", []),  # a text: what it says is not known
        ("{% if rate < 9 %}rate 9%{% else %}rate 21%{% endif %}", ["21 % is too much"]),
    ],
)
def test_a_number_is_compared_over_all_that_a_value_can_be(
    found: Any, copy: str, messages: list[str]
) -> None:
    assert said(found(RATE, copy)) == messages


def test_a_number_can_be_too_low(found: Any) -> None:
    entry = "kind: numeric\npatterns: ['{number} days']\nbelow: 61\nmessage: '{match}'"
    assert said(found(entry, "over 60 days")) == ["60"]
    assert said(found(entry, "over 61 days")) == []


def test_a_text_is_no_longer_than_a_limit_with_its_longest_values(found: Any) -> None:
    entry = "kind: length\nmax_characters: 16\nmessage: '{match} characters'"
    assert said(found(entry, "Example: {{ code }}")) == []
    assert said(found(entry, "Example:  {{ code }}!")) == ["17 characters"]


CONSENT = "kind: metadata\nkey: consent\nmessage: consent is {match}"


@pytest.mark.parametrize(
    ("sending", "messages", "unchecked"),
    [
        ("", [], ["sending.consent"]),
        ("sending: {consent: opt_in}", [], []),
        ('sending: {consent: ""}', ["consent is nothing"], []),
        ("sending: {consent: none}", ["consent is nothing"], []),
        ("sending: {consent: }", ["consent is nothing"], []),
        ("sending: {by_market: {US: {consent: none}}}", ["consent is nothing"], []),
        ("sending: {by_market: {CN: {consent: opt_in}}}", [], ["sending.consent"]),
    ],
)
def test_what_is_empty_is_a_finding_and_what_is_unknown_is_not_checked(
    found: Any, sending: str, messages: list[str], unchecked: list[str]
) -> None:
    report = found(CONSENT, sending=sending)
    assert said(report) == messages
    assert [key for key, _ in report.unchecked] == unchecked
    if unchecked:
        assert report.undeclared == ("sending.consent is not declared: ACME1",)
    elif messages:
        (finding,) = report.findings
        assert (finding.file, finding.line) == ("copylab.yaml", 4)


def test_what_is_declared_is_held_to_words_and_forms(found: Any) -> None:
    entry = "kind: metadata\nkey: sender\nmessage: '{match}'\n"
    for more, good, bad in (
        ("accept: [direct]", "direct", "tencent"),
        ("refuse: [tencent]", "direct", "Tencent"),
        ("form: '[A-Z]{6}'", "ABCDEF", "AB-DEF"),
    ):
        assert said(found(entry + more, sending=f"sending: {{sender: {good}}}")) == []
        report = found(entry + more, sending=f"sending: {{sender: {bad}}}")
        assert said(report) == [bad.lower()]


DAYTIME = """\
kind: send_window
message: "{match} is too wide"
windows:
- {hours: "09:00-21:00", days: [mon, tue, wed, thu, fri, sat]}
- {hours: "12:00-21:00", days: [sun]}
"""


@pytest.mark.parametrize(
    ("sending", "messages", "unchecked"),
    [
        ("", [], ["sending.window"]),
        ('sending: {window: "12:00-20:00"}', [], []),
        ('sending: {window: "10:00-20:00"}', [], ["sending.days"]),
        ('sending: {window: "10:00-20:00", days: [mon, sat]}', [], []),
        (
            'sending: {window: "10:00-20:00", days: [sun]}',
            ["10:00-20:00 is too wide"],
            [],
        ),
        ('sending: {window: "08:00-20:00"}', ["08:00-20:00 is too wide"], []),
        ('sending: {window: "20:00-10:00"}', ["20:00-10:00 is too wide"], []),
        ('sending: {window: "noon"}', [], ["sending.window"]),
    ],
)
def test_hours_lie_in_the_window_of_each_day(
    found: Any, sending: str, messages: list[str], unchecked: list[str]
) -> None:
    report = found(DAYTIME, sending=sending)
    assert said(report) == messages
    keys = [key for key, _ in report.unchecked]
    assert keys == (unchecked if not messages else keys)


def test_the_steps_of_a_sequence_are_what_is_sent(found: Any) -> None:
    steps = (
        "sequence:\n"
        '- {after: 0d, channel: push, window: "02:00-03:00"}\n'
        '- {after: 4h, channel: sms, window: "13:00-22:00"}\n'
    )
    report = found(DAYTIME, sequence=steps)
    assert said(report) == ["13:00-22:00 is too wide"]
    (finding,) = report.findings
    assert finding.file == "templates/hi/message.yaml"


def test_the_strictest_window_counts_where_the_state_is_unknown(found: Any) -> None:
    entry = DAYTIME + "regions: [TX]\n"
    window = 'window: "08:00-20:00"'
    wide = ["08:00-20:00 is too wide"]
    assert said(found(entry, sending=f"sending: {{{window}}}")) == wide
    assert said(found(entry, sending=f"sending: {{{window}, states: [TX]}}")) == wide
    assert said(found(entry, sending=f"sending: {{{window}, states: [CA]}}")) == []


BY_STATE = """\
kind: send_window
message: "{match} is too wide"
windows:
- {hours: "08:00-20:00", regions: [FL, OK]}
- {hours: "09:00-21:00", days: [mon, tue, wed, thu, fri, sat], regions: [TX]}
- {hours: "12:00-21:00", days: [sun], regions: [TX]}
"""
REST = '- {hours: "10:00-18:00"}\n'


@pytest.mark.parametrize(
    ("entry", "sending", "messages", "unchecked"),
    [
        (BY_STATE, 'window: "14:00-19:00"', [], []),
        (BY_STATE, 'window: "10:00-19:00"', [], ["sending.days"]),
        (BY_STATE, 'window: "10:00-19:00", days: [mon, tue]', [], []),
        (BY_STATE, 'window: "14:00-20:30"', ["14:00-20:30 (FL, OK) is too wide"], []),
        (BY_STATE, 'window: "14:00-20:30", states: [tx]', [], []),
        (BY_STATE, 'window: "08:00-22:00", states: [CA, NY]', [], []),
        (BY_STATE, "states: [CA, NY]", [], []),
        (BY_STATE, "states: [CA, TX]", [], ["sending.window"]),
        (
            BY_STATE,
            'window: "08:30-21:30"',
            ["08:30-21:30 (FL, OK, TX) is too wide"],
            [],
        ),
        (
            BY_STATE,
            'window: "08:30-19:00", states: [TX, FL]',
            ["08:30-19:00 (TX) is too wide"],
            [],
        ),
        (BY_STATE + REST, 'window: "08:30-19:00", states: [FL]', [], []),
        (
            BY_STATE + REST,
            'window: "08:30-19:00", states: [FL, CA]',
            ["08:30-19:00 is too wide"],
            [],
        ),
    ],
)
def test_each_state_has_its_hours(
    found: Any, entry: str, sending: str, messages: list[str], unchecked: list[str]
) -> None:
    report = found(entry, sending=f"sending: {{{sending}}}")
    assert said(report) == messages
    keys = [key for key, _ in report.unchecked]
    assert keys == (unchecked if not messages else keys)


BY_GATEWAY = """\
kind: send_window
message: "{match} is too wide"
windows:
- {hours: "08:00-20:00"}
- {hours: "08:00-21:00", providers: [Huawei]}
- {hours: "09:00-18:00", providers: [baidu]}
"""


@pytest.mark.parametrize(
    ("sending", "told"),
    [
        ('window: "08:00-21:00", provider: huawei', 0),
        ('window: "08:00-21:30", provider: Huawei', 1),
        ('window: "08:00-20:00", provider: qiniu', 0),
        ('window: "08:00-21:00", provider: qiniu', 1),
        ('window: "08:00-20:00", provider: baidu', 1),
        ('window: "08:00-20:00", provider: [huawei, baidu]', 1),
        ('window: "08:00-20:00", provider: [huawei, qiniu]', 0),
        ('window: "08:00-21:00", provider: [huawei, qiniu]', 1),
        ('window: "08:00-21:00"', 1),
        ('window: "09:00-18:00"', 0),
        ('window: "08:00-21:00", by_market: {US: {provider: huawei}}', 0),
    ],
)
def test_each_gateway_has_its_hours_and_the_strictest_count_where_none_is_named(
    found: Any, sending: str, told: int
) -> None:
    report = found(BY_GATEWAY, sending=f"sending: {{{sending}}}")
    assert len(said(report)) == told


def test_all_words_of_some_have_to_be_declared(found: Any) -> None:
    entry = "kind: metadata\nkey: words\nall_of: [stop, opt out]\nmessage: 'no {match}'"
    for value, messages in (
        ("[STOP, END, OPT-OUT]", []),
        ("[optout, stop]", []),
        ("[STOP]", ["no opt out"]),
        ("STOP", ["no opt out"]),
        ('""', ["no stop, opt out"]),
    ):
        assert said(found(entry, sending=f"sending: {{words: {value}}}")) == messages
    assert [key for key, _ in found(entry).unchecked] == ["sending.words"]


def test_public_holidays_are_asked_for(found: Any) -> None:
    entry = DAYTIME + "closed_on_holidays: true\n"
    window = 'window: "12:00-20:00"'
    report = found(entry, sending=f"sending: {{{window}}}")
    assert [key for key, _ in report.unchecked] == ["sending.holidays"]
    for word, messages in (
        ("closed", []),
        ("open", ["public holidays is too wide"]),
    ):
        report = found(entry, sending=f"sending: {{{window}, holidays: {word}}}")
        assert said(report) == messages
        assert not report.unchecked


OFTEN = "kind: frequency\nmax_messages: 2\nper_hours: 24\nmessage: '{match}'"


@pytest.mark.parametrize(
    ("frequency", "messages"),
    [
        ("2/24h", []),
        ("2/d", []),
        ("3/24h", ["3/24h"]),
        ("1/8h", ["1/8h"]),
        ("3/w", ["3/w"]),
    ],
)
def test_no_more_messages_than_may_be_sent(
    found: Any, frequency: str, messages: list[str]
) -> None:
    report = found(OFTEN, sending=f'sending: {{frequency: "{frequency}"}}')
    assert said(report) == messages
    assert not report.unchecked


def test_the_steps_of_a_sequence_are_counted(found: Any) -> None:
    steps = "".join(f"- {{after: {h}h, channel: sms}}\n" for h in (0, 8, 23))
    report = found(OFTEN, sequence="sequence:\n" + steps)
    assert said(report) == ["3 steps in 23 hours"]
    assert [key for key, _ in report.unchecked] == ["sending.frequency"]


CLOSED = """\
kind: channel
industries: [lending]
key: provider
accept: [direct]
message: "{match} refuses loans"
"""


@pytest.mark.parametrize(
    ("sending", "severities"),
    [
        ("", ["warning"]),
        ("sending: {provider: tencent}", ["error"]),
        ("sending: {provider: direct}", []),
        ("sms: {profile: {US: us-twilio}}", ["error"]),
        ("sms: {profile: us-twilio}\nsending: {provider: direct}", []),
    ],
)
def test_a_channel_is_closed_until_what_opens_it_is_declared(
    found: Any, sending: str, severities: list[str]
) -> None:
    report = found(CLOSED, sending=sending)
    assert [item.severity for item in report.findings] == severities
    assert {item.file for item in report.findings} <= {"copylab.yaml"}
    assert not found(CLOSED, sending=sending, industry="retail").findings


def test_a_channel_that_is_closed_to_words_is_told_of_where_they_stand(
    found: Any,
) -> None:
    entry = CLOSED.replace("{match} refuses", "'{match}' is of") + "patterns: [hello]\n"
    copy = (
        "Example: {% if rate > 5 %}hello{% else %}hi{% endif %}. Reply STOP to opt out"
    )
    report = found(entry, copy, sending="sending: {provider: tencent}")
    (finding,) = [item for item in report.findings if item.rule == "acme"]
    assert finding.message == "'hello' is of loans"
    assert (finding.file, finding.line) == ("templates/hi/sms.en-US.md", 2)
    assert said(found(entry, "Example: hi. Reply STOP to opt out")) == []
    assert said(found(entry, copy, sending="sending: {provider: direct}")) == []


def test_a_rule_of_a_union_binds_its_members_but_those_with_their_own(
    found: Any,
) -> None:
    entry = (
        "kind: must_not_contain\npatterns: [hello]\nmessage: said\n"
        "markets: [EU]\nbut_not: [FR]\n"
    )
    assert said(found(entry, markets="DE")) == ["said"]
    assert said(found(entry, markets="FR")) == []
    assert said(found(entry, markets="FR, ES")) == ["said"]
    assert said(found(entry, markets="GB")) == []


def test_a_gateways_rule_applies_where_it_is_named(found: Any) -> None:
    entry = (
        "kind: must_not_contain\npatterns: [hello]\nmessage: said\n"
        "providers: [tencent]\n"
    )
    assert said(found(entry)) == []
    assert said(found(entry, sending="sending: {provider: tencent}")) == ["said"]


def test_only_what_the_metadata_say_makes_a_rule_one_about_a_message(
    found: Any,
) -> None:
    entry = (
        "kind: must_not_contain\npatterns: [hello]\nmessage: said\n"
        "only_with: {role: [broker]}\n"
    )
    assert said(found(entry)) == []
    assert said(found(entry, sending="sending: {role: lender}")) == []
    assert said(found(entry, sending="sending: {role: broker}")) == ["said"]


def test_what_the_metadata_say_frees_a_message_of_a_rule(found: Any) -> None:
    entry = (
        "kind: must_not_contain\npatterns: [hello]\nmessage: said\n"
        "but_with: {licences: [bank], agreed: ['true']}\n"
    )
    assert said(found(entry)) == ["said"]
    assert said(found(entry, sending="sending: {licences: moneylender}")) == ["said"]
    assert said(found(entry, sending="sending: {licences: [shop, Bank]}")) == []
    assert said(found(entry, sending="sending: {agreed: true}")) == []
    by_market = "sending: {by_market: {CN: {licences: bank}}}"
    assert said(found(entry, sending=by_market)) == ["said"]


def test_the_addresses_of_url_variables_can_be_hits_of_a_rule_on_links(
    found: Any,
) -> None:
    entry = "kind: must_not_contain\npatterns: ['https?://']\nmessage: '{match}'\n"
    link = '  go: {type: url, base: "https://s.example.com/", max: 30, missing: skip}\n'
    copy = "Example: see {{ go }}. Reply STOP to opt out"
    assert said(found(entry, copy, sequence=link)) == []
    assert said(found(entry + "links: true\n", copy, sequence=link)) == [
        "s.example.com"
    ]
    plain = "Example: see our shop. Reply STOP to opt out"
    assert said(found(entry + "links: true\n", plain, sequence=link)) == []


def test_of_several_fields_the_first_that_a_channel_has_is_looked_at(
    found: Any,
) -> None:
    entry = FIRST + "\nfields: [subject, title, body]\n"
    assert said(found(entry, "Example: hi")) == []
    assert said(found(entry, "Hi from Example: you")) == ["not first"]


def test_a_channel_that_a_licence_opens_names_what_is_not_declared(found: Any) -> None:
    entry = (
        "kind: channel\nkey: licences\naccept: [bank]\nindustries: [lending]\n"
        "message: 'closed: {match}'\n"
    )
    (finding,) = found(entry).findings
    assert (finding.message, finding.severity) == (
        "closed: no declared licences",
        "warning",
    )
    assert said(found(entry, sending="sending: {licences: ''}")) == ["closed: nothing"]
    assert said(found(entry, sending="sending: {licences: bank}")) == []


@pytest.mark.parametrize(
    ("day", "messages"),
    [
        (date(2026, 11, 30), []),
        (date(2026, 12, 1), ["said"]),
        (date(2027, 6, 30), ["said"]),
        (date(2027, 7, 1), []),
    ],
)
def test_a_rule_binds_on_the_days_of_its_force(
    found: Any, day: date, messages: list[str]
) -> None:
    entry = (
        "kind: must_not_contain\npatterns: [hello]\nmessage: said\n"
        "effective_from: 2026-12-01\neffective_until: 2027-06-30\n"
    )
    assert said(found(entry, as_of=day)) == messages


@given(
    st.lists(
        st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(
            lambda pair: pair[0] < pair[1]
        )
    )
)
def test_merged_windows_cover_the_same_minutes_and_do_not_touch(
    windows: list[tuple[int, int]],
) -> None:
    merged = merge(windows)
    minutes = {m for first, last in windows for m in range(first, last)}
    assert {m for first, last in merged for m in range(first, last)} == minutes
    assert all(one[1] < two[0] for one, two in itertools.pairwise(merged))


def test_a_window_over_midnight_is_two() -> None:
    assert minutes_of("22:00-06:00") == [(1320, 1440), (0, 360)]
    assert minutes_of("22:00-24:00") == [(1320, 1440)]
    assert minutes_of("9-21") == []


@given(st.integers(1, 99), st.integers(1, 30), st.integers(1, 400))
def test_the_most_in_a_time_is_never_below_what_whole_periods_hold(
    count: int, days: int, hours: int
) -> None:
    most = most_in(f"{count}/{days}d", hours)
    assert most is not None
    assert most >= count
    assert most >= count * (hours // (24 * days))
    assert most <= count * (hours // (24 * days) + 1)
