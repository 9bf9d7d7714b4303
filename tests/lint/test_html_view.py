"""HTML with places: what clients read, and what lacks its pair."""

from __future__ import annotations

import pytest

from copylab.lint.html_view import parse_html


def names(text: str, view: str = "usual") -> list[str]:
    return [element.name for element in parse_html(text, view).elements()]  # type: ignore[arg-type]


def problems(text: str, view: str = "usual") -> list[str]:
    return [item.problem for item in parse_html(text, view).unbalanced]  # type: ignore[arg-type]


def test_attributes_know_their_places() -> None:
    text = "<a href=\"x>y\" title='a' class=b hidden>z</a>"
    [link] = parse_html(text).elements()
    found = {name: value.value for name, value in link.attributes.items()}
    assert found == {"href": "x>y", "title": "a", "class": "b", "hidden": ""}
    for value in link.attributes.values():
        assert text[value.start : value.end] == value.value
    assert link.text() == "z"


def test_end_tags_that_may_be_left_out_are_not_missed() -> None:
    text = "<ul><li>a<li>b</ul><p>c<p>d<table><tr><td>e<td>f<tr><td>g</table><br><img>"
    assert problems(text) == []
    tree = parse_html(text)
    items = [e for e in tree.elements() if e.name in {"li", "td", "p"}]
    assert [e.text() for e in items] == ["a", "b", "c", "d", "e", "f", "g"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<div><p>a</div></div>", "</div> closes nothing"),
        ("<div>a", "<div> is never closed"),
        ("<table><tr><td><b>a</td></tr></table>", "<b> is not closed before </td>"),
        ("<!--[if mso]>a", "<!--[if mso]> is never closed"),
        ("<!--[if !mso]><!-->a", "<!--[if !mso]> is never closed"),
        ("a<!--<![endif]-->", "<!--<![endif]--> closes nothing"),
        ("<!--[if mso]>a-->", "<!--[if mso]> is never closed"),
    ],
)
def test_what_lacks_its_pair_is_told(text: str, problem: str) -> None:
    assert problem in problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "<!-- a comment --><!doctype html><p>a</p>",
        "<!--[if mso]><p>a</p><![endif]-->",
        "<!--[if !mso]><!--><p>a</p><!--<![endif]-->",
        "<!--[if !mso]> --><p>a</p><!-- <![endif]-->",
        "<!--[if (gte mso 9)|(IE)]><p>a<![endif]-->b<!--[if (IE)]></p><![endif]-->",
    ],
)
def test_comments_in_pairs_are_fine_in_both_views(text: str) -> None:
    assert problems(text) == []
    assert problems(text, "outlook") == []


def test_each_view_reads_what_its_clients_read() -> None:
    text = (
        "<!--[if mso]><table></table><![endif]-->"
        "<!--[if !mso]><!--><video></video><!--<![endif]--><p></p>"
    )
    assert names(text) == ["video", "p"]
    assert names(text, "outlook") == ["table", "p"]


def test_places_inside_of_conditional_comments_are_those_of_the_text() -> None:
    text = 'ab<!--[if mso]><td width="9"><![endif]-->'
    [cell] = parse_html(text, "outlook").elements()
    assert text[cell.start : cell.end] == '<td width="9">'
    width = cell.attributes["width"]
    assert text[width.start : width.end] == "9"


def test_what_only_outlook_sees_unbalanced_is_seen_in_its_view_alone() -> None:
    text = "<!--[if mso]><table><tr><td><![endif]--><p>a</p>"
    assert problems(text) == []
    assert problems(text, "outlook") == ["<table> is never closed"]


def test_style_sheets_are_no_text() -> None:
    assert parse_html("<style>p { color: red }</style><p>a</p>").root.text() == "a"
