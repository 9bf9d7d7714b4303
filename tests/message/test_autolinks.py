"""What readers turn into a link, and text values that hold it."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copylab.message.autolinks import find_autolink, top_level_domains
from copylab.message.model import Variable
from copylab.message.values import MISSING, reader, why_missing
from copylab.source import Span
from copylab.template.text_filters import title_case

HERE = Span("", 1, 1, 1, 1)
LINKED = {
    "an address with its scheme": [
        "https://x", "HTTP://EVIL", "see ftp://a/b", "evil://app", "https:evil",
        "mailto:a", "tel:+4930", "javascript:alert(1)", "vbscript:x", "sms:12",
        "data:text/html,x", "file:/etc/x", "电话tel:123", "ｈｔｔｐ：//x", "x:https://y",
        "see http://", "mailto:", "Tel:",
    ],
    "the address of a site": ["www.foo", "WWW.Foo", "go to www2.foo", "www。evil", "on www.",
        "看www.evil"],
    "a mail address": ["a@b.qq", "me@example.zz", "a.b+c@d-e.notop", "您@例.公司公司",
        "a＠b.zz"],
    "an IP address": ["1.2.3.4", "at 192.168.0.1/x", "255.255.255.255", "１.2.3.4", "1.2.3.4.5"],
    "a domain name": [
        "evil.com", "EVIL.COM", "a evil.com b", "evil.com.", "(evil.com)", "evil.com:80",
        "evil.com/path", "evil.com?x", "evil.com-x", "evil.com_x", "evil.com.foo", "t.co",
        "evil。com", "evil．com", "evil｡com", "ｅｖｉｌ．ｃｏｍ", "𝐞𝐯𝐢𝐥.𝐜𝐨𝐦", "evil․com",
        "evil.c\ufe0fom",
        "谢谢.中国", "谢谢。中国", "看evil.com您好", "evil.xn--fiqs8s", "भारत.भारत", "名.香港",
        "evil.example", "unit.test", "x.invalid", "a.localhost", "abc.onion",
        "😀.la", "a_.com", "-.com", "README.md", "photo.zip", "ASP.NET", "Co.Ltd",
        "done.So", "x.ß", "evil.ﬁ", "line\nevil.com\nline",
    ],
}  # fmt: skip
PLAIN = [
    "", "x", "3.5", "3.50元", "价格3.5元", "e.g.", "i.e. this", "v1.2.3", "1.2.3", "U.S.A.", "U.S.",
    "Node.js", "done.Thanks", "St.Mary", "St. Mary", "Mr. Smith", "J.R.R. Tolkien", "Ph.D.",
    "a.m.", "10:30 p.m.", "12:30", "Re:hi", "Tel: 123", "note: x", "data:5GB", "file:report",
    "report.pdf", "song.mp3", "page.html", "2026.11.22", "22.11.2026", "No.5", "z.B.", "d.h.",
    "你好。谢谢", "您好。中国人民很好", "请稍候。公司地址", "等等…然后", "完成。。。好", "好。",
    "a。b",
    "...", ". com", "evil. com", "evil .com", ".com", "com", "@name", "a @b", "a@b", "3@2.50",
    "fin.noël", "fin.Éa", "x.comédie", "256.1.1.1", "0.1.2.3", "1.2.3", "wwwx.fooz",
    "a.b.c", "wait...what", "O'Neil & Sons", "50% off", "C++/C#", "and/or", "a:b", ":-)", ":/",
]  # fmt: skip


def text(limit: int = 200, *, kind: str = "text", links: bool = False) -> Variable:
    return Variable("x", kind, "x", HERE, max_length=limit, multiline=True, links=links)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(value, kind) for kind, values in LINKED.items() for value in values],
)
def test_a_value_that_readers_link_is_out_of_bounds(value: str, kind: str) -> None:
    assert find_autolink(value) == kind
    assert reader(text())(value) is MISSING
    reason = why_missing(text(), value)
    assert kind in reason
    assert "turn into a link" in reason
    assert value not in reason


@pytest.mark.parametrize("value", PLAIN)
def test_a_value_that_nobody_links_passes(value: str) -> None:
    assert find_autolink(value) is None
    if value:
        assert reader(text())(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "=?utf-8?q?Hi?=",
        "a =?UTF-8?B?SGk=?= b",
        "=?utf-8?q?Your account=0A?=",
        "J. =??q?",
    ],
)
def test_a_value_that_readers_of_mail_decode_is_out_of_bounds(value: str) -> None:
    name = Variable("x", "person_name", "x", HERE, max_length=40)
    for variable in (text(), text(links=True), name):
        assert reader(variable)(value) is MISSING
        assert "holds an encoded word" in why_missing(variable, value)


@pytest.mark.parametrize(
    "value", ["1+1=?", "=?", "a=?b?c", "=? b ?", "?q?", "why =? because"]
)
def test_an_equals_sign_and_a_question_mark_pass(value: str) -> None:
    assert reader(text())(value) == value


@pytest.mark.parametrize("value", ["see evil.com", "mailto:a", "a@b.zz"])
def test_a_text_that_is_declared_to_hold_links_holds_them(value: str) -> None:
    assert reader(text(links=True))(value) == value


@pytest.mark.parametrize("value", ["😀.la", "a․com", "evil.com", "www.x", "a。com"])
def test_a_name_is_stricter_and_refuses_what_a_text_does(value: str) -> None:
    name = Variable("x", "person_name", "x", HERE, max_length=20)
    assert reader(name)(value) is MISSING


@pytest.mark.parametrize(
    "value", ["J. R. Tolkien", "O'Neil", "Müller-Lüdenscheidt", "张伟"]
)
def test_a_name_with_dots_before_blanks_passes(value: str) -> None:
    name = Variable("x", "person_name", "x", HERE, max_length=30)
    assert reader(name)(value) == value


def test_the_list_holds_ascii_shown_and_reserved_domains() -> None:
    domains = top_level_domains()
    assert {"com", "cn", "xn--fiqs8s", "中国", "рф", "test", "onion"} <= domains
    assert len(domains) > 1400
    assert all(name == name.casefold() and "." not in name for name in domains)


def test_every_character_that_reads_as_a_sign_of_a_link_is_looked_at() -> None:
    signs = [
        chr(code)
        for code in range(0x110000)
        if set(unicodedata.normalize("NFKC", chr(code))) & set(".:@。")
    ]
    assert len(signs) > 40
    missed = [
        sign
        for sign in signs
        if sign in ".．。｡․" and not find_autolink(f"evil{sign}com")
    ]
    assert missed == []
    for sign in signs:  # what stands for a dot and more may make a link as well
        plain = unicodedata.normalize("NFKC", f"evil{sign}com")
        assert find_autolink(f"evil{sign}com") == find_autolink(plain)


TOP = st.sampled_from(sorted(top_level_domains()))
EDGES = st.sampled_from(["", " ", "(", "，", "您", "。", "!", "\n", "“", "/"])


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True),
    TOP,
    EDGES,
    st.sampled_from(["", " ", ")", "，", ".", "/", ":", "!", "\n", "”", "?", "-"]),
    st.sampled_from([".", "。", "．", "｡"]),
    st.sampled_from([str, str.upper, str.title]),
)
def test_any_host_below_any_top_level_domain_is_found(
    label: str, domain: str, before: str, after: str, dot: str, case: type[str]
) -> None:
    assert find_autolink(f"{before}{case(label + dot + domain)}{after}") is not None


@given(st.text(st.characters(), max_size=60))
@example("\ud800.com")
def test_any_text_at_all_gets_an_answer(value: str) -> None:
    found = find_autolink(value)
    assert found is None or found in LINKED


CASED = st.text(st.sampled_from("abcomßſﬁİıŉǰ.ﬆKÅσς。:@wt"), max_size=12)


@given(st.one_of(CASED, st.text(max_size=12), TOP.map(lambda top: f"x.{top}x")))
def test_no_filter_of_case_makes_a_link_of_what_is_none(value: str) -> None:
    if find_autolink(value) is None:
        for function in (str.upper, str.lower, title_case, str.capitalize, str.strip):
            assert find_autolink(function(value)) is None


def test_no_character_becomes_a_letter_of_a_domain_in_another_case() -> None:
    for character in map(chr, range(0x110000)):
        for form in {character.upper(), character.lower(), character.title()} - {
            character
        }:
            for pattern in ("x.{}o", "x.c{}", "x.{}m", "{}.com"):
                if find_autolink(pattern.format(character)) is None:
                    assert find_autolink(pattern.format(form)) is None


@given(st.text("aco.m @:/wx1。\ufe0f中-_é", max_size=40))
def test_what_is_found_in_a_part_between_blanks_is_found_in_the_whole(
    value: str,
) -> None:
    parts = re.split(r"\s", value)
    if find_autolink(value) is not None:
        assert any(find_autolink(part) is not None for part in parts)
    elif not any(part.endswith((":", "://", "www.", "www。")) for part in parts):
        assert all(find_autolink(part) is None for part in parts)


PIECES = ["a.", "a@", "1.", "www", "://", ":", "a@b.1", ".é", "中。", "x-",
          ".\u0301a", "ﷺ", "data:", "a@b-", "1.2.3.", "b.c-", ".xn--", "….", "a_.", "@", "。a",
          "http", "255.", "data:a"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("start", ["", "a@b."])
def test_time_grows_with_length_and_not_faster(piece: str, start: str) -> None:
    def seconds(length: int) -> float:
        value = (start + piece * length)[:length] + "\x00"
        best = float("inf")
        for _ in range(2):
            begin = time.process_time()
            find_autolink(value)
            best = min(best, time.process_time() - begin)
        return best

    small, large = seconds(5_000), seconds(40_000)
    # Eight times the text: a square would take sixty-four times as long.
    assert large < 30 * small + 0.005
