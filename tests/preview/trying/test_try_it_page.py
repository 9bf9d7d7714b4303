"""The section and its results as HTML: in both languages, for any values."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from copylab.preview.page import LANGUAGES, View
from copylab.preview.pages.try_it import try_it, try_page
from copylab.preview.render import render_page
from copylab.preview.site import make_page
from copylab.preview.words.trying import TEXTS
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from copylab.preview.page import Language
    from copylab.preview.shown import Shown

PATH = "try/hello.html"
EVIL = "</textarea></template><script>x()</script><img src=x onerror=x()>'\"&"


class Tags(HTMLParser):
    """The names of the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def html(
    shown: Shown, language: Language, query: dict[str, str], path: str = PATH
) -> str:
    view = View(language, path, is_served=True, query=query)
    page = make_page(shown, view)
    assert page is not None
    return render_page(page, view, shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["sms", "push", "email"])
def test_values_become_texts_and_no_tags(
    hello: Shown, language: Language, channel: str
) -> None:
    message = hello.workspace.messages["hello"]
    query = {f"v.{name}": EVIL for name in message.variables}
    query |= {"channel": channel, "persona": EVIL}
    text = html(hello, language, query)
    found = Tags(text)
    assert {"script", "img", "textarea"}.isdisjoint(found.names)
    assert found.handlers == []
    state = re.search(r'data-try-state="([^"]*)"', text)
    assert state is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(hello: Shown, language: Language) -> None:
    for persona in ("typical", "longest", "nothing", "hostile", "ann", "chinese"):
        for channel in ("sms", "push", "email"):
            text = html(hello, language, {"persona": persona, "channel": channel})
            assert "data-try-variant" in text
            page = html(
                hello, language, {"persona": persona}, path="messages/hello.html"
            )
            assert 'id="try"' in page


def test_the_fragment_and_the_page_agree(hello: Shown) -> None:
    """What a look at the files compares is what the section was given."""
    query = {"v.name": "Bo", "missing.days": "1", "channel": "sms"}
    fragment = html(hello, "en", query)
    page = html(hello, "en", query, path="messages/hello.html")
    start = fragment.index('<div class="try-result"')
    assert fragment[start:].rstrip() in page


def test_controls_do_not_depend_on_what_was_chosen(hello: Shown) -> None:
    """A change of the files replaces them only where a declaration changed."""

    def side(query: dict[str, str]) -> str:
        page = html(hello, "en", query, path="messages/hello.html")
        return page[page.index('data-live="try-side"') : page.index('class="try-main"')]

    assert side({}) == side({"v.name": "Bo", "channel": "push", "persona": "ann"})


def test_the_state_says_what_each_control_shows(hello: Shown) -> None:
    view = View("en", PATH, True, {"v.name": "x" * 13, "missing.days": "1"})  # noqa: FBT003 - a field by its place
    found = try_it(hello, view, "hello")
    assert found is not None
    controls = json.loads(found.result.state)["controls"]
    assert controls["name"] == {
        "raw": "x" * 13,
        "missing": False,
        "used": True,
        "then": "Missing: “there” stands in.",
        "told": "Counts as missing: it has 13 characters, 12 at most.",
    }
    assert controls["days"]["missing"] is True
    assert controls["days"]["raw"] != ""
    assert controls["goods"]["used"] is False


def test_the_last_good_words_are_tried_where_there_are_no_others(
    hello: Shown,
) -> None:
    past = replace(hello, last_good={"hello": hello.workspace})
    other = replace(past, workspace=open_workspace(hello.root))
    view = View("zh", PATH, is_served=True)
    text = render_page(try_page(other, view, "hello"), view, other)
    assert "目前无法读取文件" in text
    assert "Hi Ann" in text


def test_a_file_holds_its_results_without_a_server(hello: Shown) -> None:
    view = View("en", "messages/hello.html", is_served=False)
    found = try_it(hello, view, "hello")
    assert found is not None
    assert found.files is not None
    assert found.files.results == len(found.files.pieces) > 20
    places = json.loads(found.files.places)
    assert sorted(places) == ["email.en-US", "push.en-US", "sms.en-US"]
    for place in places.values():
        numbers = [n for table in place["variants"] for n in table["pieces"]]
        assert max(numbers) < found.files.results


def test_every_text_says_the_same_in_both_languages() -> None:
    for name, (english, chinese) in TEXTS.items():
        assert english
        assert chinese
        holes = [set(re.findall(r"{(\w+)}", text)) for text in (english, chinese)]
        assert holes[1] >= holes[0] - {"n"}, name
        assert holes[1] - holes[0] <= {"n"}, name
