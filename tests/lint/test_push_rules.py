"""The rules of pushes at their edges: when they speak, where, and when they are quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.findings import Finding

CONFIG = """\
brand: {name: S, signature: S}
markets: {en-US: [US], zh-CN: [CN]}
locales: {default: en-US, also: [zh-CN]}
"""
WORDS = "## title\nYour order\n## body\nIt is on its way.\n"


@pytest.fixture
def lint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Finding]]:
    """The findings of a rule in a workspace of one message."""

    def run(
        rule: str,
        *,
        own: str = "",
        config: str = "",
        purpose: str = "marketing",
        words: str = WORDS,
        locale: str = "en-US",
        **more: str,
    ) -> list[Finding]:
        files = {
            "copylab.yaml": CONFIG + config,
            "templates/m/message.yaml": f"purpose: {purpose}\nlive: plain\n"
            f"locales: [{locale}]\n{own}",
            f"templates/m/push.{locale}.md": words,
            **more,
        }
        root = tmp_path_factory.mktemp("workspace")
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return list(lint_catalog(open_workspace(root), select=[rule]).findings)

    return run


@pytest.mark.parametrize(
    ("push", "purpose", "count"),
    [
        ("apns: {interruption_level: time-sensitive}", "marketing", 1),
        ("apns: {interruption_level: critical}", "marketing", 1),
        ("apns: {interruption_level: active}", "marketing", 0),
        ("apns: {interruption_level: critical}", "otp", 0),
        ("apns: {sound: {name: a, critical: true}}", "marketing", 1),
        ("apns: {sound: {name: a, critical: false}}", "marketing", 0),
        ("fcm: {apns: {interruption_level: critical, sound: {name: a, critical: true}}}",
         "marketing", 2),
    ],
)  # fmt: skip
def test_marketing_does_not_break_through_silence(
    push: str, purpose: str, count: int, lint: Any
) -> None:
    found = lint("interruption-level", own=f"push: {{{push}}}\n", purpose=purpose)
    assert len(found) == count
    for item in found:
        assert (item.code, item.severity) == ("PSH010", "error")
        assert (item.file, item.line) == ("templates/m/message.yaml", 4)


def test_a_level_of_the_workspace_is_told_once_where_it_stands(lint: Any) -> None:
    config = "push: {apns: {interruption_level: critical}}\n"
    other = {
        "templates/n/message.yaml": "purpose: marketing\nlive: plain\nlocales: [en-US]\n",
        "templates/n/push.en-US.md": WORDS,
    }
    [finding] = lint("interruption-level", config=config, **other)
    assert (finding.file, finding.line) == ("copylab.yaml", 4)


@pytest.mark.parametrize(
    ("push", "purpose", "expected"),
    [
        ("", "marketing", []),
        ("{data: {a: b}}", "marketing", []),
        ("{services: [apns]}", "marketing", []),
        ("{services: [fcm]}", "marketing", ["error"]),
        ("{fcm: {priority: high}}", "marketing", ["error"]),
        ("{services: [apns], fcm: {priority: high}}", "marketing", []),
        ("{services: [fcm], fcm: {channel_id: a}}", "marketing", []),
        ("{services: [xiaomi]}", "transactional", ["error"]),
        ("{services: [xiaomi], xiaomi: {category: a}}", "marketing", ["error"]),
        ("{services: [xiaomi], xiaomi: {channel_id: '1'}}", "marketing", []),
        ("{services: [huawei]}", "marketing", ["warning"]),
        ("{services: [huawei]}", "transactional", []),
        ("{services: [huawei], huawei: {category: MARKETING}}", "marketing", []),
        ("{services: [vivo, honor]}", "marketing", ["warning", "warning"]),
        ("{services: [oppo, meizu]}", "marketing", []),
    ],
)
def test_a_channel_is_asked_for_where_its_service_delivers(
    push: str, purpose: str, expected: list[str], lint: Any
) -> None:
    own = f"push: {push}\n" if push else ""
    found = lint("channel-missing", own=own, purpose=purpose)
    assert sorted(item.severity for item in found) == expected
    assert all(item.line == 4 for item in found)


def test_a_sending_vendor_alone_asks_for_no_class(lint: Any) -> None:
    own = "sending: {push_vendors: [xiaomi]}\n"
    assert lint("channel-missing", own=own, locale="zh-CN") == []


@pytest.mark.parametrize(
    ("push", "count"),
    [
        ("{data: {image: 'https://e.cn/a.png'}}", 1),
        ("{data: {Image-URL: 'https://e.cn/a.png'}}", 1),
        ("{data: {picture: p, media_url: m}}", 2),
        ("{data: {imagination: b}}", 0),
        ("{services: [fcm], data: {image: a}, fcm: {channel_id: a}}", 0),
        ("{data: {image: a}, apns: {mutable_content: true}}", 0),
        ("{data: {image: a}, apns: {mutable_content: false}}", 1),
        ("{fcm: {apns_image: 'https://e.cn/a.png'}}", 1),
        ("{services: [apns], fcm: {apns_image: 'https://e.cn/a.png'}}", 0),
        ("{fcm: {apns_image: 'https://e.cn/a.png', apns: {mutable_content: true}}}", 0),
    ],
)
def test_a_picture_needs_an_extension(push: str, count: int, lint: Any) -> None:
    found = lint("rich-without-mutable", own=f"push: {push}\n")
    assert len(found) == count
    assert {item.severity for item in found} <= {"error"}


def steps(*after: str, channel: str = "push") -> str:
    lines = [f"  - {{after: {word}, channel: {channel}}}\n" for word in after]
    return "sequence:\n" + "".join(lines)


@pytest.mark.parametrize(
    ("own", "line"),
    [
        (steps("0h", "3h"), None),
        (steps("0h", "3h", "23h"), 7),
        (steps("0h", "3h", "24h"), None),
        (steps("23h", "0h", "3h"), 5),  # in the order of time, not of the file
        (steps("0m", "90m", "1d", "1500m"), 8),
        (steps("0h", "1h", "2h", channel="sms"), None),
        ("sending: {news_licence: true}\n" + steps("0h", "1h", "2h", "3h", "4h"), None),
        ("sending: {news_licence: true}\n" + steps(*("1h",) * 6), 11),
        ("push: {services: [meizu]}\n" + steps("0h", "1h", "2h"), None),
        ("push: {services: [meizu]}\n" + steps("0h", "1h", "2h", "3h"), 9),
        ("push: {services: [apns]}\n" + steps("0h", "1h", "2h"), None),
        ("push: {limits: {oppo: {max_daily_marketing: 1}}}\n" + steps("0h", "1h"), 7),
        ("sequence:\n  - {after: soon, channel: push}\n", None),
    ],
)
def test_a_day_takes_so_many_pushes(own: str, line: int | None, lint: Any) -> None:
    found = lint("marketing-quota", own=own, locale="zh-CN")
    told = [item for item in found if item.rule == "marketing-quota"]
    assert [item.line for item in told] == ([] if line is None else [line])
    assert {item.severity for item in told} <= {"warning"}


def test_the_quota_is_one_of_china_and_of_marketing(lint: Any) -> None:
    three = steps("0h", "1h", "2h")
    assert lint("marketing-quota", own=three) == []
    assert lint("marketing-quota", own=three, locale="zh-CN", purpose="otp") == []
    named = "sending: {push_vendors: [oppo]}\n" + three
    [finding] = lint("marketing-quota", own=named)
    assert finding.message == "this is push 3 within a day, oppo takes 2"


def test_variants_that_are_the_same_are_told(lint: Any) -> None:
    own = "variants: {plain: {}, other: {}}\n"
    words = "# plain\n{0}# other\n{1}"
    title = WORDS.replace("Your order", "Another title")
    assert lint("duplicate-body", own=own, words=words.format(WORDS, title)) == []
    [finding] = lint("duplicate-body", own=own, words=words.format(WORDS, WORDS))
    assert (finding.variant, finding.line) == ("other", 6)


def test_vivo_drops_what_repeats(lint: Any) -> None:
    two = steps("0h", "23h")
    assert [f.line for f in lint("duplicate-body", own=two, locale="zh-CN")] == [6]
    assert lint("duplicate-body", own=steps("0h", "24h"), locale="zh-CN") == []
    assert lint("duplicate-body", own=two) == []
    named = "push: {services: [oppo]}\n" + two
    assert lint("duplicate-body", own=named, locale="zh-CN") == []


def test_two_messages_of_one_body_are_told_at_the_later(lint: Any) -> None:
    other = {
        "templates/a/message.yaml": "purpose: marketing\nlive: plain\nlocales: [zh-CN]\n",
        "templates/a/push.zh-CN.md": WORDS.replace("Your order", "Another"),
    }
    [finding] = lint("duplicate-body", locale="zh-CN", **other)
    assert (finding.file, finding.line) == ("templates/m/push.zh-CN.md", 4)
    assert "the body is that of a" in finding.message


NAMED = "variables:\n  name: {type: person_name, max: 9, missing: you}\n"


@pytest.mark.parametrize(
    ("title", "body", "is_late"),
    [
        ("Hello", "a" * 40 + "{{ name }}", False),
        ("Hello", "a" * 41 + "{{ name }}", True),
        ("Hello", "中" * 20 + "{{ name }}", False),
        ("Hello", "中" * 21 + "{{ name }}", True),
        ("Hello {{ name }}", "a" * 41 + "{{ name }}", False),
        ("3 things", "a" * 41 + "{{ name }}", False),
        ("Hello", "5 of " + "a" * 41 + "{{ name }}", False),
        ("Hello", "a" * 41 + "5 {{ name }}", True),
        ("Hello", "a" * 60, False),
        ("Hello", "{% if name == 'x' %}Hi{% endif %}" + "a" * 50 + "{{ name }}", True),
    ],
)
def test_what_is_personal_comes_early(
    title: str,
    body: str,
    is_late: bool,  # noqa: FBT001 - a figure of the table
    lint: Any,
) -> None:
    words = f"## title\n{title}\n## body\n{body}\n"
    found = lint("key-info-late", own=NAMED, words=words)
    assert bool(found) is is_late
    for item in found:
        assert item.severity == "info"
        assert item.witness is not None
        assert item.field == "body"


SECRETS = """\
variables:
  name: {type: person_name, max: 9, missing: you}
  code: {type: text, max: 6, charset: digits, missing: error}
  pin:  {type: int, min: 0, max: 9999, missing: error}
  paid: {type: money, currency: USD, min: 1, max: 99, missing: error}
