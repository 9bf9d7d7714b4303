"""Rules on e-mail and links: near misses, places, and branches."""

# ruff: noqa: E501 - words stand on one line, as they do in a file

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.lint.examples import write_example
from copylab.lint.rule import Example
from copylab.lint.text import check_text
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.findings import Finding

    Lint = Callable[..., list[Finding]]

HEAD = "## subject\nYour details are saved\n## preheader\nThere is nothing to fill in twice when you come back.\n## body\n"
ROW = "body", 6
STOP = " Reply STOP to opt out"


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """The findings of one rule in the small workspace of rule pages."""

    def run(rule: str, text: str, info: str = "email.en-US.md") -> list[Finding]:
        write_example(Example(info, text), tmp_path)
        found = open_workspace(tmp_path).lint().findings
        return [item for item in found if item.rule == rule]

    return run


def body(words: str) -> str:
    return f"{HEAD}{words}\n"


def html(middle: str, words: str = "Saved for you.", name: str = "main.html") -> str:
    page = (
        '<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>\n'
        f"<body>{middle}{{{{ body }}}}\n"
        "<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>\n"
        '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>\n'
    )
    return f"{body(words)}=== _layouts/{name}\n{page}"


# Rule, words of a body, column of each finding on its first line.
BODIES = [
    ("link-insecure", "[a](http://x.co/) http://y.co/b and https://z.co/", [5, 19]),
    ("link-insecure", "see <http://x.co/>, not `xmlns`", [6]),
    ("link-insecure", "[a](HTTP://x.co/)", [5]),
    ("link-text-mismatch", "[www.bank.com](https://bank.com/a)", []),
    ("link-text-mismatch", "[bank.com](https://pay.bank.com/a)", []),
    ("link-text-mismatch", "[https://bank.com/a](https://bank.com.evil.net/a)", [22]),
    ("link-text-mismatch", "**[bank.com](https://evil.net)**", [14]),
    ("link-text-mismatch", "[Node.js](https://a.net) [e.g. this](https://b.net)", []),
    ("link-text-mismatch", "[me@bank.com](mailto:me@bank.com)", []),
    ("link-text-mismatch", "[bank.com](https://{% if app %}evil.net{% else %}bank.com{% endif %}/)", [12]),
    ("link-text-generic", "[Here](https://x.co/) [here it is](https://x.co/)", [8]),
    ("link-text-generic", "[[Click here]](https://x.co/)", [16]),
    ("link-text-generic", "[Click here »](https://x.co/)", [16]),
    ("link-text-generic", "[hier](https://x.co/) [aquí](https://x.co/) [ici](https://x.co/)", [8, 30, 51]),
    ("link-placeholder", "[a]() [b](#) [c](javascript:void(0)) [d](#top)", [4, 11, 18]),
    ("link-placeholder", "[a](https://example.com/) for a workspace of examples", []),
    ("link-placeholder", "[a](TODO)", [5]),
    ("link-raw-ip", "[a](https://10.0.0.1/x) v1.2.3.4 [b](https://10.co/)", [5]),
    ("link-raw-ip", "[a](https://[::1]/x)", [5]),
    ("url-malformed", "[a](https://x.co/a b)", [5]),
    ("url-malformed", "[a](https://x.co/a%zz) [b](https://x.co/a%20b)", [5]),
    ("url-malformed", "[a](https://x.co/?a=1&amp;b=2) is read as it should be", []),
    ("url-malformed", "[a](https://x.co/?a=1&amp;amp;b=2)", [5]),
    ("url-malformed", "[a](https://https://x.co/)", [5]),
    ("url-malformed", "[a](htps://x.co/) http//x.co either/or 24/7.co", [5, 19]),
    ("url-malformed", "[a](www.x.co/b) [b](/b) [c](mailto:a@x.co) [d](tel:+1)", [5, 21]),
    ("url-malformed", 'see [a](https://x.co/ "A title") (https://x.co/a_(b))', []),
    ("url-variable-unencoded", "[a](https://x.co/{{ note }}) {{ note }}", [18]),
    ("url-variable-unencoded", "[a](https://x.co/?d={{ days }}&s={{ stage }})", []),
    ("url-variable-unencoded", "[a]({{ link }}?who={{ name }})", [20]),
    ("url-scheme-from-variable", "[a]({{ note }}) [b]({{ link }}) {{ note }}", [5]),
    ("autolink-injection", "{{ name }}.com {{ name }}.{{ name }} www.{{ note }}", [1, 16, 38]),
    ("autolink-injection", "{{ name }}.Please {{ days }}.5 {{ days }}.com {{ name }}. Com", []),
    ("autolink-injection", "[a](https://x.co/{{ name }}.com) x@a.com{{ name }}.com", []),
    ("autolink-injection", "Write to x@{{ name }}.com or @{{ name }}", [10]),
    ("markdown-injection", "`{{ note }}` `{{ days }}` **{{ note }}** \\`{{ note }}\\`", [2]),
    ("markdown-injection", "a\n\n    {{ name }}", [5]),
    ("placeholder-leak", "*|NAME|* %%name%% ${name} {name} [FIRST NAME] 100%", [1, 10, 19, 27, 34]),
    ("placeholder-leak", "[NEW] [a](https://x.co/) {a} 50% of 100% None of us", []),
    ("placeholder-leak", "Dear null, lorem ipsum", [1, 12]),
    ("text-contains-markup", "a<br>b &nbsp; c `<b>` 5 < 6 AT&T; <https://x.co/>", [2, 8]),
    ("img-alt-missing", "[![](https://x.co/a.png)](https://x.co/) ![](https://x.co/b.png)", [2]),
    ("html-unsupported", "![a](https://x.co/a.webp) ![b](https://x.co/b.png)", [6]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "words", "columns"), BODIES)
