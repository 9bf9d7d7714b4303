"""Edits of a workspace, made at random: what people and accidents do to files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lint_workspace import write_workspace

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

PACK = """\
rules:
  - {{name: own-words, code: OWN001, kind: must_not_contain, patterns: ["{}"],
     severity: warning, message: "'{{match}}' is out", help: leave it out}}
"""
ODD = ("sms.fr.md", "push.de.md")
"""Names of copy that is no file, or too large to be copy."""
WORDS = (
    "Hello {{ link }}",
    "{% if days > 3 %}免费{% endif %}",
    "{{ what }}",
    "{{",
    "{% include 'rate.en-US.md' %}",
    "{% include 'none.md' %}",
    "TODO",
    "‘quoted’",
)


def add(path: Path, text: str) -> None:
    """Write behind what a file holds."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def write(path: Path, text: str) -> None:
    """Write a file, and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """Where an edit is made: the workspace, a file of copy, and a number for it."""

    root: Path
    copy: Path
    settings: Path
    number: int
    dice: random.Random

    def append(self) -> None:
        add(self.copy, f"{self.dice.choice(WORDS)} {self.number}\n")

    def set_wrong(self) -> None:
        add(
            self.settings,
            self.dice.choice(("a: [\n", "live: none\n", "purpose: otp\n")),
        )

    def delete(self) -> None:
        self.copy.unlink()

    def new_messages(self) -> None:
        write_workspace(self.root, self.dice.randint(2, 11), seed=self.number)

    def change_partial(self) -> None:
        name = self.dice.choice(("footer.zh-CN.md", "rate.en-US.md", "none.md"))
        add(self.root / "templates/_partials" / name, f"[NAME] {self.number}\n")

    def change_layout(self) -> None:
        path = self.root / "templates/_layouts/main.html"
        add(path, f"<p>{self.number}</p><font>\n")

    def change_settings(self) -> None:
        lines = (
            "timezone: Asia/Shanghai\n",
            "unknown: 1\n",
            "sms: {profile: {US: no}}\n",
        )
        add(self.root / "copylab.yaml", self.dice.choice(lines))

    def change_experiment(self) -> None:
        path = self.root / "experiments/first.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[0] = f"message: group00/{self.copy.parent.name}"
        write(path, "\n".join(lines) + "\n")

    def suppress(self) -> None:
        day = self.dice.choice(("2026-11-21", "20261123", "2030-01-01"))
        text = f"{{# copylab: ignore[placeholder-leak] known, until {day} #}}\n"
        add(self.copy, text)

    def copy_message(self) -> None:
        folder = self.copy.parent
        other = folder.parent / f"message{self.number}x"
        shutil.copytree(folder, other, dirs_exist_ok=True)

    def change_pack(self) -> None:
        words = self.dice.choice(("credit", "a[", "you"))
        write(self.root / "own/pack.yaml", PACK.format(words))

    def make_empty(self) -> None:
        write(self.copy, "")

    def make_no_text(self) -> None:
        self.copy.write_bytes(b"\xff\xfe" + bytes([self.number % 256]))

    def remove_partial(self) -> None:
        path = self.root / "templates/_partials/rate.zh-CN.md"
        path.unlink(missing_ok=True)

    def add_orphan(self) -> None:
        write(self.root / f"templates/lost{self.number % 3}/push.en-US.md", "x\n")

    def go_back(self) -> None:
        write_workspace(self.root, 9)

    def change_audience(self) -> None:
        path = self.root / "experiments/audiences.yaml"
        write(path, f"dormant: loans = {self.number}\n")

    def add_variant(self) -> None:
        add(self.copy, f"\n# other{self.number}\nWords\n")

    def make_folder(self) -> None:
        (self.copy.parent / ODD[0]).mkdir(parents=True, exist_ok=True)

    def make_large(self) -> None:
        write(self.copy.parent / ODD[1], "x" * 2_100_000)


EDITS: tuple[Callable[[Place], None], ...] = (
    Place.append,
    Place.append,
    Place.append,
    *(
        value
        for name, value in vars(Place).items()
        if not name.startswith("_") and callable(value)
    ),
)


def edit(root: Path, dice: random.Random, number: int) -> str:
    """Change something in a workspace; says what."""
    for name in ODD:
        for path in sorted((root / "templates").rglob(name)):
            if dice.random() < 0.7:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    copies = sorted((root / "templates").rglob("message*/*.md"))
    settings = sorted((root / "templates").rglob("message.yaml"))
    copies = [path for path in copies if path.is_file()]
    if not copies or not settings:
        write_workspace(root, 9)
        return "all anew"
    place = Place(root, dice.choice(copies), dice.choice(settings), number, dice)
    change = dice.choice(EDITS)
    change(place)
    return change.__name__
