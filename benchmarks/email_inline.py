"""What e-mail costs: inlining beside premailer, and compiling once beside for each user.

First the CSS of a newsletter is inlined by css-inline and by premailer, and both must
give each paragraph the same style. Then a user's message is made in three ways: the body
in Markdown and the layout compiled once, which is what copylab does; the layout compiled
again for the user; and the layout alone, without Markdown. The pages must be equal.
Rounds alternate, so that a busy machine slows all of them; the least time of each counts.

    python benchmarks/email_inline.py [rounds]
"""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

import css_inline
import jinja2
import mjml
import premailer

from copylab.channels.layout import compile_layout
from copylab.channels.layout_equal import check_layout, page_events
from copylab.channels.markdown import escape_markdown, render_body

if TYPE_CHECKING:
    from collections.abc import Callable

PRODUCTS, RULES = 70, 60
LAYOUT = """\
<mjml lang="en"><mj-head><mj-title>{{ subject }}</mj-title>
<mj-preview>{{ preheader }}</mj-preview></mj-head><mj-body>
<mj-section><mj-column><mj-image src="https://e.example/logo.png" alt="{{ brand }}"
  width="120px" /></mj-column></mj-section>
<mj-section><mj-column><mj-text>{{ body }}</mj-text></mj-column></mj-section>
%s{%% if coupon %%}<mj-section background-color="#eeeeee"><mj-column><mj-text>A coupon for you
</mj-text></mj-column></mj-section>{%% endif %%}
<mj-section><mj-column><mj-text font-size="12px">{{ brand }}, 500 Example St
  <a href="{{ out }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>
"""
PRODUCT = """\
<mj-section><mj-column><mj-image src="https://e.example/%d.png" alt="Product %d" />
</mj-column><mj-column><mj-text>Product %d, made with care and sent in three days.</mj-text>
<mj-button href="https://e.example/p/%d">Look</mj-button></mj-column></mj-section>
"""
BODY = """\
# Hello {{ name }}

You have **{{ points }}** points, which are yours until the end of the year.

{% for item in items %}
- {{ item }}
{% endfor %}

[[Look at the shop]](https://e.example/shop)
"""
USER = {
    "name": "Zoë [x](y)", "points": 1200, "items": ["tea", "two_cups"], "coupon": True,
    "subject": "News", "preheader": "For you", "brand": "Example",
    "out": "https://e.example/out/abc",
}  # fmt: skip


def newsletter() -> str:
    """A page of about 50 KB with 60 rules, of which each product needs four."""
    rules = "\n".join(
        f".c{n} {{ color: #12{n:02x}56; padding: {n + 1}px; font-size: {10 + n % 9}px; }}"
        for n in range(RULES)
    )
    words = "A product that is made with care, sent in three days and taken back in thirty. "
    product = (
        '<table class="c{a}"><tr class="c{b}"><td class="c{c}"><p class="c{d}">'
        '{words}</p><a class="c{a} c{d}" href="https://e.example/p/{n}">Look</a></td></tr></table>'
    )
    body = "\n".join(
        product.format(
            a=n % RULES, b=(n + 7) % RULES, c=(n + 11) % RULES, d=(n + 23) % RULES,
            n=n, words=words * 6,
        )
        for n in range(PRODUCTS)
    )  # fmt: skip
    return f"<html><head><style>{rules}</style></head><body>{body}</body></html>"


def styles(page: str) -> list[set[str]]:
    """The declarations of each paragraph."""
    found = re.findall(r"<p[^>]*style=\"([^\"]*)\"", page)
    return [
        {re.sub(r"\s", "", each) for each in value.split(";") if each}
        for value in found
    ]


def best_of(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least seconds of each call."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def show(title: str, best: dict[str, float]) -> None:
    """The times, and how often each is the first."""
    print(title)
    first = next(iter(best.values()))
    for name, seconds in best.items():
        print(f"  {name:42} {seconds * 1e3:9.3f} ms   ratio {seconds / first:8.2f}")


def compare_inliners(rounds: int) -> None:
    page = newsletter()
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
    calls: dict[str, Callable[[], object]] = {
        "css-inline": lambda: inliner.inline(page),
        "premailer": lambda: premailer.transform(page, keep_style_tags=True),
    }
    ours, theirs = (styles(str(call())) for call in calls.values())
    assert len(ours) == PRODUCTS
    assert ours == theirs
    size = len(page) // 1024
    show(f"inline the CSS of a page of {size} KB", best_of(calls, max(3, rounds // 10)))


def compare_users(rounds: int) -> None:
    layout = LAYOUT % "".join(PRODUCT % (n, n, n, n) for n in range(12))
    shell = compile_layout(layout, "mjml")
    plain = jinja2.Environment()  # the escapes are written out below
    escape = lambda value: escape_markdown(str(value))  # noqa: E731 - as short as it gets
    markdown = jinja2.Environment(finalize=escape, trim_blocks=True).from_string(BODY)
    once, source = plain.from_string(shell), plain.from_string(layout)
    body = render_body(markdown.render(USER))[0]

    def for_one_user(page: str) -> str:
        return str(mjml.mjml2html(page))  # the engine alone, without our checks

    calls: dict[str, Callable[[], object]] = {
        "layout compiled once, no Markdown": lambda: once.render(USER, body=body),
        "layout compiled once, body in Markdown": lambda: once.render(
            USER, body=render_body(markdown.render(USER))[0]
        ),
        "layout compiled for the user, no Markdown": lambda: for_one_user(
            source.render(USER, body=body)
        ),
        "layout compiled for the user, Markdown too": lambda: for_one_user(
            source.render(USER, body=render_body(markdown.render(USER))[0])
        ),
    }
    pages = [
        page_events(str(call()), is_outlook=mode)
        for call in calls.values()
        for mode in (False,)
    ]
    assert pages.count(pages[0]) == len(pages)
    size = len(layout) / 1024
    show(
        f"one user, a layout of {size:.1f} KB with 12 products", best_of(calls, rounds)
    )
    show(
        "a layout, once for all users",
        best_of(
            {
                "compile": lambda: compile_layout(layout, "mjml"),
                "prove that once is for each user": lambda: check_layout(
                    layout, "mjml"
                ),
            },
            max(3, rounds // 10),
        ),
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    compare_inliners(rounds)
    compare_users(rounds)


if __name__ == "__main__":
    main()
