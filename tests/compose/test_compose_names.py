"""Real names of 86 locales through every sample template, channel and locale."""

from __future__ import annotations

import json
import os
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.sms import measure
from copylab.compose.build import BUILDERS
from copylab.compose.prepare import PreparedCopy, prepare_copy
from copylab.compose.render import read_values
from copylab.lint.case import Field
from copylab.message.values import MISSING

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.workspace import Workspace

MAX_PUSH_BYTES = 4096
KEYS = ("longest", "odd", "shortest", "not_nfc")


@pytest.fixture(scope="session")
def names() -> list[str]:
    default = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    path = Path(os.environ.get("COPYLAB_DATA", default)) / "names_worstcase.json"
    if not path.is_file():
        pytest.skip(f"no names at {path}; set COPYLAB_DATA")
    locales = json.loads(path.read_text("utf-8"))["locales"]
    return sorted(
        {
            name
            for parts in locales.values()
            for part in parts.values()
            for key in KEYS
            for name in part.get(key, ())
        }
    )


@pytest.fixture(scope="session")
def worst_user(sample: Workspace) -> dict[str, object]:
    return dict(sample.personas["everything_longest"])


def copies(sample: Workspace, channel: str) -> list[tuple[PreparedCopy, Any]]:
    """Every prepared copy of a channel that can be sent, with its templates."""
    found = []
    for key in sample.templates:
        message = sample.messages[key[0]]
        if key[1] == channel:
            copy = prepare_copy(sample, message, *key[1:])
            found.append((copy, sample.templates[key]))
    return found


def distinct_values(
    copy: PreparedCopy, names: list[str], user: dict[str, object]
) -> list[dict[str, Any]]:
    """The values for each name; copy that prints no name is composed once."""
    if not any(item.source == "call_name" for item in copy.inputs):
        names = names[:1]
    found = []
    for name in names:
        values, problems = read_values(copy, {**user, "call_name": name})
        assert problems == []
        found.append(values)
    return found


def test_names_are_printed_whole_or_replaced(
    sample: Workspace, names: list[str]
) -> None:
    assert len(names) > 1000
    printed = 0
    for copy, _ in copies(sample, "sms")[:1] + copies(sample, "email"):
        inputs = [item for item in copy.inputs if item.source == "call_name"]
        for item in inputs:
            limit = item.variable.max_length
            assert limit is not None
            for name in names:
                value = item.read(name)
                if value is MISSING:
                    continue
                printed += 1
                assert len(str(value)) <= limit
                assert not set(str(value)) & set("<>[]{}/\\@:\n\r\u202e\u200b")
    assert printed > 1000


def test_no_name_costs_more_segments_than_the_proof_says(
    sample: Workspace, names: list[str], worst_user: dict[str, object]
) -> None:
    checked = 0
    for copy, templates in copies(sample, "sms"):
        worst = Field("body", templates["body"]).worst(
            "sms", lambda text: measure(text).segments if text else 0
        )
        assert worst is not None
        most = measure(worst[1].text)
        for values in distinct_values(copy, names, worst_user):
            sms = BUILDERS["sms"](copy, values, lambda _: None)
            assert sms.segments <= most.segments
            assert sms.units <= most.units or sms.encoding != most.encoding
            checked += 1
    assert checked > 1000


def test_no_name_breaks_a_push(
    sample: Workspace, names: list[str], worst_user: dict[str, object]
) -> None:
    for copy, _ in copies(sample, "push"):
        for values in distinct_values(copy, names, worst_user):
            push = BUILDERS["push"](copy, values, lambda _: None)
            for service in ("apns", "fcm"):
                for serializer in ("compact", "spaced", "ascii"):
                    size = push.payload_bytes(service, serializer)
                    assert size <= MAX_PUSH_BYTES


class Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for key, value in attrs if key == "href"]


def parse(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    parser.close()
    return parser


def test_no_name_breaks_an_email(
    sample: Workspace, names: list[str], worst_user: dict[str, object], at: datetime
) -> None:
    """Names that some template prints; each email keeps its tags, links and headers."""
    shapes: dict[tuple[str, ...], Balanced] = {}
    for message_id, message in sample.messages.items():
        for locale in ("zh-CN", "en-US"):
            some = {
                item.read(name): name
                for copy in [
                    prepare_copy(sample, message, "email", locale, message.live)
                ]
                for item in copy.inputs
                if item.source == "call_name"
                for name in names
            }
            some.pop(MISSING, None)
            chosen = sorted(some.values())[:: max(1, len(some) // 60)]
            user = {**worst_user, "limit": 50_000}
            for name in chosen:
                email = sample.compose(
                    message_id,
                    {**user, "call_name": name},
                    channel="email",
                    locale=locale,
                    at=at,
                )
                page = parse(email.html)
                first = shapes.setdefault((message_id, locale), page)
                assert (page.tags, page.links) == (first.tags, first.links)
                raw = email.to_email_message("a@b.example").as_bytes()
                parsed = BytesParser(policy=policy.default).parsebytes(raw)
                assert parsed["Subject"] == email.subject
                body = parsed.get_body(("plain",))
                assert body.get_content().split() == email.text.split()
