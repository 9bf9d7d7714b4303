"""docs/reference is what the commands, the schemas and the docstrings say today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import api_pages
import command_pages
import file_pages
import pytest
from page_text import code, escape
from reference_pages import DOCS, render_pages

import copylab
from copylab.cli import COMMANDS
from copylab.schema import KINDS, make_schema

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return render_pages()


def test_the_pages_are_what_the_code_says(pages: dict[str, str]) -> None:
    written = {
        path.relative_to(DOCS).as_posix(): path.read_text("utf-8")
        for path in DOCS.glob("reference/**/*.md")
    }
    stale = {
        name for name in pages.keys() | written if pages.get(name) != written.get(name)
    }
    assert not stale, "run: make pages"


def test_every_command_has_a_page_with_all_of_its_options(pages) -> None:
    for name in COMMANDS:
        page = pages[f"{command_pages.FOLDER}/{name}.md"]
        assert page.count("\n| `-") >= 1 or name == "schema", name
        assert f"copylab {name} " in page
    lint = pages[f"{command_pages.FOLDER}/lint.md"]
    assert "| `--fail-on` |" in lint
    assert "One of `error`, `warning`, `info`, `never`. | error |" in lint
    analyze = pages[f"{command_pages.FOLDER}/analyze.md"]
    assert "| `--holdout` `VALUE` | The arm that got nothing" in analyze
    assert "all that send. | none |" in analyze


@pytest.mark.parametrize("name", KINDS)
def test_every_key_of_every_file_is_on_its_page(name, pages) -> None:
    text = pages[f"{file_pages.FOLDER}/{name}.md"]
    if name == "message":
        text += pages[f"{file_pages.FOLDER}/config.md"]
    keys = set(_keys(make_schema(name)))
    assert not {key for key in keys if f"\n| `{key}` |" not in text}
    assert keys or name in {"audiences", "personas"}


def _keys(part: dict[str, Any]) -> Iterator[str]:
    named = part.get("properties", {})
    if "optout-missing" in named:  # rules have pages of their own
        return
    for key, inner in named.items():
        yield key
        yield from _keys(inner)
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            yield from _keys(part[key])
    forms = [*part.get("anyOf", ()), *(case["then"] for case in part.get("allOf", ()))]
    for inner in [*forms, *part.get("definitions", {}).values()]:
        yield from _keys(inner)


def test_a_key_has_its_type_its_default_and_an_example(pages) -> None:
    message = pages[f"{file_pages.FOLDER}/message.md"]
    row = "| `max` | whole number, 1 to 20000 | **required** | The most characters "
    assert f"{row}it may have. | `20` |" in message
    assert "| `decimals` | whole number, 0 to 12 | `0` |" in message
    experiment = pages[f"{file_pages.FOLDER}/experiment.md"]
    assert "| `alpha` | text or number | `0.05` |" in experiment
    assert "| `status` | `draft` · `running` · `concluded` | `draft` |" in experiment


def test_every_public_name_has_its_place(pages) -> None:
    page = pages[f"{api_pages.FOLDER}/copylab.md"]
    for name in set(copylab.__all__) - {"__version__"}:
        if name in copylab._ROOMS:
            rooms = "\n".join(pages)
            assert f"{api_pages.FOLDER}/copylab.{name}" in rooms
        else:
            assert f"\n## `{name}`\n" in page, name
    for call in ("compose", "render", "lint", "reload"):
        assert f"\n### `Workspace.{call}`\n" in page
    index = pages[f"{api_pages.FOLDER}/index.md"]
    assert all(f"]({name}.md)" in index for name in api_pages.PAGES)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a_b *c* <d> |", r"a\_b \*c\* \<d\> \|"),
        ("`a_b` and ``c|d``", "`a_b` and <code>c&#124;d</code>"),
        ("[default: x]", r"\[default: x\]"),
    ],
)
def test_prose_is_not_taken_for_markdown(text, written) -> None:
    assert escape(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("a|b>", "<code>a&#124;b&gt;</code>"), ("a`b", "`` a`b ``"), (3, "`3`")],
)
def test_code_stays_code_in_a_table(text, written) -> None:
    assert code(text) == written