def test_a_body_is_told_of_at_its_place(
    rule: str, words: str, columns: list[int], lint: Lint
) -> None:
    found = lint(rule, body(words))
    assert [item.column for item in found] == columns
    lines = words.count("\n")
    assert {item.line for item in found} <= {6, 6 + lines}
    for item in found:
        assert item.file == "templates/welcome/email.en-US.md"
        assert (item.field, item.variant) == ("body", "plain")
        assert item.witness is not None
        assert item.help


@pytest.mark.parametrize(
    ("rule", "words", "count"),
    [
        ("placeholder-leak", "Example: hi {name}, [LINK]." + STOP, 2),
        ("empty-interpolation", "Example: hi {{ note }}!" + STOP, 1),
        ("empty-interpolation", "Example: hi ({{ note }})." + STOP, 1),
        ("empty-interpolation", "Example: saved {{ note }} for you." + STOP, 1),
        ("empty-interpolation", "Example: your note: {{ note }}\nSaved." + STOP, 1),
        ("empty-interpolation", "Example: saved. {{ note }}" + STOP, 1),
        ("empty-interpolation", "Example: {% if note != '' %}hi {{ note }}, {% endif %}saved." + STOP, 0),
        ("empty-interpolation", "Example: hi there {{ name }}, saved." + STOP, 1),
        ("empty-interpolation", "Example: hi {{ name }}, there is news." + STOP, 0),
        ("link-insecure", "Example: http://x.co/a" + STOP, 1),
        ("link-raw-ip", "Example: https://10.0.0.1/a" + STOP, 1),
        ("link-placeholder", "Example: https://localhost/a" + STOP, 1),
        ("url-malformed", "Example: https://x.co/?a=1&amp;b=2" + STOP, 1),
        ("url-malformed", "Example: (https://x.co/a), and https://x.co/b." + STOP, 0),
        ("url-variable-unencoded", "Example: https://x.co/{{ name }}" + STOP, 1),
        ("autolink-injection", "Example: {{ name }}.You have news." + STOP, 1),
    ],
)  # fmt: skip
def test_short_messages_share_the_rules(
    rule: str, words: str, count: int, lint: Lint
) -> None:
    found = lint(rule, words + "\n", "sms.en-US.md")
    assert len(found) == count
    assert all(item.witness is not None for item in found)


def test_the_witness_of_a_gap_shows_the_gap(lint: Lint) -> None:
    [found] = lint(
        "empty-interpolation", "Example: hi {{ note }}," + STOP, "sms.en-US.md"
    )
    assert found.severity == "error"
    assert found.witness is not None
    assert found.witness.text.startswith("Example: hi ,")


def test_french_puts_a_blank_before_some_marks(tmp_path: Path) -> None:
    words = "Example : bonjour{{ note }} !\n"
    write_example(Example("sms.fr-FR.md", words), tmp_path)
    config = (tmp_path / "copylab.yaml").read_text()
    config = config.replace("also: [zh-CN]", "also: [zh-CN, fr-FR]")
    (tmp_path / "copylab.yaml").write_text(config)
    found = open_workspace(tmp_path).lint().findings
    assert [item.rule for item in found if item.rule == "empty-interpolation"] == []


