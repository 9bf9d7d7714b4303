"""Pages of the library, made from the docstrings of its public names."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import griffe
from page_text import code, escape, note, one_blank, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

FOLDER = "reference/api"
_WIDTH = 88
PAGES: dict[str, tuple[str, ...]] = {
    "copylab": (),
    "copylab.channels.sms": (),
    "copylab.channels.push": (),
    "copylab.channels.email": (),
    "copylab.lint": (),
    "copylab.experiment": (
        "assign.prepare_split",
        "assign.Split",
        "assign.assign",
        "assign.Assignment",
        "exposure.Exposure",
        "holdout.prepare_holdout",
        "strata.stratified_split",
        "bucket_sql.bucket_sql",
    ),
    "copylab.compose": (),
    "copylab.analysis": (
        "table_form.analyze_units",
        "table_form.analyze_counts",
        "workspace_form.analyze_experiment",
        "results.Analysis",
    ),
    "copylab.decision": ("results.analyze_workspace",),
}
"""Each page is a module: what its ``__all__`` names, and what lies in rooms below it."""
_INDEX = """\
# Library

What a program may import. `import copylab` is light: it imports nothing else, and each name is
fetched when it is first used.

{table}

A name that stands on no page here is not for programs: it may change without a word.
"""


def render_pages() -> dict[str, str]:
    """The pages by path below docs/: one a module, and a list of them."""
    first = f"{note('docstrings')}\n\n"
    rows = []
    pages = {}
    for name, below in PAGES.items():
        module = import_module(name)
        title, _, rest = inspect.cleandoc(module.__doc__ or "").partition("\n")
        rows.append((f"[{name}]({name}.md)", escape(title)))
        lines = [f"# {name}", "", escape(title), "", *_prose(rest), ""]
        for item in [*_public(module), *below]:
            lines += _describe(module, item)
        pages[f"{FOLDER}/{name}.md"] = first + one_blank("\n".join(lines))
    listed = "\n".join(table(("module", "what it is for"), rows))
    return {f"{FOLDER}/index.md": first + _INDEX.format(table=listed), **pages}


def _public(module: ModuleType) -> list[str]:
    """The names of a module that are no modules and no plain values."""
    return [
        name
        for name in getattr(module, "__all__", ())
        if inspect.isclass(getattr(module, name)) or callable(getattr(module, name))
    ]


def _describe(module: ModuleType, item: str) -> Iterator[str]:
    """A class or a function, as its docstring has it."""
    room, _, name = item.rpartition(".")
    home = import_module(f"{module.__name__}.{room}") if room else module
    found = getattr(home, name)
    part = _read(found.__module__)[found.__name__]
    whole = f"{home.__name__}.{name}"
    yield f"## {code(name)}"
    yield ""
    if isinstance(part, griffe.Function):
        yield from _function(part, whole)
    else:
        yield from _class(part, whole)


@cache
def _read(module: str) -> griffe.Module:
    """A module as its source has it."""
    path = Path(inspect.getsourcefile(import_module(module)) or "")
    found = griffe.visit(module, filepath=path, code=path.read_text(encoding="utf-8"))
    if not isinstance(found, griffe.Module):
        raise TypeError(module)
    return found


def _function(part: griffe.Function, name: str) -> Iterator[str]:
    yield "```text"
    yield from _signature(part, name)
    yield "```"
    yield ""
    yield from _docstring(part)


def _signature(part: griffe.Function, name: str) -> Iterator[str]:
    """The call, a parameter a line where one line is too long."""
    part.name, short = name, part.name
    line = str(part.signature())
    part.name = short
    if len(line) <= _WIDTH:
        yield line
        return
    inside, _, answer = line.removeprefix(f"{name}(").rpartition(") -> ")
    yield f"{name}("
    yield from (f"    {item}," for item in _split(inside))
    yield f") -> {answer}"


def _split(parameters: str) -> Iterator[str]:
    """Parameters one by one; commas within brackets and quotes part nothing."""
    depth, start = 0, 0
    for at, sign in enumerate(parameters):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            yield parameters[start:at].strip()
            start = at + 1
    yield parameters[start:].strip()


def _class(part: griffe.Object, name: str) -> Iterator[str]:
    yield f"`{name}`"
    yield ""
    yield from _docstring(part)
    for member in part.members.values():
        if member.name.startswith("_") or not member.docstring or member.is_alias:
            continue
        yield f"### {code(f'{part.name}.{member.name}')}"
        yield ""
        if isinstance(member, griffe.Function):
            yield from _function(member, member.name)
        else:
            yield from _docstring(member)


def _docstring(part: griffe.Object | griffe.Alias) -> Iterator[str]:
    if part.docstring is None:
        return
    for section in part.docstring.parse("google", warnings=False):
        yield from _SECTIONS[section.kind.value](section)
        yield ""


def _text(section: griffe.DocstringSectionText) -> Iterator[str]:
    return _prose(section.value)


def _arguments(section: griffe.DocstringSectionParameters) -> Iterator[str]:
    return table(("argument", "type", "what it is"), _named(section.value))


def _attributes(section: griffe.DocstringSectionAttributes) -> Iterator[str]:
    return table(("attribute", "type", "what it is"), _named(section.value))


def _raises(section: griffe.DocstringSectionRaises) -> Iterator[str]:
    rows = [row[1:] for row in _named(section.value)]
    return table(("raises", "when"), rows)


def _returns(section: griffe.DocstringSectionReturns) -> Iterator[str]:
    for item in section.value:
        yield f"Returns: {escape(_flat(item.description))}"


def _examples(section: griffe.DocstringSectionExamples) -> Iterator[str]:
    for _, text in section.value:
        yield from ("```text", *text.splitlines(), "```", "")


def _aside(section: griffe.DocstringSectionAdmonition) -> Iterator[str]:
    yield from (f"{section.title}:", "", *_prose(section.value.description))


_SECTIONS: dict[str, Any] = {
    "text": _text,
    "parameters": _arguments,
    "attributes": _attributes,
    "raises": _raises,
    "returns": _returns,
    "yields": _returns,
    "examples": _examples,
    "admonition": _aside,
}


def _named(items: Iterable[griffe.DocstringElement]) -> Iterator[tuple[str, str, str]]:
    """The name, the type and the meaning of each."""
    for item in items:
        kind = "" if item.annotation is None else code(item.annotation)
        yield code(getattr(item, "name", "")), kind, escape(_flat(item.description))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs; those that are indented keep their lines."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        lines = paragraph.splitlines()
        if lines and all(line.startswith("    ") for line in lines):
            yield from ("```text", *(line[4:] for line in lines), "```")
        elif lines and lines[0].startswith(">>>"):
            yield from ("```text", *lines, "```")
        else:
            yield from (escape(line) for line in lines)
        yield ""


def _flat(text: str) -> str:
    return " ".join(text.split())
