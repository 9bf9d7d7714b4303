"""Settings of a workspace, and what messages override of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.config import ByLocale, Config, Markets, read_config
from copylab.source import SourceFile

if TYPE_CHECKING:
    from copylab.findings import Finding


def read(text: str) -> tuple[Config, list[Finding]]:
    return read_config(SourceFile("copylab.yaml", text))


def test_settings_are_read() -> None:
    config, findings = read(
        "brand: {name: X, motto: Y, by_locale: {en: {name: Z}}}\n"
        "markets: {zh-CN: [CN], en: [US, GB]}\n"
        "industry: lending\n"
        "locales: {default: zh_cn, also: [en-US, en-US, zh-CN], missing: default}\n"
        "attributes: {user_id: string, at: timestamp?}\n"
        "data: {exposures: a.parquet}\n"
        "sending: {provider: direct, retries: 3}\n"
        "links: {allowed_hosts: [S.Example.cn], utm: [utm_source]}\n"
        "email: {layout: main, unsubscribe: url, from: a@b.cn}\n"
        "timezone: Asia/Shanghai\n"
        "lint: {sms: {max_segments: {marketing: {warning: 2}}}, rules: {a-rule: off}}\n"
    )
    assert findings == []
    assert config.utm == ("utm_source",)
    assert config.brand.at("en-GB") == {"name": "Z", "motto": "Y"}
    assert config.brand.at("fr") == {"name": "X", "motto": "Y"}
    assert config.markets.at("en-AU") == ("US", "GB")
    assert config.markets.at("fr") == ()
    assert config.locales.declared == ("zh-CN", "en-US")
    assert config.locales.missing == "default"
    assert config.attributes["at"][0] == "timestamp?"
    assert config.sending == {"provider": "direct", "retries": 3}
    assert config.links == ("s.example.cn",)
    assert config.timezone == "Asia/Shanghai"
    limits = config.lint.limits_at("templates/hi/sms.zh-CN.md")
    assert limits["marketing"] == {"warning": 2, "error": 3}
    assert limits["otp"] == {"warning": 1, "error": 1}
    assert config.lint.severities == {"a-rule": "off"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_has_the_defaults(text: str) -> None:
    config, findings = read(text)
    assert findings == []
    assert config == Config()


BAD = [
    ("brnd: {name: X}", "unknown-key", 1),
    ("brand: X", "bad-value", 8),
    ("brand: {name: [X]}", "bad-value", 15),
    ("brand: {by_locale: {english: {name: X}}}", "bad-value", 21),
    ("markets: CN", "bad-value", 10),
    ("markets: [cn]", "bad-value", 11),
    ("markets: [UK]", "bad-value", 11),
    ("markets: [[CN]]", "bad-value", 11),
    ("markets: {english: [GB]}", "bad-value", 11),
    ("industry: [lending]", "bad-value", 11),
    ("industry: {}", "missing-key", 11),
    ("industry: {by_locale: {english: x}}", "bad-value", 24),
    ("locales: [zh-CN]", "bad-value", 10),
    ("locales: {also: [zh-CN]}", "missing-key", 10),
    ("locales: {default: chinese}", "bad-value", 20),
    ("locales: {default: zh-CN, also: [en-US, english]}", "bad-value", 41),
    ("locales: {default: zh-CN, missing: skip}", "bad-value", 36),
    ("locales: {default: zh-CN, fallback: x}", "unknown-key", 27),
    ("attributes: {a: [string]}", "bad-value", 17),
    ("attributes: {a: }", "bad-value", 17),
    ("links: {hosts: [a]}", "unknown-key", 9),
    ("links: {allowed_hosts: a.cn}", "bad-value", 24),
    ("email: {layuot: a}", "unknown-key", 9),
    ("timezone: Shanghai", "bad-value", 1),
    ("timezone: ../../etc/passwd", "bad-value", 1),
    ("timezone: Asia", "bad-value", 1),
    ("timezone: ''", "bad-value", 1),
    ("lint: {sms: {max_segments: {promo: {error: 1}}}}", "unknown-key", 29),
    ("lint: {sms: {max_segments: {otp: {error: 0}}}}", "bad-value", 42),
    ("lint: {sms: {max_segments: {otp: {fatal: 1}}}}", "unknown-key", 35),
    ("lint: {sms: {max_segments: 3}}", "bad-value", 28),
    ("lint: {push: {}}", "unknown-key", 8),
    ("lint: {rules: {a-rule: loud}}", "bad-value", 24),
]


@pytest.mark.parametrize(("text", "rule", "column"), BAD)
def test_what_is_wrong_is_found_at_its_place(text: str, rule: str, column: int) -> None:
    _, findings = read(text)
    assert [(f.rule, f.line, f.column) for f in findings] == [(rule, 1, column)]


def test_broken_settings_are_found_all_at_once() -> None:
    text = "brnd: X\nmarkets: CN\ntimezone: Mars\nlocales: {default: x}\n"
    assert sorted(f.line or 0 for f in read(text)[1]) == [1, 2, 3, 4]


def test_a_message_is_laid_over_the_workspace_key_by_key() -> None:
    workspace = ByLocale(
        {"name": "X", "signature": "S"}, {"zh": {"name": "中"}, "zh-CN": {"motto": "M"}}
    )
    message = ByLocale({"signature": "T"}, {"zh": {"motto": "N"}})
    both = message.over(workspace)
    assert both.at("zh-CN") == {"name": "中", "signature": "T", "motto": "N"}
    assert both.at("zh-TW") == {"name": "中", "signature": "T", "motto": "N"}
    assert both.at("en") == {"name": "X", "signature": "T"}


def test_a_usual_value_of_a_message_beats_the_workspace_s_locale() -> None:
    workspace = ByLocale({}, {"zh": {"industry": "lending"}})
    message = ByLocale({"industry": "retail"})
    assert message.over(workspace).at("zh-CN") == {"industry": "retail"}


def test_markets_not_named_by_a_message_are_inherited() -> None:
    workspace = Markets(("CN",))
    assert Markets((), {"en": ("US",)}).over(workspace).at("zh-CN") == ("CN",)
    assert Markets((), {"en": ("US",)}).over(workspace).at("en-GB") == ("US",)
    assert Markets(("JP",)).over(workspace).at("zh-CN") == ("JP",)
