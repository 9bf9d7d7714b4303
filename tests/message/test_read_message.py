"""Message folders: ``message.yaml`` and its copy files together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copylab.findings import Finding
from copylab.message.model import Message
from copylab.message.read import copy_key, explain_copy_name

ReadMessage = Callable[..., tuple[Message | None, list[Finding]]]
GOOD = """\
purpose: marketing
live: plain
variants: {plain: {hook: reminder}, coupon: {hook: discount, tone: warm}}
variables: {name: {type: person_name, max: 8}}
sequence:
  - {after: 0d, channel: push, window: "11:00-12:00"}
  - {after: 4h, channel: sms, unless: click}
"""
WORDS = "# plain\nA\n# coupon\nB\n"


def test_a_message_is_read(read_it: ReadMessage) -> None:
    message, findings = read_it(GOOD, sms_zh__CN=WORDS, sms_en__US=WORDS)
    assert findings == []
    assert message is not None
    assert message.variants["coupon"] == {"hook": "discount", "tone": "warm"}
    assert message.channels == ("sms",)
    assert [step.channel for step in message.sequence] == ["push", "sms"]
    assert message.markets.at("zh-CN") == ("CN",)
    assert message.brand.at("en-US") == {"name": "X", "signature": "S"}
    assert message.industry_at("en-US") == "lending"
    assert message.places["live"].line == 2
    assert message.places["variants.coupon"].column == 37


def test_a_copy_is_found_along_the_parents_of_a_locale(read_it: ReadMessage) -> None:
    message, _ = read_it(GOOD, sms_zh__CN=WORDS, sms_en=WORDS)
    assert message is not None
    found = message.find_copy("sms", "zh-Hans-CN")
    assert found is not None
    assert found.locale == "zh-CN"
    english = message.find_copy("sms", "en-GB")
    assert english is not None
    assert english.locale == "en"
    assert message.find_copy("sms", "fr-FR") is None
    assert message.find_copy("push", "zh-CN") is None


def test_a_message_of_one_variant_names_it_once(read_it: ReadMessage) -> None:
    for yaml in (
        "purpose: otp\nlive: plain\n",
        "purpose: otp\nvariants: {plain: {}}\n",
    ):
        message, findings = read_it(yaml, sms_zh__CN="A", sms_en__US="B")
        assert findings == []
        assert message is not None
        assert message.live == "plain"
        assert message.copies["sms", "zh-CN"].variants["plain"]["body"].text == "A"


def test_the_workspace_is_inherited_and_overridden(read_it: ReadMessage) -> None:
    yaml = GOOD + (
        "markets: {en: [US, GB]}\nbrand: {name: Y, by_locale: {en: {signature: E}}}\n"
        "industry: {by_locale: {en: retail}}\nlocales: [zh-CN]\n"
    )
    message, findings = read_it(yaml, sms_zh__CN=WORDS)
    assert findings == []
    assert message is not None
    assert message.markets.at("en-US") == ("US", "GB")
    assert message.markets.at("zh-CN") == ("CN",)
    assert message.brand.at("zh-CN") == {"name": "Y", "signature": "S"}
    assert message.brand.at("en-US") == {"name": "Y", "signature": "E"}
    assert message.industry_at("en-US") == "retail"
    assert message.industry_at("zh-CN") == "lending"
    assert message.locales == ("zh-CN",)


BAD = [
    ("", "missing-key", 1),
    ("# only a comment\n", "missing-key", 1),
    ("- a\n- b\n", "bad-value", 1),
    ("just words\n", "bad-value", 1),
    (GOOD.replace("marketing", "promo"), "bad-value", 1),
    (GOOD.replace("purpose: marketing\n", ""), "missing-key", 1),
    (GOOD.replace("live: plain", "live: plane"), "unknown-variant", 2),
    (GOOD.replace("live: plain\n", ""), "missing-key", 1),
    (GOOD.replace("live: plain", "live: [plain]"), "bad-value", 2),
    (GOOD.replace("coupon", "Coupon!"), "bad-value", 3),
    (GOOD.replace("coupon", "none"), "bad-value", 3),
    (GOOD.replace("{hook: reminder}", "[reminder]"), "bad-value", 3),
    (GOOD.replace("{hook: reminder}", "{hook: [a]}"), "bad-value", 3),
    (GOOD.replace("after: 0d", "after: soon"), "bad-value", 6),
    (GOOD.replace("after: 0d, ", ""), "missing-key", 6),
    (GOOD.replace("channel: push", "channel: fax"), "bad-value", 6),
    (GOOD.replace("11:00-12:00", "25:00-12:00"), "bad-value", 6),
    (GOOD.replace("unless", "until"), "unknown-key", 7),
    (GOOD + "livee: x\n", "unknown-key", 8),
    (GOOD + "live: plain\n", "duplicate-key", 8),
    (GOOD + "markets: CN\n", "bad-value", 8),
    (GOOD + "markets: [China]\n", "bad-value", 8),
    (GOOD + "markets: [UK]\n", "bad-value", 8),
    (GOOD + "markets: {china: [CN]}\n", "bad-value", 8),
    (GOOD + "locales: [fr-FR]\n", "bad-value", 8),
    (GOOD + "brand: X\n", "bad-value", 8),
    (GOOD + "email: {layuot: main}\n", "unknown-key", 8),
    (GOOD + "x: &a 1\n", "bad-value", 8),
    (GOOD + "\tx: 1\n", "syntax", 8),
    (GOOD + "x: 'open\n", "syntax", 9),
]


@pytest.mark.parametrize(("yaml", "rule", "line"), BAD)
def test_what_is_wrong_is_found_at_its_place(
    read_it: ReadMessage, yaml: str, rule: str, line: int
) -> None:
    found = read_it(yaml)[1]
    assert (rule, line) in [(finding.rule, finding.line) for finding in found]
    assert {finding.file for finding in found} == {"templates/m/message.yaml"}


def test_norway_is_a_market(read_it: ReadMessage) -> None:
    message, _ = read_it(GOOD + "markets: [NO, DE, NO]\n")
    assert message is not None
    assert message.markets.at("zh-CN") == ("NO", "DE")


def test_all_that_is_wrong_is_found_at_once(read_it: ReadMessage) -> None:
    yaml = GOOD.replace("marketing", "promo").replace("live: plain", "live: plane")
    yaml = yaml.replace("max: 8", "max: 0").replace("0d", "soon") + "livee: 1\n"
    found = read_it(yaml)[1]
    assert sorted(finding.line or 0 for finding in found) == [1, 2, 4, 6, 8]


def test_a_channel_needs_every_declared_locale(read_it: ReadMessage) -> None:
    _, findings = read_it(GOOD, sms_zh__CN=WORDS)
    assert [finding.rule for finding in findings] == ["missing-translation"]
    assert "en-US" in findings[0].message
    assert read_it(GOOD + "locales: [zh-CN]\n", sms_zh__CN=WORDS)[1] == []


def test_a_variant_of_one_locale_is_needed_in_each(read_it: ReadMessage) -> None:
    _, findings = read_it(GOOD, sms_zh__CN=WORDS, sms_en__US="# plain\nA\n")
    (finding,) = findings
    assert (finding.rule, finding.variant) == ("missing-variant", "coupon")
    assert finding.file == "templates/m/sms.en-US.md"


def test_the_live_variant_is_needed_everywhere(read_it: ReadMessage) -> None:
    words = "# coupon\nB\n"
    _, findings = read_it(GOOD, sms_zh__CN=words, sms_en__US=words)
    assert {f.variant for f in findings if f.rule == "missing-variant"} == {"plain"}


def test_an_empty_copy_file_lacks_the_live_variant(read_it: ReadMessage) -> None:
    _, findings = read_it(GOOD + "locales: [zh-CN]\n", sms_zh__CN="")
    assert {finding.rule for finding in findings} == {"missing-variant"}
    errors = [finding for finding in findings if finding.severity == "error"]
    assert len(errors) == 1


def test_a_declared_variant_without_words_is_told(read_it: ReadMessage) -> None:
    _, findings = read_it(
        "purpose: otp\nlive: plain\nvariants: {plain: {}, coupon: {}}\n"
        "locales: [zh-CN]\n",
        sms_zh__CN="# plain\nx\n",
    )
    assert [(item.rule, item.severity) for item in findings] == [
        ("missing-variant", "warning")
    ]
    assert "'coupon' is declared" in findings[0].message


def test_two_files_of_one_locale_are_one_too_many(read_it: ReadMessage) -> None:
    copies = {"sms_zh__cn": WORDS, "sms_zh__CN": WORDS}
    _, findings = read_it(GOOD + "locales: [zh-CN]\n", **copies)
    assert [finding.rule for finding in findings] == ["unknown-file"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sms.zh-CN.md", ("sms", "zh-CN")),
        ("email.zh_hans_cn.md", ("email", "zh-Hans-CN")),
        ("sms.md", None),
        ("sms.chinese.md", None),
        ("fax.zh-CN.md", None),
        ("sms.zh-CN.txt", None),
        ("SMS.zh-CN.md", None),
    ],
)
def test_names_of_copy_files_say_channel_and_locale(
    name: str, key: tuple[str, str] | None
) -> None:
    assert copy_key(name) == key
    finding = explain_copy_name(name, f"templates/m/{name}")
    assert finding.rule == "unknown-file"
    assert "CHANNEL.LOCALE.md" in finding.help
