"""Pages of the commands, made from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from page_text import code, escape, note, table

from copylab.cli import COMMANDS, copylab

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "reference/commands"
_INDEX = """\
# Commands

`copylab --help` lists them, `copylab COMMAND --help` says the same as these pages.

{table}

## What holds for all

- Wrong input is one message with its place and its cure, never a stack trace.
- Exit code 0: done. 1: findings, or a refusal by the rules. 2: it could not run.
- A command that takes a workspace looks in this folder, then in those above it;
  `--workspace` names another.
- Files are written whole or not at all.
- Nothing is sent anywhere: copylab opens no connection but to the database or the
  cluster you name.

| variable of the environment | what it does |
| --- | --- |
| `NO_COLOR`, `FORCE_COLOR` | colours off, or on; else a terminal has them |
| `COPYLAB_NO_CACHE=1` | `lint` keeps nothing from run to run |
| `COPYLAB_TRACE=1` | a fault in copylab itself shows where it happened |
"""


def render_pages() -> dict[str, str]:
    """The pages by path below docs/: one a command, and a list of them."""
    context = click.Context(copylab, info_name="copylab")
    rows = [(f"[{name}]({name}.md)", escape(about)) for name, about in COMMANDS.items()]
    listed = "\n".join(table(("command", "what it does"), rows))
    pages = {f"{FOLDER}/index.md": _page(_INDEX.format(table=listed))}
    for name in COMMANDS:
        command = copylab.get_command(context, name)
        if command is None:
            raise LookupError(name)
        pages[f"{FOLDER}/{name}.md"] = _page("\n".join(_lines(name, command, context)))
    return pages


def _page(text: str) -> str:
    return f"{note('copylab/cli')}\n\n{text.rstrip()}\n"


def _lines(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"# copylab {name}"
    yield ""
    yield "```text"
    yield f"copylab {name} {pieces}"
    yield "```"
    yield ""
    yield from _prose(command.help or "")
    options = [item for item in command.params if isinstance(item, click.Option)]
    yield "## Options"
    yield ""
    rows = [_row(item, context) for item in options if not item.hidden]
    yield from table(("option", "what it does", "usually"), rows)


def _prose(text: str) -> Iterator[str]:
    """The help, its paragraphs that keep their lines as code."""
    for paragraph in text.replace("\r", "").split("\n\n"):
        if paragraph.lstrip().startswith("\b"):
            lines = paragraph.replace("\b", "").strip("\n").splitlines()
            yield from ("```text", *(line.strip() for line in lines if line.strip()))
            yield "```"
        else:
            yield escape(" ".join(paragraph.split()))
        yield ""


def _row(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    names = ", ".join(code(name) for name in [*option.opts, *option.secondary_opts])
    extra = option.get_help_extra(context)
    text, _, usual = (option.help or "").partition("[default: ")
    about = escape(text.strip())
    if isinstance(option.type, click.Choice):
        listed = ", ".join(code(choice) for choice in option.type.choices)
        about = f"{about} One of {listed}."
    elif not option.is_flag and not option.count:
        names += f" {code(option.make_metavar(context))}"
    if "range" in extra:
        about = f"{about} {code(extra['range'])}"
    if extra.get("required"):
        about = f"{about} **Required.**"
    return names, about, escape(extra.get("default", usual.rstrip("]")))
