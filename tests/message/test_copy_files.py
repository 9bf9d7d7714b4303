"""Copy files: structure, words, and where both stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.document import decode_source
from copylab.message.copy import read_copy
from copylab.source import SourceFile

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.message.model import Copy

Variants = tuple[str, ...]


def read(
    text: str, channel: str = "sms", variants: Variants = ("plain", "coupon")
) -> tuple[Copy, list[Finding]]:
    return read_copy(SourceFile("m.md", text), channel, "zh-CN", variants)


def words(copy: Copy) -> dict[str, dict[str, str]]:
    return {
        variant: {name: passage.text for name, passage in fields.items()}
        for variant, fields in copy.variants.items()
    }


def test_headings_that_name_variants_and_fields_are_structure() -> None:
    text = "# plain\n## title\nA\n## body\n\n B \n\n# coupon\n## title\nC\n## body\nD"
    copy, findings = read(text, "push")
    assert findings == []
    expected = {"title": "A", "body": "B"}, {"title": "C", "body": "D"}
    assert words(copy) == dict(zip(("plain", "coupon"), expected, strict=True))
    assert copy.headings["coupon"].line == 8


def test_one_variant_and_one_field_need_no_heading() -> None:
    assert words(read("\n您好\n", variants=("plain",))[0]) == {
        "plain": {"body": "您好"}
    }
    copy, findings = read("## title\nA\n## body\nB", "push", ("plain",))
    assert findings == []
    assert words(copy) == {"plain": {"title": "A", "body": "B"}}


def test_headings_of_an_email_are_copy() -> None:
    text = "## subject\nS\n## body\n# Big\n## Small\n### Tiny\n#hash\n"
    copy, findings = read(text, "email", ("plain",))
    assert findings == []
    assert words(copy)["plain"]["body"] == "# Big\n## Small\n### Tiny\n#hash"


def test_an_escaped_heading_is_copy_at_its_place() -> None:
    text = "# plain\n\\# plain\nx\n\\## body\n\\### y\n\\#z\n # coupon\n"
    copy, findings = read(text)
    assert findings == []
    passage = copy.variants["plain"]["body"]
    assert passage.text == "# plain\nx\n## body\n\\### y\n\\#z\n # coupon"
    for index, character in enumerate(passage.text):
        assert passage.source.text[passage.offset(index)] == character
    assert passage.span(0, 1).column == 2
    assert passage.whole().line == 2


def test_windows_line_ends_and_a_byte_order_mark_change_no_place() -> None:
    data = "\ufeff# plain\r\n\r\n您好\r\n\\# x\r\n".encode()
    source, findings = decode_source(data, "m.md")
    assert [finding.rule for finding in findings] == ["byte-order-mark"]
    assert source is not None
    copy, wrong = read_copy(source, "sms", "zh-CN", ("plain",))
    assert wrong == []
    passage = copy.variants["plain"]["body"]
    assert passage.text == "您好\n# x"
    assert (passage.span(3, 4).line, passage.span(3, 4).column) == (4, 2)


WRONG = [
    ("x\n# plain\ny", "sms", [("stray-copy", 1, 1)]),
    (
        "# plain\n## title\nx\n## body\ny\n\n# coupon\nz\n## title\na\n## body\nb",
        "push",
        [("stray-copy", 8, 1)],
    ),
    (
        "# plain\nx\n# coupon\ny\n# plain\nz",
        "sms",
        [("duplicate-key", 5, 1), ("duplicate-key", 6, 1)],
    ),
    (
        "# plain\n## title\nx\n## title\ny\n## body\nz",
        "push",
        [("duplicate-key", 5, 1)],
    ),
    ("# plain\nx\n# cupon\ny", "sms", [("heading-in-copy", 3, 1)]),
    (
        "# plain\n## title\nx\n## bodi\ny\n## body\nz",
        "push",
        [("heading-in-copy", 4, 1)],
    ),
    ("# plain\n## title\nx\n", "push", [("missing-field", 1, 1)]),
    ("# plain\n# coupon\nx", "sms", [("missing-field", 1, 1)]),
    ("# coupon\nx\n# plain", "sms", [("missing-field", 3, 1)]),
    ("# plain\n\n\n", "sms", [("missing-field", 1, 1)]),
    ("# plain\n## subject\nx\n", "email", [("missing-field", 1, 1)]),
]


@pytest.mark.parametrize(("text", "channel", "expected"), WRONG)
def test_broken_structure_is_found_at_its_place(
    text: str, channel: str, expected: list[tuple[str, int, int]]
) -> None:
    found = read(text, channel)[1]
    assert [(f.rule, f.line, f.column) for f in found] == expected
    assert all(finding.message for finding in found)


def test_a_slip_in_a_heading_names_what_was_meant() -> None:
    (finding,) = read("# plain\nx\n# cupon\ny")[1]
    assert "did you mean 'coupon'?" in finding.help
    assert "\\#" in finding.help


def test_an_email_needs_no_preheader() -> None:
    copy, findings = read("## subject\nS\n## body\nB", "email", ("plain",))
    assert findings == []
    assert set(copy.variants["plain"]) == {"subject", "body"}


@pytest.mark.parametrize("text", ["", "\n", "   \n\t\n"])
def test_an_empty_file_has_no_words(text: str) -> None:
    copy, findings = read(text)
    assert copy.variants == {}
    assert findings == []


def test_jinja_in_copy_is_not_read_as_structure() -> None:
    text = "# plain\n{# plain #}{% if a %}\n#}x{% endif %}\n"
    assert words(read(text)[0])["plain"]["body"].startswith("{# plain #}")
