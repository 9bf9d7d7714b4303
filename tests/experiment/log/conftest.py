"""What the tests of the log share: exposures, and readers that are not ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from copylab.experiment.exposure import Exposure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def make_exposure() -> Callable[..., Exposure]:
    """Makes an exposure; named columns differ from the usual."""
    usual = Exposure(
        ts=datetime(2026, 11, 22, 11, tzinfo=UTC),
        send_id="send-1",
        experiment="winback_hook",
        salt="winback_hook.9f3a1c",
        scheme="md5-v1",
        unit_type="user_id",
        unit="user-1",
        traffic_bucket=538186,
        arm_bucket=304169,
        epoch=1,
        layer=None,
        arm="plain",
        reason="assigned",
        audience_hash="ab" * 32,
        template_id="winback_day3",
        variant="plain",
        template_hash="cd" * 32,
        channel="sms",
        locale="zh-CN",
        segments=1,
        lib_version="1",
    )

    def make(**columns: Any) -> Exposure:
        return usual._replace(**columns)

    return make


@pytest.fixture(scope="session")
def read_finished() -> Callable[[Path], list[dict[str, Any]]]:
    """The rows of all finished files in a folder, file by file in order of names."""

    def read(folder: Path) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for path in sorted(folder.iterdir()):
            if path.suffix == ".parquet":
                rows += pq.read_table(path).to_pylist()
            elif path.suffix == ".jsonl":
                rows += map(json.loads, path.read_text("utf-8").splitlines())
        return rows

    return read
