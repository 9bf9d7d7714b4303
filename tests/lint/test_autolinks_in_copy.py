"""Values that make an address with each other or with the words beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

Make = Callable[[dict[str, str | bytes]], Path]

HEAD = "## subject\nHi\n## preheader\nHi there\n## body\n"
MESSAGE = """\
purpose: transactional
live: plain
variants: {plain: {hook: a}}
variables:
  name: {type: person_name, max: 20, missing: x}
  other: {type: person_name, max: 20, missing: x}
  note: {type: text, max: 40, missing: x}
  short: {type: text, max: 2, charset: latin, missing: x}
  code: {type: text, max: 8, charset: digits, missing: "1"}
  days: {type: int, min: 1, max: 90, missing: 1}
  day: {type: date, min: 2026-01-01, max: 2027-01-01, missing: 2026-02-02}
  stage: {type: enum, values: [fresh, old], missing: old}
  top: {type: enum, values: [com, old], missing: com}
  on: {type: bool, missing: false}
  link: {type: url, base: "https://s.example.com/", max: 40, missing: error}
"""


@pytest.fixture
def found(make_files: Make) -> Callable[[str, str], list[Finding]]:
    """What is found of addresses in a copy file of a channel."""

    def run(channel: str, copy: str) -> list[Finding]:
        root = make_files(
            {
                "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\n",
                "templates/a/message.yaml": MESSAGE,
                f"templates/a/{channel}.en-US.md": copy + "\n",
            }
        )
        findings = lint_catalog(open_workspace(root)).findings
        file = f"templates/a/{channel}.en-US.md"
        mine = (item for item in findings if item.file == file)
        return [item for item in mine if item.rule == "autolink-injection"]

    return run


JOINED = [
    "Hi {{ note }}{{ name }}!",
    "Hi {{ name }}{{ note }}, all is well",
    "Hi {{ name }}{{ other }}!",
    "Hi {{ note | upper }}{{ name }}",
    "Hello.{{ name }}",
    "see www.{{ note }} now",
    "see {{ name }}.com now",
    "see {{ note }}.{{ top }} now",
    "see {{ note }}{{ top }} now",
    "see {{ days }}{{ note }}{{ name }} now",
    "Hi {{ note }}{% if on %}{{ name }}{% endif %}!",
    "您好{{ note }}{{ name }}，已保存",
]
FINE = [
    "Hi {{ note }} {{ name }}!",
    "Hi {{ name }}. {{ note }}",
    "Hi {{ note }}{{ days }}!",
    "Hi {{ days }}{{ note }}!",
    "Hi {{ note }}{{ code }}",
    "Hi {{ note }}.{{ day }}",
    "Hi {{ name }}{{ stage }}",
    "Hi {{ short }}{{ code }}",
    "No. {{ days }}.5, v{{ code }}.{{ days }}",
    "您好{{ note }}，{{ name }}的额度已保存",
    "see {{ link }}.",
    "Acme: hi {{ name }}, {{ note }}; ({{ note }}) '{{ name }}'",
]


@pytest.mark.parametrize("words", JOINED)
def test_values_that_can_make_an_address_are_told_in_every_channel(
    found: Callable[[str, str], list[Finding]], words: str
) -> None:
    assert len(found("sms", words)) == 1
    push = f"## title\n{words}\n## body\nAll is well."
    [title] = found("push", push)
    assert title.field == "title"
    mail = f"{HEAD}{words}"
    [body] = found("email", mail)
    assert (body.field, body.line) == ("body", 6)


@pytest.mark.parametrize("words", FINE)
def test_values_that_cannot_make_an_address_are_left_alone(
    found: Callable[[str, str], list[Finding]], words: str
) -> None:
    assert found("sms", words) == []
    mail = f"{HEAD}{words}"
    assert found("email", mail) == []


def test_the_words_of_an_address_of_ones_own_are_left_to_its_rules(
    found: Callable[[str, str], list[Finding]],
) -> None:
    words = "[{{ note }}{{ name }}]({{ link }}) https://a.example/{{ note }}.{{ name }}"
    assert found("email", f"{HEAD}{words}") == []


def test_a_long_text_without_blanks_is_read_in_time(
    found: Callable[[str, str], list[Finding]],
) -> None:
    words = "好" * 20000 + "{{ note }}{{ name }}"
    assert len(found("email", HEAD + words)) == 1
