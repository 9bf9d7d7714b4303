"""The settings `sms:` of a whole workspace: what is wrong, where, and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.catalog import read_catalog
from copylab.channels.route import routes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.catalog import Catalog

    Read = Callable[..., Catalog]

OURS = """\
  profiles:
    our-smpp:
      extends: gsm
      max_segments: 6
      suffix: " Reply STOP to opt out"
      source: contract of 2026
      as_of: 2026-03-01
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(sms: str, message: str = "", brand: str = "signature: 示例") -> Catalog:
        files = {
            "copylab.yaml": f"brand: {{{brand}}}\nmarkets: [CN, KR]\n"
            f"locales: {{default: zh-CN}}\nsms:\n{sms}",
            "templates/hi/message.yaml": f"purpose: otp\nlive: plain\n{message}",
            "templates/hi/sms.zh-CN.md": "您好",
        }
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return read_catalog(tmp_path)

    return read


def test_settings_that_are_right_say_nothing(read: Read) -> None:
    catalog = read(
        "  profile: {CN: cn-aliyun, KR: our-smpp, default: gsm}\n"
        "  price: {CN: 0.045 CNY, KR: {SMS: 9 KRW, LMS: 27 KRW}}\n" + OURS,
        "sms: {profile: {CN: cn-tencent}, price: {KR: {SMS: 8 KRW}}}\n",
    )
    assert catalog.findings == ()
    chinese, korean = routes_of(catalog.messages["hi"], "zh-CN")
    assert chinese.as_sent("您好") == "【示例】您好"
    assert korean.as_sent("hi") == "hi Reply STOP to opt out"
    assert (chinese.profile.name, korean.profile.name) == ("cn-tencent", "our-smpp")


BAD = [
    ("  profile: cn-aliun\n", "", ("copylab.yaml", 5, 12), "'cn-aliyun'"),
    ("  profile: {KR: zzz}\n", "", ("copylab.yaml", 5, 17), "declare sms.profiles"),
    (OURS, "sms: {profile: our-smp}\n", ("hi", 3, 16), "'our-smpp'"),
    ("  profile: gsm\n", "sms: {profile: {KR: krr}}\n", ("hi", 3, 21), "'kr'"),
    ("  price: {SMS: 1 CNY, LMSS: 2 CNY}\n", "", ("copylab.yaml", 5, 23), "'LMS'"),
    ("  price: {}\n", "sms: {price: {MMS: 1 CNY}}\n", ("hi", 3, 15), "MS'"),
    (OURS.replace("max_segments", "max_segment"), "", ("copylab.yaml", 8, 7), "s'"),
    (OURS.replace("extends: gsm", "extends: gms"), "", ("copylab.yaml", 7, 7), "gsm"),
    (OURS.replace("segments: 6", "segments: six"), "", ("copylab.yaml", 8, 7), ""),
    (
        OURS.replace("source: contract of 2026", ""),
        "",
        ("copylab.yaml", 6, 5),
        "source",
    ),
    (
        OURS.replace("extends: gsm", "encoding: UCS-2"),
        "",
        ("copylab.yaml", 7, 7),
        "ucs2",
    ),
    (OURS.replace("our-smpp", "kr"), "", ("copylab.yaml", 6, 5), "our-kr"),
]


@pytest.mark.parametrize(("sms", "message", "place", "cure"), BAD)
def test_what_is_wrong_has_one_finding_with_place_and_cure(
    read: Read, sms: str, message: str, place: tuple[str, int, int], cure: str
) -> None:
    (finding,) = read(sms, message).findings
    assert finding.severity == "error"
    assert place[0] in str(finding.file)
    assert (finding.line, finding.column) == place[1:]
    assert cure in finding.help


def test_the_names_that_are_known_are_listed_ones_own_among_them(read: Read) -> None:
    (finding,) = read("  profile: zzz\n" + OURS).findings
    assert "cn-aliyun" in finding.message
    assert "our-smpp" in finding.message


def test_profiles_that_extend_each_other_are_found(read: Read) -> None:
    profiles = "".join(
        f"    {name}: {{extends: {base}, source: a page, as_of: 2026-01-01}}\n"
        for name, base in (("a", "b"), ("b", "a"), ("c", "c"))
    )
    findings = read("  profiles:\n" + profiles).findings
    assert [(f.rule, f.line, f.column) for f in findings] == [
        ("bad-value", 6, 9),
        ("bad-value", 7, 9),
        ("bad-value", 8, 9),
    ]


def test_a_gateway_that_adds_a_signature_needs_one(read: Read) -> None:
    catalog = read("  profile: {CN: cn-aliyun}\n", brand="name: X")
    (finding,) = catalog.findings
    assert (finding.rule, finding.file, finding.line) == (
        "missing-key",
        "copylab.yaml",
        5,
    )
    assert "zh-CN" in finding.message
    assert "brand: {signature" in finding.help
    off = "sending: {signature_added: false}\n"
    assert read("  profile: {CN: cn-aliyun}\n", off, brand="name: X").findings == ()


def test_a_signature_that_the_message_says_is_added_is_needed_too(read: Read) -> None:
    added = "sending: {signature_added: true}\n"
    (finding,) = read("  price: 1 CNY\n", added, brand="name: X").findings
    assert (finding.file, finding.line) == ("templates/hi/message.yaml", 3)


def test_a_signature_that_the_gateway_cannot_send_is_told(read: Read) -> None:
    added = "sending: {signature_added: true}\nmarkets: [KR]\n"
    brand = "signature: Café"
    (finding,) = read("  price: 1 CNY\n", added, brand=brand).findings
    assert finding.rule == "bad-value"
    assert "cp949 lacks 'é' of 'Café' in zh-CN" in finding.message
    assert read("  price: 1 CNY\n", "markets: [KR]\n", brand=brand).findings == ()
