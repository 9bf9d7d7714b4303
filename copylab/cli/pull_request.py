"""A decision as a pull request: a branch, a commit, and the text that explains it.

Nothing is pushed, and nothing but the promotion's own files is committed. The
repository's hooks run; where one refuses, everything is put back as it was.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.errors import CopylabError, DecisionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.decision.change import DecisionPlan
    from copylab.lint.changes import Change
    from copylab.write import FileChange

_SHOWN_BRANCHES = 2
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a reviewer reads.

    Attributes:
        branch: The branch.
        title: The title, and the first line of the commit.
        body: The text in Markdown.
    """

    branch: str
    title: str
    body: str


def write_pull_request(
    catalog: Catalog, plan: DecisionPlan, analysis: Analysis
) -> PullRequest:
    """The text of a decision: the short report, the words before and after, notes.

    Args:
        catalog: The workspace, as it was before.
        plan: The decision.
        analysis: What it rests on.
    """
    from copylab.analysis.report import markdown
    from copylab.lint.changes import compare_variants

    decision = plan.decision
    message, name = decision.experiment.message, decision.experiment.name
    promoted = decision.action == "promote"
    title = f"Promote {decision.arm} in {message} ({name})"
    lines = [markdown.write(analysis, brief=True)]
    lines.append("### What everybody outside the experiment gets")
    if promoted:
        changes = compare_variants(catalog, message, decision.previous, decision.arm)
        lines += [text for change in changes for text in _change_lines(change)]
    else:
        title = (
            f"Conclude {name} as {decision.action}: keep {decision.arm} in {message}"
        )
        lines.append(
            f"`{markdown.escape(decision.arm)}`, as before: nothing is promoted."
        )
    notes = [f"- overruled: {markdown.escape(what)}" for what in decision.overruled]
    if decision.reason:
        notes.append(f"- reason: {markdown.escape(decision.reason)}")
    notes += [f"- {markdown.escape(note)}" for note in plan.notes]
    if notes:
        lines += ["### Notes", "\n".join(notes)]
    record = plan.changes[-1].name
    lines.append(f"The numbers, the method and the hashes are in `{record}`.")
    verb = "promote" if promoted else "conclude"
    branch = f"{verb}/{_UNSAFE.sub('-', name).strip('-.') or 'experiment'}"
    return PullRequest(branch, " ".join(title.split()), "\n\n".join(lines) + "\n")


def _change_lines(change: Change) -> Iterator[str]:
    from copylab.analysis.report.markdown import escape

    _, channel, locale, _ = change.key
    parts = ""
    if change.before is not None and change.after is not None:
        old, new = change.before.segments_max, change.after.segments_max
        parts = f", {old} to {new} parts at most" if old != new else ""
    yield f"**{escape(f'{channel} {locale}')}**{parts}"
    for item in change.branches[:_SHOWN_BRANCHES]:
        rows = [f"| {escape(item.field)} | |", "| --- | --- |"]
        for name, text in (("before", item.before), ("after", item.after)):
            rows.append(f"| {name} | {escape(text or '(nothing)')} |")
        yield "\n".join(rows)
    more = len(change.branches) - _SHOWN_BRANCHES
    if more > 0:
        yield f"and {more:,} more branches: `copylab diff` shows them"


def has_repository(root: Path) -> bool:
    """Whether the folder lies in a git repository, and git is there."""
    try:
        return not _run(root, "rev-parse", "--is-inside-work-tree").returncode
    except FileNotFoundError:
        return False


def refuse_unready(root: Path, branch: str) -> None:
    """Pass if a branch can be made and nothing else would get into its commit.

    Raises:
        DecisionError: Files are changed, a head is missing, or the branch is there.
    """
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "-z")
    names = [entry[3:] for entry in changed.split("\0") if entry]
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        raise DecisionError(
            f"the working tree has changes: {names[0]}{more}",
            help="commit or stash them first: the branch holds the promotion alone",
        )
    if _run(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise DecisionError(
            "the repository has no commit yet", help="commit the workspace first"
        )
    found = _run(root, "show-ref", "--verify", "--quiet", f"refs/heads/{branch}")
    if not found.returncode:
        raise DecisionError(
            f"there is a branch '{branch}' already",
            help=f"delete it: git branch -D {branch}; or push it as it is",
        )


def commit_promotion(
    root: Path, changes: Sequence[FileChange], request: PullRequest
) -> str:
    """The short hash of the commit of a promotion's files on a branch of its own.

    The files must be written already. Where the commit fails, they are put back, and so
    is the branch that was checked out.

    Raises:
        CopylabError: Git or a hook refuses.
    """
    start = _run(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    before = start.stdout.decode().strip() or _git(root, "rev-parse", "HEAD").strip()
    paths = [str(change.path.resolve()) for change in changes]
    try:
        _git(root, "switch", "--quiet", "--create", request.branch)
        _git(root, "add", "--", *paths)
        message = f"{request.title}\n\n{request.body}"
        _git(root, "commit", "--quiet", "--file=-", "--cleanup=verbatim",
             "--only", "--", *paths, stdin=message)  # fmt: skip
    except CopylabError:
        _undo(root, changes, before, request.branch, detached=bool(start.returncode))
        raise
    return _git(root, "rev-parse", "--short", "HEAD").strip()


def _undo(
    root: Path,
    changes: Sequence[FileChange],
    before: str,
    branch: str,
    *,
    detached: bool,
) -> None:
    """Put the files and the branch back as they were; what fails here is left."""
    paths = [str(change.path.resolve()) for change in changes]
    _run(root, "reset", "--quiet", "--", *paths)
    for change in changes:
        if change.before is None:
            change.path.unlink(missing_ok=True)
        else:
            change.path.write_bytes(change.before)
    how = ["--detach", before] if detached else [before]
    _run(root, "switch", "--quiet", *how)
    _run(root, "branch", "--quiet", "--delete", "--force", branch)


def _git(root: Path, *arguments: str, stdin: str = "") -> str:
    done = _run(root, *arguments, stdin=stdin)
    if done.returncode:
        told = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        said = told or f"it said nothing, exit code {done.returncode}"
        raise CopylabError(
            f"git {arguments[0]} refused, and everything was put back: {said}",
            help="mend what git or its hook says, and run the command again",
        )
    return done.stdout.decode("utf-8", "surrogateescape")


def _run(
    root: Path, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - fixed verbs, paths behind --
        ["git", "-C", str(root), *arguments],  # noqa: S607 - the user's git
        input=stdin.encode("utf-8", "backslashreplace"),
        capture_output=True,
        check=False,
    )
