"""Where the examples of each page run, and which do not run, each with its reason."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doc_console import Step, run_step
from doc_pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class World:
    """What a page's examples find when they begin.

    Attributes:
        sample: Whether it is a copy of the sample workspace, committed to git.
        spark: Whether its examples need a Spark.
        before: Commands that are run first.
        files: Files that are written first, by path.
    """

    sample: bool = True
    spark: bool = False
    before: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


AT = "2026-11-22T11:00:00Z"
EMPTY = World(sample=False)
SAMPLE = World()

_HELLO = {
    "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\nmarkets: [US]\n"
    "data: {exposures: data/exposures/*.parquet, outcomes: data/outcomes.parquet}\n",
    "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/hello/sms.en-US.md": "# plain\nAcme: hello\n",
    "experiments/hook.yaml": "message: hello\nchannels: [sms]\nstatus: draft\n"
    "unit: user_id\nsalt: hook.1\narms: {plain: 50%, none: 50%}\ncontrol: plain\n",
}
_MAKE = f"copylab simulate approved_sms_hook --seed 7 --at {AT} --output data"
_COMPOSE = f"copylab compose winback/approved_day7 --channel sms --at {AT}"
_LOGGED = "data/exposures/sms.exposures.parquet"
_SENT = (
    f"copylab start approved_sms_hook --at {AT}",
    f"{_MAKE} --users 50000 --only users",
    f"{_COMPOSE} --users data/users.parquet --output data/sms.parquet",
    f"mkdir data/exposures && mv data/sms.exposures.parquet {_LOGGED}",
    f"{_MAKE} --effect coupon=+30% --exposures {_LOGGED}",
)
"""What `make demo` does before it analyses: the pages show the same numbers."""
_HELD = (
    "echo 'holdout: {share: 10%, salt: holdout.1, unit: user_id}' >> copylab.yaml",
    *(step.replace("50000", "2000") for step in _SENT),
)

WORLDS: dict[str, World] = {
    "README.md": EMPTY,
    "docs/assignment-vectors.md": SAMPLE,
    "docs/assignment.md": SAMPLE,
    "docs/bundle.md": SAMPLE,
    "docs/channels.md": SAMPLE,
    "docs/compliance.md": SAMPLE,
    "docs/exposures.md": World(
        sample=False, files=_HELLO, before=(f"copylab start hook --at {AT}",)
    ),
    "docs/how-to/analysts.md": SAMPLE,
    "docs/how-to/compliance.md": SAMPLE,
    "docs/how-to/copywriters.md": SAMPLE,
    "docs/how-to/engineers.md": SAMPLE,
    "docs/index.md": EMPTY,
    "docs/lint.md": SAMPLE,
    "docs/own-rules.md": SAMPLE,
    "docs/preview.md": EMPTY,
    "docs/results.md": World(before=_SENT),
    "docs/scale.md": World(spark=True),
    "docs/sources.md": SAMPLE,
    "docs/statistics.md": World(before=_HELD),
    "docs/tutorial.md": EMPTY,
    "docs/why.md": SAMPLE,
}
"""Each page with examples that run; the page's text says the same to its readers."""

NOT_RUN: dict[str, str] = {
    "copylab analyze approved_sms_hook --exposures 'postgres": (
        "needs a server of PostgreSQL at that name; tests/analysis runs one"
    ),
    "copylab analyze --data 'postgres": "needs that server, too",
    "copylab compose winback/approved_day7 --users users.parquet --output out.parquet "
    "--channel sms --engine spark": "needs a cluster at that name; tests/compose runs one",
    "pip install": "installs packages from the network; the extras are checked to exist",
    "copylab preview  #": "serves until it is stopped; tests/preview looks at its pages",
    "make ": "runs the suite, or sets up; the targets are checked to exist",
}
"""Examples that are not run, by how they begin, and why. All else is run."""

NO_EXAMPLE = {
    "text": "an excerpt that is no file and no command",
    "js": "JavaScript, for readers who write their own; the tests of assignment run it",
    "toml": "a part of another project's pyproject.toml; it is parsed",
}
"""Languages of fences that are not run, and why."""


def make_world(world: World, folder: Path) -> None:
    """Fills an empty folder."""
    if world.sample:
        for name in ("templates", "experiments"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "copylab.yaml", folder)
    for name, text in world.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commands = list(world.before)
    if world.sample:
        commands[:0] = ["git init -q -b main && git add -A && git commit -q -m sample"]
    for command in commands:
        code, printed = run_step(Step(command, (), 0), folder)
        if code:
            raise RuntimeError(f"{command}\n{printed}")
