"""Lint counts a short message as it is sent on its routes, not as it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint import check_text
from copylab.lint.engine import lint_catalog
from copylab.lint.foreign import in_gsm7
from copylab.workspace import open_workspace

Make = Callable[[dict[str, str | bytes]], Path]

MESSAGE = """\
purpose: transactional
live: plain
variants: {{plain: {{hook: a}}{variants}}}
variables:
  call_name: {{type: person_name, max: 8, missing: x}}
  korean_name: {{type: person_name, charset: ko, max: 8, missing: x}}
  note: {{type: text, max: 60, charset: gsm7, missing: x}}
  long: {{type: bool, missing: false}}
  link: {{type: url, base: "https://shop.example/", max: 120, missing: error}}
"""
OWN = (
    "sms: {profile: ours, profiles: {ours: {extends: gsm, "
    "%s, source: our contract, as_of: 2026-11-22}}}\n"
)


@pytest.fixture
def lint(make_files: Make) -> Callable[..., list[Finding]]:
    """The findings about one SMS for a market, by default the US."""

    def run(  # noqa: PLR0913 - what the workspace says
        copy: str,
        settings: str = "",
        *,
        market: str = "US",
        locale: str = "en-US",
        signature: str = "Example",
        limits: str = "{warning: 1, error: 5}",
        message: str = "",
        variants: str = "",
    ) -> list[Finding]:
        config = (
            f"brand: {{name: Example, signature: {signature}}}\n"
            f"locales: {{default: {locale}}}\nmarkets: [{market}]\n{settings}"
            f"lint: {{sms: {{max_segments: {{transactional: {limits}}}}}}}\n"
        )
        root = make_files(
            {
                "copylab.yaml": config,
                "templates/a/message.yaml": MESSAGE.format(variants=variants) + message,
                f"templates/a/sms.{locale}.md": copy + "\n",
            }
        )
        return list(lint_catalog(open_workspace(root)).findings)

    return run


def of(found: list[Finding], rule: str) -> list[Finding]:
    return [item for item in found if item.rule == rule]


def test_what_the_gateway_adds_is_counted_and_shown(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "Example: " + "x" * 140
    assert of(lint(copy), "segments-exceed") == []
    [finding] = of(lint(copy, OWN % 'suffix: " Reply STOP to end"'), "segments-exceed")
    assert "can need 2 parts, the limit is 1 (167 septets at worst)" in finding.message
    assert finding.witness is not None
    assert finding.witness.text == copy + " Reply STOP to end"
    assert finding.help.startswith("cut 7 septets")


def test_the_witness_says_the_choices_and_what_they_come_to(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "【示例】{{ call_name }}" + "好" * 51
    found = lint(copy, market="CN", locale="zh-CN", signature="示例")
    [finding] = of(found, "segments-exceed")
    assert finding.witness is not None
    choices = dict(finding.witness.choices)
    assert choices["call_name"].startswith("8 x ")
    assert choices["as sent"] == "71 UTF-16 units, 2 parts"


def test_a_suffix_outside_of_gsm_7_makes_the_whole_message_dear(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "Example: " + "x" * 70
    [finding] = of(lint(copy, OWN % 'suffix: " – STOP"'), "segments-exceed")
    assert "(86 UTF-16 units at worst)" in finding.message
    # The words can do nothing about it: nobody is told to write them in GSM-7.
    assert (
        of(lint(copy + "’", OWN % 'suffix: " – STOP"'), "ucs2-forced-by-literal") == []
    )


def test_the_worst_as_sent_need_not_be_the_longest_as_written(
    lint: Callable[..., list[Finding]],
) -> None:
    short = "https://shop.example/" + "a" * 120
    copy = (
        f"Example: {{% if long %}}{'x' * 140} ok{{% else %}}see {short} or {{{{ link }}}}"
        "{% endif %} bye"
    )
    assert of(lint(copy, OWN % "link_characters: 20"), "segments-exceed") == []
    [finding] = of(lint(copy), "segments-exceed")
    assert "can need 3 parts" in finding.message
    longer = copy.replace("x" * 140, "x" * 155)
    [finding] = of(lint(longer, OWN % "link_characters: 20"), "segments-exceed")
    assert finding.witness is not None
    assert dict(finding.witness.choices)["long"] == "True"


def test_a_link_that_becomes_longer_is_counted_at_its_new_length(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "Example: " + "x" * 120 + " https://a.example/b"
    assert of(lint(copy), "segments-exceed") == []
    [finding] = of(lint(copy, OWN % "link_characters: 40"), "segments-exceed")
    assert "(170 septets at worst)" in finding.message


def test_markets_are_counted_each_in_its_own_way(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "Example: " + "x" * 75
    assert of(lint(copy, market="US"), "segments-exceed") == []
    [finding] = of(lint(copy, market="US, CN"), "segments-exceed")
    assert "can need 2 parts (CN, profile cn)" in finding.message


def test_signs_of_two_septets_and_letters_beyond_the_bmp_compete(
    lint: Callable[..., list[Finding]],
) -> None:
    """Sixty € need more septets than sixty characters need units, and less room."""
    [finding] = of(lint("Example: {{ note }} " + "x" * 40), "segments-exceed")
    assert "(170 septets at worst)" in finding.message
    [finding] = of(lint("Example: {{ call_name }} " + "x" * 60), "segments-exceed")
    assert "(86 UTF-16 units at worst)" in finding.message


def test_korea_counts_octets(lint: Callable[..., list[Finding]]) -> None:
    copy = "[예시] " + "가" * 41  # 7 and 82 octets
    korea = {"market": "KR", "locale": "ko-KR"}
    assert of(lint(copy, **korea), "kr-bytes") == []
    [finding] = of(lint(copy + "{{ korean_name }}", **korea), "kr-bytes")
    assert finding.severity == "warning"
    assert "can have 105 octets and is an LMS then" in finding.message
    assert finding.witness is not None
    assert dict(finding.witness.choices)["as sent"] == "105 octets, an LMS"
    [finding] = of(lint("[예시] " + "가" * 1000, **korea), "kr-bytes")
    assert "can have 2,007 octets, the gateway takes 2,000" in finding.message
    [finding] = of(lint(copy + "🎉", **korea), "kr-bytes")
    assert "U+1F389 PARTY POPPER is not in cp949" in finding.message
    assert finding.severity == "error"


def test_a_value_that_korean_phones_may_lack_is_told(
    lint: Callable[..., list[Finding]],
) -> None:
    [finding] = of(
        lint("[예시] {{ call_name }}", market="KR", locale="ko-KR"), "kr-bytes"
    )
    assert finding.severity == "warning"
    assert "call_name can hold characters that cp949 lacks" in finding.message
    assert finding.help == "declare charset: ko for call_name"


def test_what_is_always_a_long_message_is_nobodys_mistake(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = "[예시] {{ korean_name }}" + "가" * 60
    assert of(lint(copy, market="KR", locale="ko-KR"), "kr-bytes") == []


@pytest.mark.parametrize(
    ("profile", "market", "rule"),
    [("us-twilio", "US", "provider-char-cap"), ("cn", "CN", "total-500")],
)
def test_one_rule_tells_what_a_gateway_does_not_take(
    lint: Callable[..., list[Finding]], profile: str, market: str, rule: str
) -> None:
    copy = "【示例】Example: " + "x" * 1600
    found = lint(
        copy, f"sms: {{profile: {profile}}}\n", market=market, signature="示例",
        limits="{warning: 40, error: 50}",
    )  # fmt: skip
    caps = {"provider-char-cap", "total-500", "kr-bytes", "jp-670", "optout-cut-off"}
    assert {item.rule for item in found if item.rule in caps} == {rule}


def test_characters_are_capped_over_all_values(
    lint: Callable[..., list[Finding]],
) -> None:
    """The text of most parts is not the one of most characters."""
    copy = "Example: {{ call_name }}{{ note }}"
    capped = OWN % "max_characters: 76"
    [finding] = of(lint(copy, capped), "provider-char-cap")
    assert "can have 77 characters" in finding.message
    assert of(lint(copy, OWN % "max_characters: 77"), "provider-char-cap") == []


@pytest.mark.parametrize("provider", ["cn-aliyun", "cn-tencent", "cn-huawei"])
def test_gateways_that_add_the_signature_want_none_in_the_text(
    lint: Callable[..., list[Finding]], provider: str
) -> None:
    china = {
        "market": "CN",
        "locale": "zh-CN",
        "settings": f"sms: {{profile: {provider}}}\n",
    }
    assert of(lint("您的资料已保存。", signature="示例", **china), "cn-signature") == []
    [finding] = of(
        lint("【示例】您的资料已保存。", signature="示例", **china), "cn-signature"
    )
    assert (
        finding.help == f"take it out: profile {provider} says that the gateway adds it"
    )
    [finding] = of(lint("您的资料已保存。", signature='""', **china), "cn-signature")
    assert finding.message == "the gateway adds the signature, and none is declared"
    [finding] = of(
        lint("您的资料已保存。", signature="示" * 17, **china), "cn-signature"
    )
    assert "has 17 characters" in finding.message
    assert of(lint("好" * 67, signature="示例", **china), "segments-exceed") != []
    assert of(lint("好" * 66, signature="示例", **china), "segments-exceed") == []


def test_arms_that_are_alike_as_written_can_differ_as_sent(
    lint: Callable[..., list[Finding]],
) -> None:
    copy = f"# plain\nExample: {'x' * 140}\n# linked\nExample: {'x' * 120} https://a.example/"
    more = {"variants": ", linked: {hook: b}", "limits": "{warning: 3, error: 5}"}
    assert of(lint(copy, **more), "ab-arms-cost-skew") == []
    [finding] = of(lint(copy, OWN % "link_characters: 40", **more), "ab-arms-cost-skew")
    assert "plain 1, linked 2" in finding.message


def test_many_branches_are_bounded_as_they_are_sent(
    make_files: Make, lint_rule: Callable[[Path, str], list[Finding]]
) -> None:
    names = [f"v{n}" for n in range(13)]
    tests = "".join(f"{{% if {n} %}}{'x' * 10}{{% endif %}}" for n in names)
    listed = "".join(f"  {n}: {{type: bool, missing: false}}\n" for n in names)
    suffix = OWN % f'suffix: "{" Reply STOP to end" * 2}"'
    files: dict[str, str | bytes] = {
        "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n"
        f"locales: {{default: en-US}}\n{suffix}",
        "templates/a/message.yaml": f"purpose: otp\nlive: plain\nvariables:\n{listed}",
        "templates/a/sms.en-US.md": f"Example: {tests}\n",
    }
    rules = ("segments-exceed", "segments-may-exceed")
    found = [one for rule in rules for one in lint_rule(make_files(files), rule)]
    assert len(found) == 1
    assert "2 parts, the limit is 1" in found[0].message
    files["copylab.yaml"] = str(files["copylab.yaml"]).replace(suffix, "")
    assert [one for rule in rules for one in lint_rule(make_files(files), rule)] == []


def test_one_text_can_name_its_profile() -> None:
    text = "Example: " + "好" * 60 + " – bye"
    us = {"channel": "sms", "market": "US", "purpose": "transactional"}

    def codes(**metadata: object) -> set[str]:
        return {item.code for item in check_text(text, metadata=metadata, **us)}  # type: ignore[arg-type]

    assert "SMS021" in codes()  # 75 UTF-16 units
    assert "SMS021" in codes(sms_profile="us-twilio")
    korean = check_text("[예시] 👋", metadata={"sms_profile": "kr"}, **us)  # type: ignore[arg-type]
    assert [item.code for item in korean] == ["SMS062"]
    with pytest.raises(
        ValueError, match=r"sms_profile == 'smoke', must be one of .*gsm"
    ):
        codes(sms_profile="smoke")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("man\u0303ana", "mañana"),
        ("n\u0303’n\u0303\u200b∆", "ñ'ñΔ"),
        ("…a\u030a", "...å"),
        ("a\u0301 ok", "a? ok"),
    ],
)
def test_a_letter_and_its_mark_are_replaced_as_one(text: str, mended: str) -> None:
    assert in_gsm7(text) == mended


def test_what_decomposed_letters_cost_is_counted_by_whole_letters(
    lint: Callable[..., list[Finding]],
) -> None:
    # 156 letters, four of them of two code points, and a sign: 160 septets when mended.
    copy = "Example: " + "x" * 146 + "n\u0303" * 4 + "’"
    [finding] = of(lint(copy), "ucs2-forced-by-literal")
    assert finding.message.endswith("3 parts at worst instead of 1")
