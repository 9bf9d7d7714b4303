"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import copylab

HEAVY = (
    "pandas",
    "statsmodels",
    "ibis",
    "duckdb",
    "pyarrow",
    "numpy",
    "sqlglot",
    "jinja2",
    "yaml",
)


def _modules_after(code: str) -> set[str]:
    printed = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(printed.stdout.split())


def test_every_public_name_can_be_fetched_and_has_a_docstring() -> None:
    for name in copylab.__all__:
        value = getattr(copylab, name)
        assert name == "__version__" or value.__doc__, name


def test_all_is_sorted_and_without_doubles() -> None:
    names = [name for name in copylab.__all__ if name != "__version__"]
    assert sorted(set(names)) == names


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        copylab.nothing  # noqa: B018 - the access is the test


def test_importing_copylab_imports_nothing_heavy() -> None:
    loaded = _modules_after("import copylab")
    assert not loaded & set(HEAVY)


def test_composing_a_short_message_needs_no_analysis_library(repository) -> None:
    code = f"""
import copylab, datetime
workspace = copylab.load({str(repository)!r})
message = next(iter(workspace.messages))
workspace.compose(message, {{"user_id": "u"}}, channel="sms", locale="zh-CN",
                  at=datetime.datetime.now(datetime.UTC))
"""
    loaded = _modules_after(code)
    assert not loaded & {"pandas", "statsmodels", "ibis", "duckdb", "pyarrow", "scipy"}


def test_the_version_is_printed_without_importing_a_command() -> None:
    code = "import sys; sys.argv = ['copylab', '--version']\nimport copylab.cli"
    loaded = _modules_after(code)
    assert not {name for name in loaded if name.startswith("copylab.cli.")}
    assert not loaded & set(HEAVY)


def test_helping_with_lint_reads_no_rules() -> None:
    loaded = _modules_after("import copylab.cli.lint")
    assert not loaded & {"sqlglot", "jinja2", "yaml", "babel"}
    assert callable(copylab.lint.check_text)
