"""The worst of a way on a route, where it is easy to be wrong by one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.lint.case import Words
from copylab.lint.sent import Sent
from copylab.workspace import open_workspace

Make = Callable[[dict[str, str | bytes]], Path]

VARIABLES = """\
  link: {type: url, base: "https://s.example/", max: 60, missing: error}
  code: {type: text, charset: digits, max: 6, missing: "1"}
  app: {type: bool, missing: false}
  name: {type: person_name, max: 9, missing: x}
"""
LINKS = "link_characters: 20"
SMALL = (
    "gsm7_single_units: 20, gsm7_part_units: 14, "
    "ucs2_single_units: 9, ucs2_part_units: 7, bills: code-points"
)


@pytest.fixture
def worst_of(make_files: Make) -> Callable[..., Sent]:
    """What is proved about one SMS."""

    def prove(copy: str, profile: str, variables: str = "") -> Sent:
        own = f"{{extends: gsm, {profile}, source: made up, as_of: 2026-11-22}}"
        root = make_files(
            {
                "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n"
                f"locales: {{default: en-US}}\nsms: {{profile: p, profiles: {{p: {own}}}}}\n",
                "templates/a/message.yaml": "purpose: otp\nlive: plain\nvariables:\n"
                f"{VARIABLES}{variables}",
                "templates/a/sms.en-US.md": f"{copy}\n",
            }
        )
        catalog = open_workspace(root)
        [words] = [Words.of(catalog, key, None) for key in catalog.templates]
        [sent] = words.sent
        return sent

    return prove


def test_a_full_stop_that_ends_a_link_is_sent_behind_it(
    worst_of: Callable[..., Sent],
) -> None:
    # A value such as "a." leaves its full stop behind the link; two are out of bounds.
    sent = worst_of("Go {{ link }} now", LINKS)
    assert sent.length.units == len("Go ") + 20 + 1 + len(" now")
    sent = worst_of("Go https://s.example/a). now", LINKS)
    assert sent.length.units == len("Go ") + 20 + len("). now")


def test_what_is_glued_to_a_link_goes_with_it_and_what_is_not_stays(
    worst_of: Callable[..., Sent],
) -> None:
    glued = worst_of("Go https://s.example/a?c={{ code }} now", LINKS)
    assert glued.length.units == len("Go ") + 20 + len(" now")
    apart = worst_of("Go https://s.example/a and {{ code }}", LINKS)
    assert apart.length.units == len("Go ") + 20 + len(" and ") + 6
    words = worst_of("Go {{ link }}/terms {{ code }}", LINKS)
    assert words.length.units == len("Go ") + 20 + 1 + len(" ") + 6
    name = worst_of("Go {{ link }}{{ name }}", LINKS)
    assert name.length.units == len("Go ") + 20 + 1 + 18


def test_words_that_a_value_may_make_a_link_of_count_for_one(
    worst_of: Callable[..., Sent],
) -> None:
    text = "  note: {type: text, max: 9, charset: gsm7, missing: x}\n"
    sent = worst_of("Go https:{{ note }}", LINKS, text)
    assert sent.length.units == len("Go https:") + 18 + 20
    assert (
        worst_of("Go https: {{ note }}", LINKS, text).length.units
        == len("Go https: ") + 18
    )


def test_a_shorter_choice_outside_of_gsm_7_can_be_the_dearest(
    worst_of: Callable[..., Sent],
) -> None:
    enum = "  pick: {type: enum, values: [twelve chars, 好], missing: 好}\n"
    sent = worst_of("x" * 100 + "{{ pick | lower }}", LINKS, enum)
    assert (sent.length.encoding, sent.length.units, sent.most) == ("UCS-2", 101, 2)


def test_a_choice_of_fewer_units_can_need_more_parts(
    worst_of: Callable[..., Sent],
) -> None:
    # 21 units of one are three parts of 7; of ten surrogate pairs a part holds three.
    values = f"[{'好' * 21}, {chr(0x20000) * 10}]"
    enum = f"  pick: {{type: enum, values: {values}, missing: 好}}\n"
    sent = worst_of(
        "{{ pick | lower }}",
        SMALL,
        enum.replace("missing: 好", f"missing: {'好' * 21}"),
    )
    assert sent.most >= 4


def test_the_least_and_the_most_are_told_apart_by_what_is_printed(
    worst_of: Callable[..., Sent],
) -> None:
    sent = worst_of("{% if app %}" + "x" * 170 + "{% endif %}{{ name }}", LINKS)
    assert (sent.length.encoding, sent.length.units) == ("UCS-2", 170 + 18)
    assert sent.parts == 3
    assert dict(sent.path.state.cells)  # the way on which the app is there
