"""Rules from installed packages: the entry points of the group ``copylab.rules``.

An entry point names a rule, a list of rules, or a module that holds ``RULE`` or
``RULES``::

    [project.entry-points."copylab.rules"]
    acme = "acme_copy.rules"

A rule is written as copylab's own are, and is documented by the docstring of its module.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from copylab.errors import CopylabError
from copylab.findings import SEVERITIES, Finding
from copylab.lint.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from importlib.metadata import EntryPoint

GROUP = "copylab.rules"
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
"""The name of a rule: words in small letters, with hyphens."""
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*\Z")
"""The code of a rule: capitals and digits, with hyphens."""
_SUBJECTS = tuple(item for item in get_args(Subject) if item != "reading")


def plugin_rules(known: Iterable[Rule]) -> list[Rule]:
    """The rules of installed packages, in the order of their entry points' names.

    Args:
        known: The rules there are already.

    Raises:
        CopylabError: A package cannot be loaded, or offers what is no rule.
    """
    if not _is_offered():
        return []
    from importlib.metadata import entry_points  # noqa: PLC0415 - most have none

    taken = {word: item for item in known for word in (item.name, item.code)}
    found: list[Rule] = []
    for point in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        origin = _origin(point)
        for offered in _load(point, origin):
            rule = _check(offered, origin)
            for word in (rule.name, rule.code):
                if word in taken:
                    owner = taken[word].origin or "copylab"
                    raise _refuse(origin, f"'{word}' is a rule of {owner} already")
                taken[word] = rule
            found.append(rule)
    return found


def _is_offered() -> bool:
    """Whether an installed package may offer rules: that is quicker seen than read.

    What lies elsewhere than in folders, and what other finders find, may.
    """
    if any(
        hasattr(finder, "find_distributions") and finder is not PathFinder
        for finder in sys.meta_path
    ):
        return True
    group = GROUP.encode()
    try:
        for folder in map(Path, dict.fromkeys(sys.path)):
            found = folder.glob("*.*-info/entry_points.txt")
            if folder.is_file() or any(group in each.read_bytes() for each in found):
                return True
    except OSError:
        return True
    return False


def is_foreign(rule: Rule) -> bool:
    """Whether a rule comes from an installed package, not from copylab or a pack.

    It may look at anything, so that nothing is known to be without effect on it.
    """
    return bool(rule.origin) and rule.documentation is None


def _origin(point: EntryPoint) -> str:
    """The package that an entry point belongs to, with its version."""
    if point.dist is None:
        return point.name
    return f"{point.dist.name} {point.dist.version}"


def _refuse(origin: str, reason: str) -> CopylabError:
    return CopylabError(
        f"the rules of the package {origin} cannot be used: {reason}",
        help="update the package, or uninstall it; its authors can say more",
    )


def _load(point: EntryPoint, origin: str) -> list[object]:
    """What an entry point names, as a list."""
    try:
        loaded = point.load()
    except Exception as error:  # the code of others can fail in every way
        reason = f"{point.value}: {type(error).__name__}: {error}"
        raise _refuse(origin, reason) from error
    for name in ("RULES", "RULE"):
        loaded = getattr(loaded, name, loaded)
    if isinstance(loaded, Rule):
        return [loaded]
    if isinstance(loaded, list | tuple):
        return list(loaded)
    kind = type(loaded).__name__
    raise _refuse(
        origin, f"{point.value} is a {kind}, must be a rule or a list of them"
    )


def _check(offered: object, origin: str) -> Rule:
    """The rule, made safe to run."""
    if not isinstance(offered, Rule):
        kind = type(offered).__name__
        raise _refuse(origin, f"it offers a {kind} where a rule should be")
    wrong = (
        (not NAME.match(offered.name), "its name must be words with hyphens"),
        (not CODE.match(offered.code), "its code must be capitals and digits"),
        (offered.severity not in SEVERITIES, "its severity is none"),
        (
            offered.subject not in _SUBJECTS,
            f"its subject must be one of: {', '.join(_SUBJECTS)}",
        ),
        (not callable(offered.check), "it has no check"),
    )
    for is_wrong, reason in wrong:
        if is_wrong:
            raise _refuse(origin, f"'{offered.name}': {reason}")
    assert offered.check is not None
    return replace(offered, origin=origin, check=_guard(offered, origin))


def _guard(rule: Rule, origin: str) -> Callable[[Any], Iterator[Finding]]:
    """The check of a rule of others: a fault in it is told as what it is."""
    check = rule.check
    assert check is not None

    def guarded(case: object) -> Iterator[Finding]:
        try:
            for finding in check(case):
                if not isinstance(finding, Finding):
                    raise TypeError(f"{type(finding).__name__} is no finding")  # noqa: TRY301 - told below, as all its faults are
                yield finding
        except CopylabError:
            raise
        except Exception as error:  # the code of others can fail in every way
            raise CopylabError(
                f"the rule '{rule.name}' of the package {origin} failed: "
                f"{type(error).__name__}: {error}",
                help=f"switch it off in copylab.yaml: lint: {{rules: {{{rule.name}: off}}}}",
            ) from error

    return guarded
