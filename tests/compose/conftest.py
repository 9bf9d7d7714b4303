from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)

SHOP = {
    "copylab.yaml": """\
brand: {name: Shop, signature: Shop}
markets: [US]
locales: {default: en-US, also: [zh-CN], missing: error}
attributes: {user_id: string, loans: int, joined_at: timestamp?}
email: {layout: main, unsubscribe: leave, from: Shop <hello@shop.example>}
""",
    "templates/_layouts/main.html": """\
<!doctype html><html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>{{ body }}<a href="{{ unsubscribe_url }}">out</a></body></html>
""",
    "templates/_layouts/main.txt": "{{ body }}\n\nOut: {{ unsubscribe_url }}\n",
    "templates/_partials/terms.md": "Terms apply.",
    "templates/news/message.yaml": """\
purpose: marketing
live: plain
variants: {plain: {}, coupon: {}}
variables:
  name:   {type: person_name, max: 12, missing: {zh-CN: 您, en-US: there}}
  amount: {type: money, currency: USD, decimals: 2, min: 0, max: 5000, missing: skip}
  days:   {type: int, min: 1, max: 99, missing: 7}
  link:   {type: url, base: "https://shop.example/", max: 40, missing: error}
  leave:  {type: url, base: "https://shop.example/out/", max: 60, missing: error}
  note:   {type: text, max: 40, missing: ""}
  goods:
    type: list
    max_items: 3
    missing: []
    items: {title: {type: text, max: 20}, price: {type: decimal, min: 0, max: 99, missing: 1}}
""",
    "templates/news/sms.en-US.md": """\
# plain
Shop: {{ name }}, {{ amount | money }} for {{ days }} \
{{ days | plural(one="day", other="days") }}. {% include "terms.md" %} \
{{ link }} Reply STOP to opt out
# coupon
Shop: a coupon of {{ amount | money }} for {{ name }}. {{ link }} Reply STOP to opt out
""",
    "templates/news/sms.zh-CN.md": """\
# plain
【Shop】{{ name }}，{{ amount | money }}，{{ link }} 拒收请回复R
# coupon
【Shop】{{ name }}，{{ amount | money }}券，{{ link }} 拒收请回复R
""",
    "templates/news/push.en-US.md": """\
# plain
## title
Hi {{ name }}
## body
{{ note }}
# coupon
## title
A coupon
## body
{{ name }}: {{ amount | money }}
""",
    "templates/news/push.zh-CN.md": """\
# plain
## title
{{ name }}
## body
{{ note }}
# coupon
## title
券
## body
{{ amount | money }}
""",
    "templates/news/email.en-US.md": """\
# plain
## subject
News for {{ name }}
## preheader
{{ note }}
## body
Hi **{{ name }}**, {{ note }}

{% for item in goods %}
- {{ item.title }}: {{ item.price }}
{% endfor %}

[Look]({{ link }})
# coupon
## subject
A coupon
## body
{{ amount | money }}
""",
    "templates/news/email.zh-CN.md": """\
# plain
## subject
{{ name }}
## body
{{ note }} 您好
# coupon
## subject
券
## body
{{ amount | money }}
""",
    "experiments/audiences.yaml": "fresh: loans = 0 and joined_at <= now - 3 days\n",
    "experiments/hook.yaml": """\
message: news
channels: [sms]
status: running
audience: fresh
unit: user_id
salt: hook.1a2b3c
arms: {plain: 40%, coupon: 40%, none: 20%}
control: plain
epochs:
  - {epoch: 1, at: 2026-11-01T00:00:00Z, hash: abc, arms: {plain: 40%, coupon: 40%, none: 20%}}
""",
}


@pytest.fixture(scope="session")
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def shop_files() -> dict[str, str]:
    return dict(SHOP)


@pytest.fixture
def write_shop(tmp_path: Path) -> Callable[..., Path]:
    """Writes the shop, with files replaced, added or (None) left out."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        root = tmp_path / "shop"
        for name, text in {**SHOP, **(changes or {})}.items():
            if text is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        return root

    return write


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("shop")
    for name, text in SHOP.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load(root)


@pytest.fixture(scope="session")
def quiet_shop(shop: Workspace) -> Workspace:
    """The shop without its experiment."""
    return replace(shop, experiments={})


@pytest.fixture(scope="session")
def sample() -> Workspace:
    return load(ROOT)


@pytest.fixture
def user() -> dict[str, Any]:
    return {
        "user_id": "u1",
        "locale": "en-US",
        "loans": 0,
        "joined_at": "2026-01-01T00:00:00Z",
        "name": "Ann",
        "amount": 12,
        "days": 3,
        "link": "a",
        "leave": "b",
        "note": "a note",
        "goods": [{"title": "Tea", "price": 3}],
    }
