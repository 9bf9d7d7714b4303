"""A text without tags is read without Jinja, and as Jinja reads it."""

from copy import copy

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from copylab.template.environment import (
    _is_plain,
    _prototype,
    offset_of,
    parse_template,
)

pieces = st.sampled_from(
    ["{", "}", "%", "#", "{{ a }}", "{% if a %}", "{# c #}", "\n", "\r", " ", "x", "额"]
)


def read_by_jinja(text: str) -> nodes.Template:
    environment = copy(_prototype())
    environment.renew_lexer()
    return environment.parse(text)


@given(st.lists(pieces).map("".join) | st.text())
def test_a_text_without_tags_gives_the_tree_of_jinja(text: str) -> None:
    if not _is_plain(text):
        return
    ours, theirs = parse_template(text).root, read_by_jinja(text)
    assert ours == theirs
    for own, other in zip(
        ours.find_all(nodes.Node), theirs.find_all(nodes.Node), strict=True
    ):
        assert (own.lineno, offset_of(own)) == (other.lineno, offset_of(other))


def test_only_what_needs_no_parsing_counts_as_plain() -> None:
    assert _is_plain("a { b } c")
    assert not any(map(_is_plain, ("", "a\n", "a\rb", "{{ a }}", "{% raw %}", "{# #}")))
