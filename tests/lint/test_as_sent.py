"""What a short message has to say is judged with what its gateway adds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

Make = Callable[[dict[str, str | bytes]], Path]

MESSAGE = """\
purpose: {purpose}
live: plain
variants: {{plain: {{hook: a}}}}
variables:
  link: {{type: url, base: "https://s.example.com/", max: 32, missing: error}}
  late: {{type: bool, missing: false}}
"""
COPY = "Acme: news {{ link }}"
STOP = ' suffix: " Reply STOP to opt out", '


def own(values: str, of: str = "gsm") -> str:
    return f"{{extends: {of},{values} source: our contract, as_of: 2026-03-01}}"


@pytest.fixture
def workspace(make_files: Make) -> Callable[..., Path]:
    """A workspace with one SMS on gateways of one's own."""

    def make(
        copy: str,
        profiles: str,
        *,
        chosen: str = "ours",
        markets: str = "US",
        locale: str = "en-US",
        brand: str = "Acme",
        purpose: str = "marketing",
    ) -> Path:
        config = (
            f"brand: {{name: {brand}, signature: {brand}}}\n"
            f"locales: {{default: {locale}}}\nmarkets: [{markets}]\n"
            f"sms: {{profile: {chosen}, profiles: {{{profiles}}}}}\n"
        )
        return make_files(
            {
                "copylab.yaml": config,
                "templates/a/message.yaml": MESSAGE.format(purpose=purpose),
                f"templates/a/sms.{locale}.md": copy + "\n",
            }
        )

    return make


def found(root: Path, *rules: str) -> list[Finding]:
    catalog = open_workspace(root)
    return [item for item in lint_catalog(catalog).findings if item.rule in rules]


def test_the_opt_out_of_the_gateway_is_one(
    workspace: Callable[..., Path], run_copylab: Callable[..., Any]
) -> None:
    root = workspace(COPY, f"ours: {own(STOP)}")
    assert found(root, "optout-missing", "optout-not-last", "brand-missing") == []
    ran = run_copylab("lint", "--prove", "opt-out", "--format", "json", cwd=root)
    [entry] = json.loads(ran.out)["texts"]
    assert entry["verdict"] == "proved"
    [branch] = entry["branches"]
    assert branch["holds"] == "Reply STOP"
    assert branch["text"].startswith("Acme: news https://s.example.com/")
    assert branch["text"].endswith(" Reply STOP to opt out")
    ran = run_copylab("lint", "--prove", "to opt out", "--format", "json", cwd=root)
    assert json.loads(ran.out)["texts"][0]["verdict"] == "proved"


def test_without_the_suffix_it_is_missing(workspace: Callable[..., Path]) -> None:
    [finding] = found(workspace(COPY, f"ours: {own('')}"), "optout-missing")
    assert finding.message == "the message has no opt-out for US"


def test_each_market_needs_it_on_its_own_route(
    workspace: Callable[..., Path], run_copylab: Callable[..., Any]
) -> None:
    root = workspace(
        COPY,
        f"ours: {own(STOP)}",
        chosen="{GB: ours, default: gsm}",
        markets="GB, US",
    )
    [finding] = found(root, "optout-missing")
    assert finding.message == "the message has no opt-out for US"
    ran = run_copylab("lint", "--prove", "opt-out", "--format", "json", cwd=root)
    [entry] = json.loads(ran.out)["texts"]
    assert entry["verdict"] == "fails"
    assert [(b["choices"]["sent to"], bool(b["holds"])) for b in entry["branches"]] == [
        ("GB", True), ("US", False),
    ]  # fmt: skip


def test_a_suffix_of_another_language_is_no_opt_out_there(
    workspace: Callable[..., Path],
) -> None:
    root = workspace(COPY, f"ours: {own(' suffix: 拒收请回复R,')}", markets="CN, US")
    missing = found(root, "optout-missing")
    assert [f.message for f in missing] == ["the message has no opt-out for US"]


def test_a_suffix_that_the_words_run_into_is_none(
    workspace: Callable[..., Path],
) -> None:
    root = workspace("Acme: news", f"ours: {own(' suffix: STOP to opt out,')}")
    [finding] = found(root, "optout-missing")
    assert finding.witness is not None
    assert finding.witness.text == "Acme: newsSTOP to opt out"


def test_the_same_opt_out_in_the_copy_is_sent_twice(
    workspace: Callable[..., Path],
) -> None:
    copy = COPY + "{% if late %} reply stop to opt out{% endif %}"
    [finding] = found(workspace(copy, f"ours: {own(STOP)}"), "optout-not-last")
    assert (finding.severity, finding.line) == ("warning", 1)
    assert "'reply stop' is sent twice: the gateway adds it for US" in finding.message
    assert finding.witness is not None
    assert finding.witness.text.endswith("reply stop to opt out Reply STOP to opt out")
    other = COPY + " Text END to leave"
    assert found(workspace(other, f"ours: {own(STOP)}"), "optout-not-last") == []


def test_what_the_gateway_adds_behind_the_opt_out_is_told_in_china(
    workspace: Callable[..., Path],
) -> None:
    root = workspace(
        "【示例】您好。拒收请回复R",
        f"ours: {own(' suffix: 谢谢,', 'cn')}",
        markets="CN",
        locale="zh-CN",
        brand="示例",
    )
    [finding] = found(root, "optout-not-last")
    assert finding.message == "'谢谢' follows the opt-out, which must come last"
    assert "the gateway adds it" in finding.help


@pytest.mark.parametrize(("chosen", "count"), [("ours", 0), ("{IN: ours}", 1)])
def test_the_sender_is_named_on_every_route_that_needs_it(
    workspace: Callable[..., Path], chosen: str, count: int
) -> None:
    root = workspace(
        "news",
        "ours: " + own(' prefix: "ACME: ",'),
        chosen=chosen,
        markets="GB, US, IN",
        purpose="otp",
    )
    assert len(found(root, "brand-missing")) == count


@pytest.mark.parametrize(
    ("copy", "prefix", "messages"),
    [
        ("您好。", "【示例】", []),
        ("【示例】您好。", "【示例】", ["the gateway adds the signature, and here is another"]),
        ("您好。", "【别家】", ["the gateway adds the signature 别家, brand.signature is 示例"]),
        ("【示例】您好。", "通知", ["the gateway adds '通知' before the signature"]),
        ("您好。", "", ["the text has no signature 【…】"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("markets", ["CN", "HK, CN"])
def test_a_signature_among_what_the_gateway_puts_first_counts(
    workspace: Callable[..., Path],
    copy: str,
    prefix: str,
    messages: list[str],
    markets: str,
) -> None:
    profile = own(f" prefix: {prefix}," if prefix else "", "cn")
    root = workspace(
        copy,
        f"ours: {profile}",
        markets=markets,
        locale="zh-CN",
        brand="示例",
        purpose="otp",
    )
    assert [item.message for item in found(root, "cn-signature")] == messages
