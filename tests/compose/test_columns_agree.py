"""A table is composed in columns; each row must be what one user gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.compose import compose_batches
from copylab.compose.result import Rejected, Skipped

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.workspace import Workspace

SEND = "send"
_NUMBERS = ("loans", "amount", "days")
rows = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from(["u1", "u2", "张", "x" * 60, "", None, "a%s%%b"]),
        "locale": st.sampled_from(["en-US", "zh-CN", "zh-Hans-CN", "fr-FR", "", None]),
        "loans": st.sampled_from([0, 1, None]),
        "joined_at": st.sampled_from(
            ["2026-01-01T00:00:00Z", "2026-11-22T10:00:00Z", "soon", None]
        ),
        "name": st.sampled_from(
            [
                "Ann",
                "Zoë",
                "张伟",
                "[x]",
                "A~B",
                "€",
                "\u3000",
                "🙂",
                "a\nb",
                "%s",
                None,
            ]
        ),
        "amount": st.sampled_from([12, 13, 5000, 9999, None]),
        "days": st.sampled_from([1, 3, 200, None]),
        "link": st.sampled_from(["a", "b/c", "é", "..", "x" * 39, None]),
        "leave": st.sampled_from(["b", None, ".."]),
        "note": st.sampled_from(["n", "", "*x*", "张", None]),
    }
)


def expected(
    shop: Workspace, user: dict[str, Any], channel: str, at: datetime
) -> tuple[Any, ...]:
    composed = shop.compose("news", user, channel=channel, at=at, send_id=SEND)
    exposure = None if isinstance(composed, Rejected) else composed.exposure
    if isinstance(composed, Skipped | Rejected):
        status = "skipped" if isinstance(composed, Skipped) else "rejected"
        told = (status, composed.reason, "; ".join(composed.problems))
        return user["user_id"], told, exposure and exposure.to_dict()
    fields = ["text"] if channel == "sms" else ["title", "body"]
    if channel == "sms":
        fields += ["encoding", "units", "segments", "segments_max", "product"]
    told = tuple(getattr(composed, field) for field in fields)
    return user["user_id"], told, exposure and exposure.to_dict()


def batch_of(users: list[dict[str, Any]]) -> pa.RecordBatch:
    types = [
        (name, pa.int64() if name in _NUMBERS else pa.string()) for name in users[0]
    ]
    return pa.RecordBatch.from_pylist(users, schema=pa.schema(types))


def found(
    shop: Workspace, users: list[dict[str, Any]], channel: str, at: datetime
) -> list[tuple[Any, ...]]:
    done = compose_batches(
        shop, "news", [batch_of(users)], channel=channel, at=at, send_id=SEND
    )
    (batch,) = done
    told: dict[int, tuple[Any, ...]] = {}
    for row in batch.messages.to_pylist():
        cells = list(row.values())
        told[row["row"]] = (row["unit"], tuple(cells[5:]))
        if channel == "push":
            told[row["row"]] = (row["unit"], (row["title"], row["body"]))
    for row in batch.rejects.to_pylist():
        why = (row["status"], row["reason"], row["problems"])
        told[row["row"]] = (row["unit"], why)
    exposures = iter(batch.exposures.to_pylist())
    everybody = []
    for place in range(len(users)):
        unit, what = told[place]
        exposure = None if what[0] == "rejected" and len(what) == 3 else next(exposures)
        if exposure is not None:
            exposure["ts"] = exposure["ts"].strftime("%Y-%m-%dT%H:%M:%SZ")
        everybody.append((unit, what, exposure))
    assert next(exposures, None) is None
    return everybody


@pytest.mark.parametrize("channel", ["sms", "push"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(users=st.lists(rows, min_size=1, max_size=24))
def test_each_row_is_what_one_user_gets(
    shop: Workspace, at: datetime, users: list[dict[str, Any]], channel: str
) -> None:
    wanted = [expected(shop, user, channel, at) for user in users]
    assert found(shop, users, channel, at) == wanted


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_links_that_all_differ_are_measured_as_one_by_one(
    shop: Workspace, at: datetime, locale: str
) -> None:
    """Enough rows that texts are joined in Arrow and measured once a size."""
    names = ["Ann", "Zoë", "[x]", "A~B", "张伟", None, "€", "%s", "Bo\u00a0B"]
    users = [
        {
            "user_id": f"u{i}",
            "locale": locale,
            "loans": 0,
            "joined_at": "2026-01-01T00:00:00Z",
            "name": names[i % len(names)],
            "amount": i % 5001,
            "days": i % 99 + 1,
            "link": None if i % 50 == 0 else f"{'p' * (i % 30)}{i}",
        }
        for i in range(3000)
    ]
    wanted = [expected(shop, user, "sms", at) for user in users]
    assert found(shop, users, "sms", at) == wanted
    assert len({what[0] for _, what, _ in wanted}) > 1000