def test_chinese_replacements_are_not_said_twice(lint: Lint) -> None:
    words = "您的资料{{ call }}您好，已保存。拒收请回复R\n=== message.yaml\npurpose: marketing\nlive: plain\nlocales: [zh-CN]\nvariants: {plain: {hook: plain}}\nvariables: {call: {type: person_name, max: 4, missing: 您}}\n"
    [found] = lint("empty-interpolation", words, "sms.zh-CN.md")
    assert found.severity == "warning"
    assert "twice" in found.message


def test_a_replacement_of_a_programmer_is_told_where_it_is_declared(lint: Lint) -> None:
    words = (
        "Example: hi {{ n }}."
        + STOP
        + "\n=== message.yaml\npurpose: marketing\nlive: plain\nlocales: [en-US]\nvariants: {plain: {hook: plain}}\nvariables:\n  n: {type: person_name, max: 9, missing: None}\n"
    )
    [found] = lint("placeholder-leak", words, "sms.en-US.md")
    assert (found.file, found.line) == ("templates/welcome/message.yaml", 6)
    assert "'None'" in found.message


def test_what_is_quoted_on_purpose_is_only_a_warning(lint: Lint) -> None:
    words = body("Write {% raw %}{{ name }}{% endraw %} for the name.")
    [found] = lint("placeholder-leak", words)
    assert found.severity == "warning"


def test_a_finished_text_is_judged_without_a_workspace() -> None:
    text = "Example: hi {{ name }}, see http://10.0.0.1/a" + STOP
    found = check_text(text, channel="sms", market="US", brand="Example")
    rules = {item.rule: item.severity for item in found}
    assert rules["placeholder-leak"] == "error"
    assert rules["link-raw-ip"] == "error"
    assert rules["link-insecure"] == "warning"


LAYOUTS = [
    ("markup-unbalanced", "<div>", 1),
    ("markup-unbalanced", "{% if days > 30 %}<div>a</div>{% endif %}<p>b<p>c", 0),
    ("markup-unbalanced", "<!--[if mso]><table><tr><td><![endif]-->", 1),
    ("img-alt-missing", '<img src="https://x.co/a.png" width="9">', 1),
    ("img-alt-missing", '<img src="https://x.co/a.png" alt="" width="9">', 0),
    ("img-alt-missing", '<img src="https://x.co/a.png" alt="Logo">', 1),
    ("img-alt-missing", '<a href="https://x.co/"><img src="https://x.co/a.png" alt="" width="9"></a>', 1),
    ("img-alt-missing", '<a href="https://x.co/"><img src="https://x.co/a.png" alt="" width="9">See it</a>', 0),
    ("table-role-missing", "<table><tr><td>a</td></tr></table>", 1),
    ("table-role-missing", '<table role="none"><tr><td>a</td></tr></table>', 0),
    ("css-unsupported", '<div style="display:flex"></div>', 1),
    ("css-unsupported", '<div style="display:inline-block; border-radius: 4px"></div>', 0),
    ("css-unsupported", "<style>p { color: var(--a) }</style>", 1),
    ("css-unsupported", "<style>@media (max-width: 9px) { p { display: grid } }</style>", 0),
    ("css-unsupported", '<div style="position: relative"></div>', 0),
    ("css-unsupported", '<!--[if mso]><div style="display:flex"></div><![endif]-->', 1),
    ("css-unsupported", '<!--[if mso]><div style="position:fixed"></div><![endif]-->', 1),
    ("html-unsupported", "<script>var a = 1;</script>", 1),
    ("html-unsupported", "<picture><img></picture>", 0),
    ("html-unsupported", '<form action="https://x.co/"></form>', 1),
    ("contrast-low", '<p style="color: #999">a</p>', 1),
    ("contrast-low", '<div style="background: #333"><p style="color: #bbb">a</p></div>', 0),
    ("contrast-low", '<div style="background: url(a.png)"><p style="color: #999">a</p></div>', 0),
    ("contrast-low", '<p style="color: #999; display: none">a</p>', 0),
    ("contrast-low", '<style>.s { color: #999 }</style><p class="s">a</p>', 1),
    ("font-tiny", '<p style="font-size: 11px">a</p>', 1),
    ("font-tiny", '<div style="font-size: 10px"><p style="font-size: 14px">a</p> </div>', 0),
    ("font-tiny", '<div style="font-size: 20px"><p style="font-size: 50%">a</p></div>', 1),
    ("hidden-text", '<p style="font-size: 0">offers</p>', 1),
    ("hidden-text", '<div style="display: none; font-size: 1px; color: #fff">{{ preheader }} more</div>', 0),
    ("link-placeholder", '<a href="#">Top</a>', 1),
    ("link-text-mismatch", '<a href="https://evil.net/">bank.com</a>', 1),
    ("url-malformed", '<a href="https://x.co/?a=1&amp;b=2">x</a>', 0),
    ("variable-in-css", '<p style="width: {{ note }}">a</p>', 1),
    ("variable-in-css", '<p style="width: {{ days }}px">a</p>', 0),
    ("variable-in-script", '<p onclick="a({{ days }})">a</p>', 1),
    ("url-variable-unencoded", '<a href="https://x.co/?a={{ note }}">a</a>', 1),
    ("text-html-drift", "<p>{{ days }} days</p>", 1),
    ("text-html-drift", "<p>Call +1 (800) 555-0100</p>", 1),
    ("text-html-drift", "<p>It is 2026, and 12 of 100 agree</p>", 0),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "middle", "count"), LAYOUTS)
