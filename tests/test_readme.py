"""The README's example is what the tool prints."""

from __future__ import annotations

import re

CONFIG = "brand: {name: Example, signature: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_readme_shows_what_lint_prints(repository, run_copylab, make_files) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    fences = _FENCE.findall(readme)
    message = next(text for kind, text in fences if kind == "yaml")
    words = next(text for kind, text in fences if kind == "markdown")
    shown = next(text for _, text in fences if text.startswith("$ copylab lint\nerror"))
    root = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/winback/message.yaml": message,
            "templates/winback/sms.en-US.md": words,
        }
    )
    ran = run_copylab("lint", "--format", "full", cwd=root)
    assert ran.code == 1
    # How many rules there are is no part of the example.
    counted = re.compile(r"from \d+ rules")
    expected = shown.removeprefix("$ copylab lint\n")
    assert counted.sub("", ran.out) == counted.sub("", expected)


def test_every_command_in_the_readme_exists(repository, run_copylab) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`copylab (\w+)", readme))
    listed = run_copylab("--help").out
    assert named
    assert all(f"  {name} " in listed for name in named)
