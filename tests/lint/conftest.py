import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

SAMPLE = Path(__file__).parents[2]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample workspace, to plant faults in."""
    for name in ("templates", "experiments"):
        shutil.copytree(SAMPLE / name, tmp_path / name)
    shutil.copy(SAMPLE / "copylab.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def lint_rule() -> Callable[[Path, str], list[Finding]]:
    """The findings of one rule in a workspace."""

    def lint(root: Path, rule: str) -> list[Finding]:
        return list(lint_catalog(open_workspace(root), select=(rule,)).findings)

    return lint
