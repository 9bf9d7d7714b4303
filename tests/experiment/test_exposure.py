import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from copylab.experiment.exposure import (
    EXPOSURE_COLUMNS,
    EXPOSURE_REASONS,
    Exposure,
    format_time,
)


@pytest.fixture
def exposure() -> Exposure:
    return Exposure(
        datetime(2026, 1, 31, 17, 30, tzinfo=timezone(timedelta(hours=8))),
        "send-1",
        "winback_hook",
        "winback_hook.9f3a1c",
        "md5-v1",
        "user_id",
        "user-1",
        538186,
        304169,
        1,
        None,
        "plain",
        "assigned",
        "ab" * 32,
        "winback_day3",
        "plain",
        "cd" * 32,
        "sms",
        "zh-CN",
        1,
        "0.1.0",
    )


def test_columns_keep_their_order(exposure: Exposure) -> None:
    assert EXPOSURE_COLUMNS == (
        "ts",
        "send_id",
        "experiment",
        "salt",
        "scheme",
        "unit_type",
        "unit",
        "traffic_bucket",
        "arm_bucket",
        "epoch",
        "layer",
        "arm",
        "reason",
        "audience_hash",
        "template_id",
        "variant",
        "template_hash",
        "channel",
        "locale",
        "segments",
        "lib_version",
    )
    assert tuple(exposure.to_dict()) == EXPOSURE_COLUMNS


def test_a_record_survives_json(exposure: Exposure) -> None:
    record = exposure.to_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["ts"] == "2026-01-31T09:30:00Z"
    assert record["layer"] is None
    assert record["arm_bucket"] == 304169


def test_is_frozen(exposure: Exposure) -> None:
    with pytest.raises(AttributeError):
        exposure.arm = "coupon"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        exposure.extra = 1  # type: ignore[attr-defined]


def test_times_keep_their_microseconds_and_need_a_zone() -> None:
    assert format_time(datetime(2026, 1, 1, 0, 0, 0, 5, UTC)).endswith(".000005Z")
    with pytest.raises(ValueError, match="must have a time zone"):
        format_time(datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_names_every_reason() -> None:
    assert len(EXPOSURE_REASONS) == 7
    assert EXPOSURE_REASONS[0] == "assigned"
