"""The sender's settings: what is read can be sent, and what cannot is told of."""

from __future__ import annotations

import email
import json
from datetime import UTC, datetime
from email import policy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.composed import Email
from copylab.channels.email import build_email
from copylab.channels.sender import SENDER_HEADERS, can_be_sent, write_sender
from copylab.errors import WorkspaceError
from copylab.workspace import load, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

SOUND = [
    ("from", "Shop <a@b.example>", "Shop <a@b.example>"),
    ("from", "a@b.example", "a@b.example"),
    ("from", "示例 <a@b.example>", "示例 <a@b.example>"),
    ("from", "SampleLend Inc. <a@b.example>", '"SampleLend Inc." <a@b.example>'),
    ("from", "Acme (UK) <a@b.example>", '"Acme (UK)" <a@b.example>'),
    ("from", "a@b.example <c@d.example>", '"a@b.example" <c@d.example>'),
    ("from", '"A, B" <a@b.example>', '"A, B" <a@b.example>'),
    ("reply_to", "Acme Ltd, <a@b.example>", '"Acme Ltd," <a@b.example>'),
    ("reply_to", "A <a@b.example>, B <c@d.example>", "A <a@b.example>, B <c@d.example>"),
    ("reply_to", "a@b.example, B <c@d.example>", "a@b.example, B <c@d.example>"),
    ("feedback_id", "campaign:brand:mail:id", "campaign:brand:mail:id"),
]  # fmt: skip
UNSOUND = [
    ("from", "Acme <a@bü.example>"),
    ("from", "=?utf-8?q?x?= <a@b.example>"),
    ("from", "Acme <a b@b.example>"),
    ("from", "Acme <a@b..example>"),
    ("from", "Acme <a@b.example> x"),
    ("from", "A <a@b.example>, B <c@d.example>"),
    ("from", "{{ name }} <a@b.example>"),
    ("from", "A{# x #} <a@b.example>"),
    ("from", "A\r\nBcc: x@y.z <a@b.example>"),
    ("from", "A\u202e <a@b.example>"),
    ("from", ""),
    ("reply_to", "x"),
    ("reply_to", "{% if a %}x{% endif %}@b.example"),
    ("feedback_id", "好"),
    ("feedback_id", "a\nX: y"),
    ("feedback_id", "  "),
    ("feedback_id", "x" * 990),
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from([
            "Acme", " ", "<", ">", "a@b.example", "<a@b.example>", '"', ",", ";", ":",
            ".", "\\", "(", ")", "@", "=?", "\r\n", "示例", "[", "]", "\u202e", "{{", "ü",
        ]),
        st.text(max_size=3),
    ),
    max_size=8,
).map("".join)  # fmt: skip


def write(root: Path, own: dict[str, str], shared: dict[str, str]) -> Path:
    def lines(values: dict[str, str]) -> str:
        pairs = (f"  {key}: {json.dumps(text)}\n" for key, text in values.items())
        return "email:\n" + "".join(pairs) if values else ""

    files = {
        "copylab.yaml": "brand: {name: Shop}\nmarkets: [US]\nlocales: {default: en-US}\n"
        + lines(shared),
        "templates/receipt/message.yaml": "purpose: transactional\nlive: plain\n"
        + lines(own),
        "templates/receipt/email.en-US.md": "## subject\nYour receipt\n## body\nThank you.\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


@pytest.mark.parametrize(("key", "text", "value"), SOUND)
@pytest.mark.parametrize("is_own", [False, True])
def test_what_is_read_is_sent(
    tmp_path: Path, key: str, text: str, value: str, *, is_own: bool
) -> None:
    settings = {key: text}
    write(tmp_path, settings if is_own else {}, {} if is_own else settings)
    user = {"user_id": "1", "locale": "en-US"}
    at = datetime(2026, 11, 22, 11, tzinfo=UTC)
    sent = load(tmp_path).compose("receipt", user, channel="email", at=at)
    assert isinstance(sent, Email)
    assert sent.headers[SENDER_HEADERS[key]] == value
    octets = sent.to_email_message().as_bytes(policy=policy.SMTP)
    parsed = email.message_from_bytes(octets, policy=policy.default)
    assert str(parsed[SENDER_HEADERS[key]]) == value


@pytest.mark.parametrize(("key", "text"), UNSOUND)
@pytest.mark.parametrize("is_own", [False, True])
def test_what_no_message_can_be_built_with_is_told_of_once_at_its_place(
    tmp_path: Path, key: str, text: str, *, is_own: bool
) -> None:
    settings = {key: text}
    write(tmp_path, settings if is_own else {}, {} if is_own else settings)
    with pytest.raises(WorkspaceError):
        load(tmp_path)
    opened = open_workspace(tmp_path)
    [finding] = [
        item
        for item in opened.lint().findings
        if f"email.{key}" in item.message or "sender" in item.message
    ]
    assert (finding.rule, finding.severity) == ("bad-value", "error")
    file = "templates/receipt/message.yaml" if is_own else "copylab.yaml"
    assert finding.file == file
    place = (tmp_path / file).read_text("utf-8").splitlines()[(finding.line or 0) - 1]
    assert place[: (finding.column or 0) - 1] == f"  {key}: "
    assert finding.help
    shown = opened.render("receipt", {}, channel="email", locale="en-US")
    assert isinstance(shown, Email)
    assert shown.headers == {}
    shown.to_email_message()


@given(key=st.sampled_from(sorted(SENDER_HEADERS)), text=TEXTS)
def test_a_setting_is_refused_or_builds_a_message_with_no_other_header(
    key: str, text: str
) -> None:
    if not can_be_sent(key, text):
        return
    value = write_sender(key, text)
    assert write_sender(key, value) == value
    headers = {SENDER_HEADERS[key]: value}
    message = build_email("s", html="<p>a</p>", text="a", headers=headers)
    parsed = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    names = {"Subject", "MIME-Version", "Content-Type", SENDER_HEADERS[key]}
    assert set(parsed.keys()) == names


def test_a_message_that_names_an_opt_out_has_to_have_it(tmp_path: Path) -> None:
    write(tmp_path, {"unsubscribe": "nope"}, {})
    found = open_workspace(tmp_path).lint().findings
    told = [item for item in found if item.rule == "undeclared-variable"]
    assert [(item.line, item.severity) for item in told] == [(4, "error")]
    assert "nope" in told[0].message