def test_a_layout_is_told_of_at_its_place(
    rule: str, middle: str, count: int, lint: Lint
) -> None:
    found = lint(rule, html(middle))
    assert len(found) == count
    for item in found:
        assert item.file == "templates/_layouts/main.html"
        assert item.line == 2
        assert item.witness is not None
        assert (item.field, item.variant) == (None, None)


def test_chosen_clients_decide_what_counts(tmp_path: Path) -> None:
    def codes(clients: str) -> list[tuple[str, str]]:
        write_example(
            Example(
                "email.en-US.md",
                html('<div style="display: flex; border-radius: 4px"></div>'),
            ),
            tmp_path,
        )
        config = (tmp_path / "copylab.yaml").read_text()
        (tmp_path / "copylab.yaml").write_text(
            f"{config}lint: {{email: {{clients: {clients}}}}}\n"
        )
        found = open_workspace(tmp_path).lint().findings
        return [
            (item.severity, item.message)
            for item in found
            if item.rule == "css-unsupported"
        ]

    assert codes("[apple, gmail]") == []
    assert [severity for severity, _ in codes("[outlook]")] == ["warning"]


def test_a_layout_of_several_messages_is_told_of_once(
    lint: Lint, tmp_path: Path
) -> None:
    lint("table-role-missing", html("<table><tr><td>a</td></tr></table>"))
    first = tmp_path / "templates/welcome"
    second = tmp_path / "templates/other"
    second.mkdir()
    for file in first.iterdir():
        (second / file.name).write_bytes(file.read_bytes())
    found = open_workspace(tmp_path).lint().findings
    assert [item.rule for item in found].count("table-role-missing") == 1


MJML = """\
<mjml lang="{{ locale }}" dir="{{ dir }}"><mj-head><mj-title>{{ subject }}</mj-title>
<mj-preview>{{ preheader }}</mj-preview>
<mj-style>.faint { color: #cccccc; }</mj-style></mj-head><mj-body>
<mj-section><mj-column><mj-text>Hello</mj-text><mj-text>{{ body }}</mj-text></mj-column></mj-section>
<mj-section><mj-column><mj-text color="#aaaaaa">Hello</mj-text>
<mj-text font-size="9px">Sent by {{ brand.name }}</mj-text>
<mj-text><p class="faint">{{ brand.legal_name }}</p>{{ brand.postal_address }}
<a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>
"""


def test_what_mjml_becomes_is_told_of_where_it_is_written(lint: Lint) -> None:
    text = f"{body('Saved for you.')}=== _layouts/main.mjml\n{MJML}"
    found = lint("contrast-low", text)
    places = [(item.file, item.line) for item in found]
    assert places == [
        ("templates/_layouts/main.mjml", 5),
        ("templates/_layouts/main.mjml", 7),
    ]
    [tiny] = lint("font-tiny", text)
    assert tiny.line == 6
    assert lint("table-role-missing", text) == []
    assert lint("css-unsupported", text) == []


