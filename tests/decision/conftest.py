from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)

FILES: dict[str, str | bytes] = {
    "copylab.yaml": """\
brand: {name: Sample, signature: Sample}
markets: [US]
locales: {default: en-US}
attributes: {user_id: string, household: "string?", loans: int, approved_at: "timestamp?"}
data: {exposures: "data/exposures/*.parquet", outcomes: data/outcomes.parquet}
""",
    "templates/winback/message.yaml": """\
# Who it is for
purpose: transactional
live:   plain     # what everybody gets
variants: {plain: {}, coupon: {}, milestone: {}}
variables:
  name: {type: person_name, max: 20, charset: latin, missing: there}
""",
    "templates/winback/sms.en-US.md": """\
# plain
Sample: hello {{ name }}.
# coupon
Sample: hello {{ name }}, a coupon.
# milestone
Sample: hello {{ name }}, a year.
""",
    "experiments/audiences.yaml": "open: loans = 0\n",
    "experiments/metrics.yaml": """\
click: {event: click, kind: share, within: 3d}
login: {event: login, kind: share}
amount: {event: loan, kind: mean, value: amount, within: 14d, winsorise: 99.9%}
opt_out: {event: opt_out, kind: share, within: 7d, better: lower, margin: 1%}
""",
    "experiments/hook.yaml": """\
# The hook
message: winback
channels: [sms]
audience: open
salt: hook.1
arms: {plain: 45%, coupon: 45%, none: 10%}  # and silence
control: plain
metrics: {primary: click, secondary: [login, amount], guardrails: [opt_out]}
plan: {mde: 50%, looks: 2, window: 7d}
""",
}


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def files() -> dict[str, str | bytes]:
    return dict(FILES)


@pytest.fixture
def root(make_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    return make_files(dict(FILES))
