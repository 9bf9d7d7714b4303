"""What the tests of the audit share: a workspace with experiments, and their rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.experiment.allocation import allocate
from copylab.experiment.buckets import bucket
from copylab.experiment.exposure import EXPOSURE_COLUMNS
from copylab.experiment.log.finish import log_schema
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.workspace import Workspace

SALT = "hook.9f3a1c"
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)

_DESIGN = """\
    design: {message: hello, salt: hook.9f3a1c, unit: user_id, control: plain, coverage: COVERAGE}
"""

_FILES = {
    "copylab.yaml": """\
brand: {name: Acme}
locales: {default: en-US}
markets: [US]
data: {exposures: "data/exposures/*.parquet"}
""",
    "templates/hello/message.yaml": (
        "purpose: marketing\nlive: plain\nvariants: {plain: {}, coupon: {}}\n"
    ),
    "templates/hello/sms.en-US.md": "# plain\nAcme: hello\n# coupon\nAcme: a gift\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Workspace]:
    """A workspace with the experiment ``hook``; its epochs and more can be given."""

    def make(
        epochs: str | None = None,
        *,
        coverage: str = "100%",
        began_with: str | None = None,
        extra: str = "",
        files: dict[str, str] | None = None,
        holdout: str = "",
    ) -> Workspace:
        root = tmp_path / "workspace"
        usual = (
            "  - epoch: 1\n    at: 2026-11-01T00:00:00Z\n    hash: '1'\n"
            "    arms: {plain: 45%, coupon: 45%, none: 10%}\n"
            + _DESIGN.replace("COVERAGE", began_with or coverage)
        )
        hook = (
            "message: hello\nchannels: [sms]\nstatus: running\nunit: user_id\n"
            f"salt: {SALT}\ncoverage: {coverage}\n"
            "arms: {plain: 45%, coupon: 45%, none: 10%}\ncontrol: plain\n"
            f"{extra}epochs:\n{epochs or usual}"
        )
        config = _FILES["copylab.yaml"] + holdout
        written = {
            **_FILES,
            "copylab.yaml": config,
            "experiments/hook.yaml": hook,
            **(files or {}),
        }
        for name, text in written.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        found = open_workspace(root)
        assert found.errors() == ()
        return found

    return make


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    """The row of a unit as composing logs it, by Python; columns may be named."""
    from fractions import Fraction as F  # noqa: N817, PLC0415 - short

    usual = allocate({"plain": F(45, 100), "coupon": F(45, 100), "none": F(10, 100)})

    def make(unit: str, **columns: Any) -> dict[str, Any]:
        salt = columns.get("salt", SALT)
        traffic, slot = bucket(salt, unit)
        arm = columns.pop("allocation", usual).arm_at(slot)
        record = {
            "ts": AT,
            "send_id": f"send-{unit}",
            "experiment": "hook",
            "salt": salt,
            "scheme": "md5-v1",
            "unit_type": "user_id",
            "unit": unit,
            "traffic_bucket": traffic,
            "arm_bucket": slot,
            "epoch": 1,
            "layer": None,
            "arm": arm,
            "reason": "assigned",
            "audience_hash": None,
            "template_id": "hello",
            "variant": None if arm == "none" else arm,
            "template_hash": None,
            "channel": "sms",
            "locale": "en-US",
            "segments": 1,
            "lib_version": "1",
        }
        return record | columns

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows to a file of their own."""

    def put(rows: list[dict[str, Any]], name: str = "rows.parquet") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".jsonl":
            lines = [json.dumps({**r, "ts": r["ts"].isoformat()}) for r in rows]
            path.write_text("".join(f"{line}\n" for line in lines))
        elif path.suffix == ".csv":
            table = pa.Table.from_pylist(rows, log_schema()).to_pandas()
            table.to_csv(path, index=False, columns=list(EXPOSURE_COLUMNS))
        else:
            pq.write_table(pa.Table.from_pylist(rows, log_schema()), path)
        return path

    return put
