"""Every YAML example is right by the schema of the file that it says it is."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from doc_pages import Fence, read_fences, written_pages

from copylab.document import parse_document
from copylab.lint_settings import matches_path
from copylab.schema import KINDS, make_schema
from copylab.source import SourceFile

FENCES = [
    fence
    for page in written_pages()
    for fence in read_fences(page)
    if fence.language == "yaml"
]
PUBLISHED = {
    ".github/workflows/": "github-workflows.json",
    ".gitlab-ci.yml": "gitlab-ci.json",
}
"""Files of others, and the schema that check-jsonschema ships for each."""
HOOKS = ".pre-commit-config.yaml"
PACK = "compliance/"


def _kind(path: str) -> str | None:
    """The kind of a file of a workspace, as editors are told it."""
    if path.startswith(PACK):
        return "pack"
    for name, kind in KINDS.items():
        wanted = [item for item in kind.files if not item.startswith("!")]
        refused = [item[1:] for item in kind.files if item.startswith("!")]
        if path not in refused and any(matches_path(item, path) for item in wanted):
            return name
    return None


def _problems(schema: dict[str, Any], document: object) -> list[str]:
    found = jsonschema.Draft7Validator(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("fence", FENCES, ids=str)
def test_an_example_is_what_its_file_takes(fence: Fence, tmp_path: Path) -> None:
    path = fence.path
    assert path, f"{fence}: its first line, '# path/to/file.yaml', says what it is"
    for start, name in PUBLISHED.items():
        if path.startswith(start):
            home = resources.files("check_jsonschema") / "builtin_schemas/vendor"
            schema = json.loads((home / name).read_text(encoding="utf-8"))
            document = yaml.load(fence.text, Loader=yaml.BaseLoader)  # `on` is a word
            assert _problems(schema, document) == []
            return
    if path == HOOKS:
        _check_hooks(fence, tmp_path)
        return
    kind = _kind(path)
    assert kind, f"{fence}: {path} is no file that copylab knows"
    schema = dict(make_schema(kind))
    if not fence.title:  # a part of a file: the rest has what is required
        schema.pop("required", None)
    root, findings = parse_document(SourceFile(path, fence.text))
    assert not findings
    assert root is not None
    assert _problems(schema, root.plain()) == []


def _check_hooks(fence: Fence, folder: Path) -> None:
    path = folder / HOOKS
    path.write_text(fence.text, encoding="utf-8")
    program = Path(sys.executable).with_name("pre-commit")
    ran = subprocess.run(
        [program, "validate-config", path],
        capture_output=True,
        check=False,
        env={"PRE_COMMIT_HOME": str(folder / "cache"), "HOME": str(folder)},
    )
    assert ran.returncode == 0, ran.stdout.decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("copylab.yaml", "config"),
        ("templates/winback/day3/message.yaml", "message"),
        ("templates/_personas.yaml", "personas"),
        ("experiments/metrics.yaml", "metrics"),
        ("experiments/audiences.yaml", "audiences"),
        ("experiments/layers.yaml", "layers"),
        ("experiments/winback_hook.yaml", "experiment"),
        ("compliance/own.yaml", "pack"),
        ("other.yaml", None),
    ],
)
def test_a_path_says_what_a_file_is(path, kind) -> None:
    assert _kind(path) == kind
