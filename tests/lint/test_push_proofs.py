"""What lint proves of a push holds for every push that is sent, with its real envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.channels.push_plan import PushPlan
from copylab.channels.push_profile import load_push_profile, vendor_names
from copylab.errors import RenderError
from copylab.lint.case import Field, Words
from copylab.lint.engine import lint_catalog
from copylab.lint.push_limits import vendors_of
from copylab.lint.rules.payload_bytes import most_bytes
from copylab.message.charsets import in_charset
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.workspace import Workspace

SERVICES = ("apns", "fcm", "webpush", "vivo")
CONFIG = """\
brand: {name: Shop, signature: Shop}
markets: [CN]
locales: {default: zh-CN}
push:
  services: [apns, fcm, webpush, vivo]
  serializer: SERIALIZER
  link: go
  data: {campaign: "召回 \\"a\\""}
  apns: {subtitle: 副标题, badge: 3, sound: {name: ding.caf, critical: false}}
  fcm: {channel_id: news, apns: {subtitle: 副}}
  webpush: {require_interaction: true}
"""
MESSAGE = """\
purpose: transactional
live: plain
variables:
  note: {type: text, max: 30, missing: ""}
  name: {type: person_name, max: 8, charset: zh, missing: 您}
  tall: {type: bool, missing: false}
  go:   {type: url, max: 60, missing: "https://shop.example/"}
