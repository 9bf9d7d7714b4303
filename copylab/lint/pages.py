"""Rule pages as Markdown: one file a rule, and a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copylab.lint.rule import Example, Rule

INDEX = "README.md"
_NOTE = "copylab checks texts; it gives no legal advice."
_INTRODUCTION = (
    "What `copylab lint` checks. `copylab rule NAME` prints the same page; "
    "`lint: {rules: {NAME: off}}` in `copylab.yaml` switches a rule off or gives it "
    "another severity."
)
_ABOUT = {
    "words": "every branch of a text",
    "message": "a whole message",
    "experiment": "an experiment",
    "reading": "files, while they are read",
}


def render_pages(rules: Iterable[Rule]) -> dict[str, str]:
    """The pages by file name: one a rule, and `README.md` that lists them.

    Args:
        rules: The rules, in the order of their codes.
    """
    listed = tuple(rules)
    pages = {f"{rule.name}.md": render_page(rule) for rule in listed}
    return {INDEX: _index(listed), **pages}


def render_page(rule: Rule) -> str:
    """The page of one rule."""
    page = rule.page()
    where = ", ".join(rule.channels) or "all channels"
    facts = (
        f"`{rule.code}` · {rule.severity} · {where} · looks at {_ABOUT[rule.subject]}"
    )
    lines = [f"# {rule.name}", "", page.title, "", facts, ""]
    for heading, prose in (("What", page.what), ("Why", page.why)):
        lines += [f"## {heading}", "", prose, ""]
    for heading, examples in (("Bad", page.bad), ("Good", page.good)):
        lines += [f"## {heading}", ""]
        lines += [line for example in examples for line in _example(example)]
    lines += ["## Fix", "", page.fix, ""] if page.fix else []
    lines += ["## Source", "", page.source, "", _NOTE]
    return "\n".join(lines) + "\n"


def _example(example: Example) -> Iterator[str]:
    """An example with what it is, in a fence that its text cannot end."""
    text = example.text.rstrip("\n")
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (f"`{example.info}`", "", f"{fence}text", *text.split("\n"), fence, "")


def _index(rules: tuple[Rule, ...]) -> str:
    lines = [
        "# Rules",
        "",
        _INTRODUCTION,
        "",
        "| code | rule | severity | what is wrong |",
        "| --- | --- | --- | --- |",
    ]
    for rule in rules:
        title = rule.page().title.replace("|", "\\|")
        link = f"[{rule.name}]({rule.name}.md)"
        lines.append(f"| {rule.code} | {link} | {rule.severity} | {title} |")
    return "\n".join(lines) + "\n"