"""


@pytest.mark.parametrize(
    ("purpose", "printed", "push", "count"),
    [
        ("otp", "{{ code }}", "", 1),
        ("otp", "{{ code }} and again {{ code }}", "", 1),
        ("otp", "{{ pin }}", "", 1),
        ("otp", "{{ name }}", "", 0),
        ("transactional", "{{ paid | money }}", "", 1),
        ("transactional", "{{ code }} {{ pin }}", "", 0),
        ("marketing", "{{ paid | money }}", "", 0),
        ("otp", "{{ code }}", "push: {fcm: {visibility: PRIVATE}}\n", 1),
        ("otp", "{{ code }}",
         "push: {services: [fcm], fcm: {visibility: SECRET, channel_id: a}}\n", 0),
        ("otp", "{{ code }}",
         "push: {services: [fcm], fcm: {visibility: PUBLIC, channel_id: a}}\n", 1),
    ],
)  # fmt: skip
def test_a_locked_screen_shows_no_secret(
    purpose: str, printed: str, push: str, count: int, lint: Any
) -> None:
    words = f"## title\nHello\n## body\nHere: {printed}\n"
    own = SECRETS + push
    found = lint("sensitive-on-lockscreen", own=own, purpose=purpose, words=words)
    assert len(found) == count
    assert {item.severity for item in found} <= {"warning"}


def test_the_link_of_a_push_is_a_link_and_is_used(lint: Any) -> None:
    own = (
        'variables:\n  go: {type: url, base: "https://evil.example/", max: 40, '
        "missing: error}\npush: {link: go}\n"
    )
    config = "links: {allowed_hosts: [shop.example]}\n"
    [finding] = lint("link-host-not-allowed", own=own, config=config)
    assert (finding.file, finding.line) == ("templates/m/message.yaml", 5)
    assert lint("unused-variable", own=own) == []
    unused = own.replace("push: {link: go}\n", "")
    assert len(lint("unused-variable", own=unused)) == 1


def test_a_full_set_up_of_good_copy_is_quiet(make_files: Callable[..., Path]) -> None:
    files = {
        "copylab.yaml": CONFIG
        + "sending: {consent: opt_in, push_class: marketing}\n"
        + "links: {allowed_hosts: [s.example.com]}\n"
        + "push:\n  services: [apns, fcm, webpush, huawei, xiaomi, oppo, vivo]\n"
        "  link: go\n  data: {campaign: recall}\n"
        "  apns: {interruption_level: active, sound: default, collapse_id: recall}\n"
        "  fcm: {channel_id: marketing}\n  huawei: {category: MARKETING}\n"
        '  xiaomi: {channel_id: "1021"}\n  vivo: {classification: "0"}\n',
        "templates/m/message.yaml": "purpose: marketing\nlive: plain\nlocales: [zh-CN]\n"
        "variables:\n  name: {type: person_name, max: 8, missing: 您}\n"
        '  go: {type: url, base: "https://s.example.com/", max: 40, missing: error}\n'
        + steps("0d", "2d"),
        "templates/m/push.zh-CN.md": "## title\n您的资料已保存\n## body\n"
        "{{ name }}，再次回来时无需重填。\n",
    }
    findings = open_workspace(make_files(files)).lint().findings
    assert [str(item) for item in findings] == []