"""
WORDS = """\
## title
{% if tall %}{{ name | upper }}{% else %}"{{ note }}"{% endif %}!
## body
{{ note }} {{ name }}{% if note == "" %} 无{% endif %}
"""


def lay(serializer: str) -> dict[str, str]:
    return {
        "copylab.yaml": CONFIG.replace("SERIALIZER", serializer),
        "templates/m/message.yaml": MESSAGE,
        "templates/m/push.zh-CN.md": WORDS,
    }


def words_of(workspace: Workspace) -> Words:
    key = ("m", "push", "zh-CN", "plain")
    fields = {
        name: Field(name, template)
        for name, template in workspace.templates[key].items()
    }
    return Words(workspace, workspace.messages["m"], *key[1:], fields)


NOTES = st.text(st.characters(codec="utf-8"), max_size=30) | st.text(
    st.sampled_from('"\\/𠀀中é~\x7fΐﬃ'), max_size=30
)
PATHS = st.text(st.sampled_from('"\\/abc%?&='), max_size=45)


@pytest.fixture(scope="module", params=["compact", "spaced", "ascii"])
def proved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, PushPlan, dict[str, int]]:
    root = tmp_path_factory.mktemp(request.param)
    for name, text in lay(request.param).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    workspace = open_workspace(root)
    assert not workspace.findings
    words = words_of(workspace)
    plan = PushPlan(words.message.push, "zh-CN")
    sizes = {service: most_bytes(words, plan, service) for service in SERVICES}
    return workspace, plan, sizes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=NOTES, name=NOTES, tall=st.booleans(), path=PATHS)
def test_no_payload_is_larger_than_what_was_proved(
    note: str,
    name: str,
    tall: bool,  # noqa: FBT001 - Hypothesis fills it by its name
    path: str,
    proved: tuple[Workspace, PushPlan, dict[str, int]],
) -> None:
    workspace, plan, sizes = proved
    user = {"note": note, "name": name, "tall": tall, "go": f"https://s.cn/{path}"}
    try:
        sent: Any = workspace.render("m", user, channel="push", locale="zh-CN")
    except RenderError:
        assert "go" not in user or path
        return
    for service, payload in sent.payload.items():
        assert plan.size(service, payload) <= sizes[service], service


def test_the_largest_payload_reaches_what_was_proved(
    proved: tuple[Workspace, PushPlan, dict[str, int]],
) -> None:
    workspace, plan, sizes = proved
    # Without a base, an address is proved as `http://` and the costliest characters.
    link = "http://a/" + '"' * 51
    user = {"note": "𠀀" * 30, "name": "𠀀" * 8, "tall": False, "go": link}
    sent: Any = workspace.render("m", user, channel="push", locale="zh-CN")
    for service, payload in sent.payload.items():
        slack = sizes[service] - plan.size(service, payload)
        # What is proved of the address puts quotes where a host has to stand.
        assert 0 <= slack <= 4, (service, slack)


@pytest.mark.parametrize(
    ("serializer", "limit", "count"),
    [("compact", 4096, 1300), ("ascii", 4096, 640), ("spaced", 4096, 1300)],
)
def test_the_edge_of_a_limit_is_exact(
    serializer: str, limit: int, count: int, make_files: Callable[..., Path]
) -> None:
    def severities(extra: int) -> set[str]:
        files = {
            "copylab.yaml": "brand: {name: S}\nmarkets: [US]\nlocales: {default: zh-CN}\n"
            f"push: {{services: [apns], serializer: {serializer}}}\n",
            "templates/m/message.yaml": "purpose: transactional\nlive: plain\n",
            "templates/m/push.zh-CN.md": f"## title\n好\n## body\n{'好' * count}"
            + "a" * extra
            + "\n",
        }
        found = lint_catalog(
            open_workspace(make_files(files)), select=["PSH001"]
        ).findings
        return {item.severity for item in found}

    def size(extra: int) -> int:
        from copylab.channels.push import apns_payload, payload_bytes  # noqa: PLC0415

        body = "好" * count + "a" * extra
        return payload_bytes(apns_payload("好", body), serializer)  # type: ignore[arg-type]

    extra = limit - size(0)
    assert extra > 0
    assert size(extra) == limit
    assert severities(extra) == set()
    assert severities(extra + 1) == {"error"}


def set_up(
    push: str, *, market: str = "CN", title: str = "好", body: str = "好"
) -> Any:
    return {
        "copylab.yaml": f"brand: {{name: S}}\nmarkets: [{market}]\n"
        "locales: {default: zh-CN}\n" + (f"push: {push}\n" if push else ""),
        "templates/m/message.yaml": "purpose: transactional\nlive: plain\n",
        "templates/m/push.zh-CN.md": f"## title\n{title}\n## body\n{body}\n",
    }


def found(files: dict[str, str], make: Callable[..., Path], *rules: str) -> set[Any]:
    findings = lint_catalog(open_workspace(make(files)), select=rules).findings
    return {(item.rule, item.severity) for item in findings}


@pytest.mark.parametrize(
    ("push", "title", "expected"),
    [
        ("", "好" * 20, set()),
        ("", "好" * 21, {("title-hard-cap", "warning")}),  # vivo, of seven
        ("{services: [vivo]}", "好" * 21, {("title-hard-cap", "error")}),
        ("{services: [oppo]}", "好" * 21, set()),
        ("{services: [vivo], limits: {vivo: {max_title: 42}}}", "好" * 21, set()),
        ("{services: [oppo]}", "好" * 33, {("title-hard-cap", "error")}),
        ("{services: [oppo], limits: {oppo: {max_title: 50}}}", "好" * 33, set()),
        ("{services: [apns]}", "好" * 61, set()),
        ("{services: [vivo]}", "é" * 21, {("title-hard-cap", "error")}),
        ("{services: [honor]}", "é" * 60, set()),
        ("{services: [honor]}", "é" * 61, {("title-hard-cap", "error")}),
        ("{services: [honor]}", "好" * 31, {("title-hard-cap", "error")}),
    ],
)
def test_a_makers_limit_counts_where_it_delivers(
    push: str, title: str, expected: set[Any], make_files: Callable[..., Path]
) -> None:
    files = set_up(push, title=title)
    assert found(files, make_files, "title-hard-cap") == expected


def test_a_named_maker_counts_outside_of_china_too(
    make_files: Callable[..., Path],
) -> None:
    files = set_up("{services: [meizu]}", market="US", body="a" * 101)
    assert found(files, make_files, "body-hard-cap") == {("body-hard-cap", "error")}
    files = set_up("", market="US", body="a" * 101)
    assert found(files, make_files, "body-hard-cap") == set()


def test_android_clips_only_what_goes_to_android(
    make_files: Callable[..., Path],
) -> None:
    body = "a" * 1025
    for push, expected in (("", True), ("{services: [apns]}", False)):
        files = set_up(push, market="US", body=body)
        assert bool(found(files, make_files, "body-hard-cap")) is expected


def test_which_makers_are_judged(make_files: Callable[..., Path]) -> None:
    def vendors(push: str, *, in_china: bool) -> tuple[tuple[str, ...], set[str]]:
        workspace = open_workspace(make_files(set_up(push)))
        chosen = vendors_of(workspace.messages["m"], in_china=in_china)
        return chosen.judged, set(chosen.named)

    assert vendors("", in_china=True) == (vendor_names(), set())
    assert vendors("", in_china=False) == ((), set())
    assert vendors("{services: [apns, oppo]}", in_china=True) == (("oppo",), {"oppo"})
    named = vendors("{xiaomi: {channel_id: '1'}}", in_china=True)
    assert named == (vendor_names(), {"xiaomi"})


def test_a_payload_that_vivo_may_drop_is_a_warning(
    make_files: Callable[..., Path],
) -> None:
    files = set_up(f"{{services: [vivo], data: {{k: {'a' * 660}}}}}")
    assert found(files, make_files, "payload-bytes") == {("payload-bytes", "warning")}
    files = set_up(
        f"{{services: [vivo], data: {{k: {'a' * 660}}}, "
        "limits: {vivo: {warning_payload_bytes: 900}}}"
    )
    assert found(files, make_files, "payload-bytes") == set()
    assert load_push_profile("vivo").warning_payload_bytes == 700


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad"])
@pytest.mark.parametrize("place", ["title", "body"])
def test_an_unseen_or_turning_character_is_found_in_a_push(
    char: str, place: str, make_files: Callable[..., Path]
) -> None:
    files = set_up("", **{place: f"好{char}好"})
    assert found(files, make_files, "invisible-char") == {("invisible-char", "error")}
    assert not in_charset(f"a{char}b", "any")  # so that no value brings it either
