"""docs/exposures.md says what the log and the audit do, checked against them."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime

import pytest

from copylab.cli.audit import audit
from copylab.decision.audit.messages import CHECKS
from copylab.decision.audit.run import MEMORY_MB
from copylab.experiment import ExposureLog
from copylab.experiment.exposure import EXPOSURE_COLUMNS, EXPOSURE_REASONS
from copylab.workspace import load


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/exposures.md").read_text(encoding="utf-8")


def _table(page: str, heading: str) -> list[str]:
    part = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in part.splitlines() if line.startswith("| `")]


def test_the_example_logs_a_row(page, make_files, monkeypatch) -> None:
    root = make_files(
        {
            "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\n"
            "markets: [US]\n",
            "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n"
            "variants: {plain: {}}\n",
            "templates/hello/sms.en-US.md": "# plain\nAcme: hello\n",
            "experiments/hook.yaml": "message: hello\nchannels: [sms]\n"
            "status: draft\nunit: user_id\nsalt: hook.1\n"
            "arms: {plain: 50%, none: 50%}\ncontrol: plain\n",
        }
    )
    monkeypatch.chdir(root)
    code, bound = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    known = {
        "workspace": load(root),
        "user": {"user_id": "u"},
        "now": datetime(2026, 11, 22, tzinfo=UTC),
        "key": "send-1",
    }
    exec(code, known)
    assert len(list((root / "data/exposures").glob("*.parquet"))) == 1
    with ExposureLog("data/exposures") as log:
        exec(bound, known | {"log": log, "like": known["composed"].exposure})
    assert len(list((root / "data/exposures").glob("*.parquet"))) == 2


def test_the_page_names_every_column_in_order_and_every_reason(page) -> None:
    rows = "\n".join(_table(page, "The row"))
    first_cells = [line.split("|")[1] for line in rows.splitlines()]
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert set(named) == set(EXPOSURE_COLUMNS)
    for reason in EXPOSURE_REASONS:
        assert f"`{reason}`" in rows


def test_the_page_names_every_check_and_its_severity(page) -> None:
    told: dict[str, str] = {}
    for line in _table(page, "The audit"):
        cell = line.split("|")[1]
        severity = "error"
        if "(warning)" in cell:
            severity = "warning"
        elif "(told only)" in cell:
            severity = "info"
        told |= dict.fromkeys(re.findall(r"`([\w-]+)`", cell), severity)
    assert told == {name: words[0] for name, words in CHECKS.items()}


def test_the_page_has_the_usual_settings(page) -> None:
    usual = inspect.signature(ExposureLog).parameters
    assert usual["roll_rows"].default == 100_000
    assert "it has 100,000 rows or 64 MB" in page
    assert usual["roll_bytes"].default == 64 * 2**20
    assert usual["buffer_rows"].default == 1
    assert f"at most {MEMORY_MB // 1024} GB of memory" in page
    assert next(p for p in audit.params if p.name == "fail_on").default == "error"
    for call in re.findall(r"`log\.(\w+)", page):
        assert hasattr(ExposureLog, call) or call == "recovered"
