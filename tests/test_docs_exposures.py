"""docs/exposures.md says what the log and the audit do, checked against them."""

from __future__ import annotations

import inspect
import re

import pytest

from copylab.cli.audit import audit
from copylab.decision.audit.messages import CHECKS
from copylab.decision.audit.run import MEMORY_MB
from copylab.experiment import ExposureLog
from copylab.experiment.exposure import EXPOSURE_COLUMNS, EXPOSURE_REASONS


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/exposures.md").read_text(encoding="utf-8")


def _table(page: str, heading: str) -> list[str]:
    part = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in part.splitlines() if line.startswith("| `")]


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
