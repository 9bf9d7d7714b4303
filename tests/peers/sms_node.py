"""The two packages of npm, asked in one process of node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).resolve().parent
INSTALL = "install node 20 with npm, then run: make peers"


def node_is_ready() -> bool:
    """Whether node and the packages are there."""
    return bool(shutil.which("node")) and (HERE / "node_modules/split-sms").is_dir()


class Asked:
    """Texts that node is answering while we do something else.

    Args:
        texts: The texts, in order.
        folder: Where the questions and the answers are kept.

    Raises:
        FileNotFoundError: Node or the packages are missing; the message says the cure.
    """

    def __init__(self, texts: Iterable[str], folder: Path) -> None:
        if not node_is_ready():
            raise FileNotFoundError(f"node or its packages are not there: {INSTALL}")
        questions, self._answers = folder / "texts.jsonl", folder / "answers.jsonl"
        questions.write_text("".join(json.dumps(text) + "\n" for text in texts))
        with questions.open("rb") as source, self._answers.open("wb") as target:
            self._process = subprocess.Popen(
                ["node", str(HERE / "sms.js")], stdin=source, stdout=target
            )

    def answers(self) -> Iterator[dict]:
        """What each text was answered, in order, once all are."""
        assert self._process.wait() == 0, "node failed"
        with self._answers.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
