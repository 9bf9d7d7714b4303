"""A message with a variable of every type, and a state of its workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.preview.shown import Shown
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[[dict[str, str]], Path]

CONFIG = """\
markets: {en-US: [US], zh-CN: [CN]}
locales: {default: en-US, also: [zh-CN]}
brand: {name: Sample, signature: Sample}
"""
MESSAGE = """\
purpose: transactional
live: plain
locales: [en-US]
variants: {plain: {}, loud: {}}
variables:
  name:  {type: person_name, max: 12, missing: there}
  note:  {type: text, max: 40, missing: ""}
  poem:  {type: text, max: 60, multiline: true, missing: "-"}
  code:  {type: text, max: 6, charset: digits, missing: error}
  days:  {type: int, min: -3, max: 720, missing: 30}
  rate:  {type: percent, min: 0, max: 36, missing: skip}
  limit: {type: money, currency: USD, min: 500, max: 200000, missing: skip}
  until: {type: date, min: 2026-01-01, max: 2030-12-31, missing: 2026-12-31}
  at:    {type: datetime, missing: skip}
  link:  {type: url, base: "https://s.example.com/w/", max: 40, missing: error}
  stage: {type: enum, values: [registered, approved, repaid], missing: registered}
  vip:   {type: bool, from: app_installed, missing: false}
  goods: {type: list, max_items: 3, missing: skip,
          items: {title: {type: text, max: 10}, kind: {type: enum, values: [book, pen]}}}
"""
SMS = """\
# plain
Sample: Hi {{ name }}, {% if days > 30 %}it has been {{ days }} days{% else %}\
welcome{% endif %}. {% if stage == "repaid" %}Now at http://bit.ly/free {% endif %}\
Up to {{ limit | money }}: {{ link }}
# loud
Sample: {{ name }}! {% if limit >= 50000 and vip %}Dear VIP. {% endif %}\
{% if note == "gold" %}Gold. {% endif %}Code {{ code }} {{ note }}
"""
PUSH = """\
# plain
## title
Hi {{ name }}
## body
{{ poem }} {{ rate | percent }} {{ until | date }} {{ at | time }}
# loud
## title
Hi
## body
{{ note }} more
"""
EMAIL = """\
# plain
## subject
Hi {{ name }}
## body
{% for item in goods %}
- {{ item.title }} {{ item.kind }}
{% endfor %}
# loud
## subject
Hi
## body
{{ note }} more
"""
PERSONAS = """\
ann:
  locale: en-US
  name: Ann
  days: 12
  limit: 7000
  code: "4711"
  link: abc
  stage: approved
  app_installed: true
  goods: [{title: Ink, kind: pen}]
chinese: {locale: zh-CN, name: 王小明}
hostile_one: {name: "<script>alert(1)</script>", days: [1], limit: .nan, stage: 3}
"""
FILES = {
    "copylab.yaml": CONFIG,
    "templates/_personas.yaml": PERSONAS,
    "templates/hello/message.yaml": MESSAGE,
    "templates/hello/sms.en-US.md": SMS,
    "templates/hello/push.en-US.md": PUSH,
    "templates/hello/email.en-US.md": EMAIL,
}
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def files() -> dict[str, str]:
    return dict(FILES)


@pytest.fixture
def show() -> Callable[[Path], Shown]:
    """The state of the workspace in a folder."""

    def look(root: Path) -> Shown:
        workspace = open_workspace(root)
        return Shown(root, workspace, workspace.lint(), NOW)

    return look


@pytest.fixture(scope="session")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The state of the workspace with all types."""
    root = tmp_path_factory.mktemp("hello")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace = open_workspace(root)
    assert workspace.errors() == ()
    return Shown(root, workspace, workspace.lint(), NOW)
