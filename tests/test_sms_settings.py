"""The settings `sms:`: a profile and a price by market, profiles of one's own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from copylab.document import Section, parse_document
from copylab.sms_settings import ANY, Price, SmsSettings, read_sms
from copylab.source import SourceFile

if TYPE_CHECKING:
    from copylab.findings import Finding

CNY = Price(Decimal("0.045"), "CNY")


def read(text: str, *, with_profiles: bool = True) -> tuple[SmsSettings, list[Finding]]:
    root, findings = parse_document(SourceFile("copylab.yaml", text))
    assert root is not None
    section = Section(root, findings, "copylab.yaml")
    settings = read_sms(section, with_profiles=with_profiles)
    section.finish()
    return settings, findings


def test_nothing_written_is_nothing_said() -> None:
    assert read("brand: x")[0] == SmsSettings()
    settings, findings = read("sms: {}")
    assert (settings, findings) == (SmsSettings(), [])
    assert settings.profile_at("CN") is None
    assert settings.prices_at("CN") == {}


def test_one_profile_and_one_price_are_for_every_market() -> None:
    settings, findings = read("sms: {profile: gsm, price: 0.045 CNY}")
    assert findings == []
    assert settings.profile_at("CN") == settings.profile_at("") == "gsm"
    assert settings.prices_at("US") == {ANY: CNY}


def test_a_market_has_its_own_and_default_is_for_the_others() -> None:
    settings, findings = read(
        "sms:\n"
        "  profile: {CN: cn-aliyun, US: us-twilio, default: gsm}\n"
        "  price: {CN: 0.045 CNY, KR: {SMS: 9 KRW, LMS: 27 KRW}, default: 0.01 USD}\n"
    )
    assert findings == []
    assert [settings.profile_at(m) for m in ("CN", "US", "FR")] == [
        "cn-aliyun",
        "us-twilio",
        "gsm",
    ]
    assert settings.prices_at("CN") == {ANY: CNY}
    assert settings.prices_at("KR")["LMS"] == Price(Decimal(27), "KRW")
    assert settings.prices_at("FR") == {ANY: Price(Decimal("0.01"), "USD")}


def test_a_price_by_product_may_be_for_every_market() -> None:
    settings, findings = read("sms: {price: {SMS: 9 KRW, LMS: 27 KRW}}")
    assert findings == []
    assert settings.prices_at("KR") == settings.prices_at("")
    assert settings.prices_at("KR")["SMS"].amount == 9


def test_profiles_of_ones_own_are_kept_as_written_with_places() -> None:
    settings, findings = read(
        "sms:\n"
        "  profiles:\n"
        "    our-smpp:\n"
        "      extends: gsm\n"
        "      max_segments: 6\n"
        '      suffix: " Reply STOP to opt out"\n'
        "      source: 2026\n"
        "      as_of: 2026-03-01\n"
    )
    assert findings == []
    assert settings.profiles["our-smpp"] == {
        "extends": "gsm",
        "max_segments": 6,
        "suffix": " Reply STOP to opt out",
        "source": "2026",
        "as_of": "2026-03-01",
    }
    assert settings.places["profiles.our-smpp"].line == 3
    assert settings.places["profiles.our-smpp.suffix"].line == 6


BAD = [
    ("sms: {profle: gsm}", "unknown-key", "profile", 1, 7),
    ("sms: {profile: [gsm]}", "bad-value", "write one such as", 1, 16),
    ('sms: {profile: ""}', "bad-value", "write one such as", 1, 16),
    ("sms: {profile: {CN: {a: b}}}", "bad-value", "write one such as", 1, 21),
    ("sms: {profile: {cn: gsm}}", "bad-value", "ISO 3166", 1, 17),
    ("sms: {profile: {UK: gsm}}", "bad-value", "write GB", 1, 17),
    ("sms: {price: 0.045}", "bad-value", "0.045 CNY", 1, 14),
    ("sms: {price: -1 CNY}", "bad-value", "0.045 CNY", 1, 14),
    ("sms: {price: 1e3 CNY}", "bad-value", "0.045 CNY", 1, 14),
    ("sms: {price: 0.045 RMB}", "bad-value", "ISO 4217", 1, 14),
    ("sms: {price: 0.045 cny}", "bad-value", "0.045 CNY", 1, 14),
    ("sms: {price: [1 CNY]}", "bad-value", "0.045 CNY", 1, 14),
    ("sms: {price: {CN: }}", "bad-value", "0.045 CNY", 1, 19),
    ("sms: {price: {CN: {sms: 1 CNY}}}", "bad-value", "markets stand above", 1, 20),
    ("sms: {price: {SMS: 1 CNY, CN: 2 CNY}}", "bad-value", "markets stand", 1, 27),
    ("sms: {profiles: {Ours: {extends: gsm}}}", "bad-value", "small letters", 1, 18),
    ("sms: {profiles: {a: {suffix: [x]}}}", "bad-value", "write a word", 1, 30),
    ("sms: {profiles: {a: gsm}}", "bad-value", "", 1, 21),
    ("sms: gsm", "bad-value", "", 1, 6),
]


@pytest.mark.parametrize(("text", "rule", "cure", "line", "column"), BAD)
def test_what_is_wrong_is_told_with_its_place_and_cure(
    text: str, rule: str, cure: str, line: int, column: int
) -> None:
    _, findings = read(text)
    (finding,) = findings
    assert (finding.rule, finding.severity) == (rule, "error")
    assert cure in finding.help
    assert (finding.line, finding.column) == (line, column)


def test_a_message_declares_no_profiles() -> None:
    _, findings = read("sms: {profiles: {a: {extends: gsm}}}", with_profiles=False)
    (finding,) = findings
    assert finding.rule == "unknown-key"
    assert "copylab.yaml" in finding.help


def test_a_message_overrides_market_by_market() -> None:
    base = read("sms: {profile: {CN: cn-aliyun, US: gsm}, price: 0.045 CNY}")[0]
    one = read("sms: {profile: {US: us-twilio}}")[0].over(base)
    assert (one.profile_at("CN"), one.profile_at("US")) == ("cn-aliyun", "us-twilio")
    assert one.prices_at("US") == {ANY: CNY}
    every = read("sms: {profile: gsm, price: {CN: 0.05 CNY}}")[0].over(base)
    assert every.profile_at("CN") == "gsm"
    assert every.prices_at("CN")[ANY].amount == Decimal("0.05")
    assert every.prices_at("US") == {ANY: CNY}
