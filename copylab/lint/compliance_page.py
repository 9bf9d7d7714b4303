"""The page on compliance: every rule that rests on a law, a carrier or a platform.

It is generated, so that it says what runs: by pack each rule with its severity, verdict
and source; then the codes that other rules cover, and those that nothing checks, with why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.pack import covered_codes, left_out_codes, load_pack, rule_packs
from copylab.lint.rule import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copylab.lint.rule import Rule

_HEAD = """\
# Compliance

What copylab checks because a law, a carrier or a platform asks for it. It finds words,
places, numbers and declarations; it gives no legal advice, and no run says that a text is
lawful. This page is made from the packs, so it lists what runs.

```console
$ copylab rule --list --market CN --channel sms     # what applies to you
$ copylab rule CN-LEND-001                          # why, the source, and how to mend it
$ copylab lint --as-of 2027-03-01                   # the rules of a day
$ copylab rule --test cn-law                        # every example of a pack, run
```

- An **error** rests on a source that was read, a reading that is certain, and a breach that
  the text or what is declared decides. Everything else is a warning or a note; you can set
  both otherwise (`lint: {rules: {…}}`).
- A finding that **needs evidence** or **needs a person's judgement** says so: the law does
  not forbid the words, it asks whether they are true or fit.
- What is not declared under `sending:` is **not checked**, by name. Declared and empty is
  known to be lacking.
- Must-contain rules hold over all branches and all allowed values, must-not-contain rules
  over any; words written to pass filters are found as they are meant.
- The page behind a link and the contract are **not read**. What they say is declared once, as
  `sending.annual_rate`, and copy that says another rate is told (X-RATE-001).
- Each pack says by when it is to be read again; after that day a note says that it is due.

Rules of your own stand beside these: [own-rules.md](own-rules.md).
"""


def render_page() -> str:
    """The page as Markdown."""
    rules = [rule for rule in all_rules() if rule.pack]
    packs = (
        _pack(pack, [rule for rule in rules if rule.pack == pack])
        for pack in rule_packs()
    )
    covered = _codes("Covered by other rules", _COVERED, covered_codes(), code=True)
    left_out = _codes("Not checked by any rule", _LEFT_OUT, left_out_codes())
    return "\n".join([_HEAD, *packs, covered, left_out])


_COVERED = "Codes that are no rule of their own: the rule named beside them finds it."
_LEFT_OUT = "Codes that nothing checks, and why."


def _pack(name: str, rules: Iterable[Rule]) -> str:
    pack = load_pack(f"rules/{name}")
    shown = name.replace("_", "-")
    lines = [
        f"## {shown}",
        "",
        f"{pack['about']} Read {pack['as_of']}, to be read again by {pack['review_by']}.",
        "",
        "| code | rule | for | grave | means | rests on |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(rule) for rule in rules),
        "",
    ]
    return "\n".join(lines)


def _row(rule: Rule) -> str:
    provision = rule.provision
    assert provision is not None
    cells = [
        rule.code,
        f"[{rule.name}](rules/{rule.name}.md)",
        "; ".join(_scope(rule)),
        rule.severity,
        provision.verdict_words or "a breach",
        provision.basis.sentence,
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _scope(rule: Rule) -> Iterator[str]:
    """Whom a rule binds, in short."""
    provision = rule.provision
    assert provision is not None
    yield " ".join(provision.markets) or "every market"
    for words in (
        rule.channels,
        rule.purposes,
        provision.industries,
        provision.providers,
        provision.products,
    ):
        if words:
            yield " ".join(words)
    if provision.effective_from is not None:
        yield f"from {provision.effective_from.isoformat()}"


def _codes(
    heading: str, about: str, codes: dict[str, str], *, code: bool = False
) -> str:
    rows = [
        f"| {key} | {f'[{text}](rules/{text}.md)' if code else text} |"
        for key, text in sorted(codes.items())
    ]
    title = "rule" if code else "why"
    lines = [f"## {heading}", "", about, "", f"| code | {title} |", "| --- | --- |"]
    return "\n".join([*lines, *rows, ""])