def test_parameters_are_asked_for_by_those_who_name_them(
    lint: Lint, tmp_path: Path
) -> None:
    words = body(
        "[a](https://example.com/a?utm_source=mail&utm_campaign=x) [b](https://example.com/b?utm_source=mail&utm_campaign=y) "
        "[c](https://example.com/c) [d](https://other.co/d) [e](https://example.com/unsubscribe) [f](mailto:a@example.com)"
    )
    assert lint("utm-missing", words) == []
    config = (tmp_path / "copylab.yaml").read_text()
    (tmp_path / "copylab.yaml").write_text(
        f"{config}links: {{allowed_hosts: [example.com, s.example.com, other.co], utm: [utm_source, utm_campaign]}}\n".replace(
            ", other.co]", "]"
        )
    )
    found = [
        f for f in open_workspace(tmp_path).lint().findings if f.rule == "utm-missing"
    ]
    assert [item.severity for item in found] == ["info", "info"]
    assert "'y' here, and 'x' above" in found[0].message
    assert found[1].message == "the link lacks utm_source, utm_campaign"


def test_two_phrases_of_different_branches_are_not_together(lint: Lint) -> None:
    apart = "{% if days > 30 %}Act now.{% else %}It is risk-free.{% endif %}"
    together = "Act now.{% if days > 30 %} It is risk-free.{% endif %}"
    assert lint("spam-phrase", body(apart)) == []
    [found] = lint("spam-phrase", body(together))
    assert found.severity == "info"


@pytest.mark.parametrize(
    ("subject", "rules"),
    [
        ("YOUR ACCOUNT IS WAITING", ["subject-all-caps"]),
        ("Your APR, your FICO score, your PIN", []),
        ("EXAMPLE BANK NEWS: what is new", []),
        ("ВАШ ДОГОВОР ПОДПИСАН ВЧЕРА", ["subject-all-caps"]),
        ("Ready?!", ["subject-punctuation"]),
        ("¿Listo? ¡Sí!", []),
        ("您的账户已开通！！", ["subject-punctuation"]),
        ("Save $$$ today", ["subject-punctuation"]),
        ("🎉 Saved 🎁", ["subject-punctuation"]),
        ("🇩🇪 Saved ❤️", ["subject-punctuation"]),
        ("👩🏽‍🚀 Saved", []),
        ("{% if app %}🎉{% else %}🎁{% endif %} Saved", []),
        ("Terms &amp; more", ["subject-html-entity"]),
        ("AT&T; R&D; 5 < 6 <3", []),
        ("<b>Saved</b>", ["subject-html-entity", "subject-html-entity"]),
    ],
)
def test_subjects(subject: str, rules: list[str], tmp_path: Path) -> None:
    text = body("Saved.").replace("Your details are saved\n", f"{subject}\n")
    write_example(Example("email.en-US.md", text), tmp_path)
    found = open_workspace(tmp_path).lint().findings
    told = [item.rule for item in found if item.rule.startswith("subject-")]
    assert told == rules


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("Example <a@b.co>", []),
        ("示例分期金融 <a@b.co>", []),
        ("a@b.co", [("from-name-invalid", "warning")]),
        ("www.example.com <a@b.co>", [("from-name-invalid", "warning")]),
        ("Example <no-reply@b.co>", [("from-name-invalid", "info")]),
        (
            "The Example Company of Austin and Oslo <a@b.co>",
            [("from-name-long", "warning")],
        ),
        (
            "示例消费金融股份有限公司上海分公司 <a@b.co>",
            [("from-name-long", "warning")],
        ),
    ],
)
def test_senders(sender: str, told: list[tuple[str, str]], tmp_path: Path) -> None:
    write_example(Example("email.en-US.md", body("Saved.")), tmp_path)
    config = (tmp_path / "copylab.yaml").read_text()
    config = config.replace("Example <hello@example.com>", f'"{sender}"')
    (tmp_path / "copylab.yaml").write_text(config)
    found = [
        f
        for f in open_workspace(tmp_path).lint().findings
        if f.rule.startswith("from-")
    ]
    assert [(item.rule, item.severity) for item in found] == told
    assert all(
        (f.file, f.column)
        == ("copylab.yaml", config.splitlines()[f.line - 1].index("from: ") + 7)
        for f in found
    )


def test_what_could_not_be_read_is_told_once(tmp_path: Path) -> None:
    text = body(
        "[a]({{ nope }}) [b](https://x.co/{{ nope }}) `{{ nope }}` {{ nope }}.com"
    )
    write_example(Example("email.en-US.md", text), tmp_path)
    found = open_workspace(tmp_path).lint().findings
    assert not [item.rule for item in found if item.code.startswith("EM3")]
