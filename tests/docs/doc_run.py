"""Runs the examples of a page, top to bottom, in one scratch workspace.

A fence with title="path" is that file, whole: it is written. A console fence is run and
compared, a python fence is executed; in it, a comment that stands right below an
expression is what the expression is worth, or prints.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doc_console import fits, read_steps, run_step
from doc_given import given_names
from doc_pages import Fence, read_fences
from doc_worlds import NOT_RUN, WORLDS, make_world

if TYPE_CHECKING:
    from doc_console import Step


FAULT = "a fault in copylab itself"
"""What copylab says of its own errors: no page may show it."""


@dataclass(slots=True)
class Run:
    """What running a page found.

    Attributes:
        folder: Where the next example runs.
        problems: What is not as the page says, each with its place.
        printed: What to show instead, by fence and command.
        ran: How many examples were run.
        excused: Why examples were not run, as found in NOT_RUN.
    """

    folder: Path
    problems: list[str] = field(default_factory=list)
    printed: dict[tuple[int, int], tuple[Step, str]] = field(default_factory=dict)
    ran: int = 0
    excused: set[str] = field(default_factory=set)


def excuse(text: str) -> str | None:
    """The start of an example in NOT_RUN that this one has, if it is not run."""
    return next((start for start in NOT_RUN if text.startswith(start)), None)


def run_page(page: str, folder: Path, given: dict[str, Any]) -> Run:
    """Runs all examples of a page.

    Args:
        page: The page.
        folder: An empty folder.
        given: More names that the page's Python takes for known.
    """
    run = Run(folder)
    make_world(WORLDS[page], folder)
    known = given_names(page, folder) | given
    for fence in read_fences(page):
        if fence.title:
            path = run.folder / fence.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fence.text, encoding="utf-8")
        elif fence.language == "console":
            _run_console(fence, run)
        elif fence.language == "python":
            _run_python(fence, known, run)
    return run


def _run_console(fence: Fence, run: Run) -> None:
    for step in read_steps(fence.text):
        if (excused := excuse(step.command)) is not None:
            run.excused.add(excused)
            continue
        if step.words[0] == "cd":
            run.folder = run.folder / step.words[1]
            continue
        code, printed = run_step(step, run.folder)
        run.ran += 1
        where = f"{fence}: $ {step.command}"
        if FAULT in printed:
            run.problems.append(f"{where}\n{printed}")
            continue
        is_shown = bool(step.shown)
        right = not is_shown or fits(step.shown, printed)
        if not right:
            told = "\n".join(
                difflib.unified_diff(
                    step.shown, printed.splitlines(), "shown", "printed", lineterm=""
                )
            )
            run.problems.append(f"{where}\n{told}")
            run.printed[fence.line, step.end] = (step, printed)
        if right and bool(code) != step.fails:
            run.problems.append(f"{where}\nexit code {code}\n{printed}")


def _run_python(fence: Fence, known: dict[str, Any], run: Run) -> None:
    if (excused := excuse(fence.text)) is not None:
        run.excused.add(excused)
        return
    run.ran += 1
    lines = fence.text.splitlines()
    before = Path.cwd()
    os.chdir(run.folder)
    try:
        for node in ast.parse(fence.text).body:
            worth = _execute(node, known, str(fence))
            shown = _comment_below(lines, node.end_lineno or 0)
            if isinstance(node, ast.Expr) and shown and not fits(tuple(shown), worth):
                wanted = "\n".join(shown)
                run.problems.append(f"{fence}: {worth!r} is shown as {wanted!r}")
    except Exception as error:  # noqa: BLE001 - whatever an example raises is its fault
        run.problems.append(f"{fence}: {type(error).__name__}: {error}")
    finally:
        os.chdir(before)


def _execute(node: ast.stmt, known: dict[str, Any], name: str) -> str:
    """What a statement prints and, if it is an expression, is worth."""
    out = io.StringIO()
    worth = None
    with contextlib.redirect_stdout(out):
        if isinstance(node, ast.Expr):
            worth = eval(compile(ast.Expression(node.value), name, "eval"), known)
        else:
            exec(compile(ast.Module([node], []), name, "exec"), known)
    return out.getvalue() + (f"{worth!r}\n" if worth is not None else "")


def _comment_below(lines: list[str], end: int) -> list[str]:
    found = []
    for line in lines[end:]:
        if not line.startswith("# "):
            break
        found.append(line.removeprefix("# "))
    return found
