"""Values that end up in a style, whatever attribute of MJML they were written into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.examples import write_example
from copylab.lint.rule import Example
from copylab.workspace import open_workspace

COPY = """\
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.mjml
<mjml lang="{{ locale }}" dir="{{ dir }}">
<mj-head><mj-title>{{ subject }}</mj-title>
<mj-preview>{{ preheader }}</mj-preview>%(head)s</mj-head>
<mj-body><mj-section %(section)s><mj-column %(column)s>
<mj-text %(text)s>{{ body }}</mj-text>
<mj-button href="{{ link }}" %(button)s>See {{ note }}</mj-button>
<mj-text>{{ brand.legal_name }}, {{ brand.postal_address }}
<a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>
"""


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., list[Finding]]:
    """What EM308 finds in a layout with some attributes."""

    def run(**attributes: str) -> list[Finding]:
        given = dict.fromkeys(("head", "section", "column", "text", "button"), "")
        words = COPY % {**given, **attributes}
        write_example(Example("email.en-US.md", words), tmp_path)
        findings = open_workspace(tmp_path).lint().findings
        return [f for f in findings if f.rule in {"variable-in-css", "layout-broken"}]

    return run


@pytest.mark.parametrize("value", ["{{ note }}", "{% if app %}{{ note }}{% endif %}"])
@pytest.mark.parametrize(
    ("tag", "name", "line"),
    [
        ("text", "color", 5),
        ("text", "font-family", 5),
        ("text", "font-weight", 5),
        ("section", "background-color", 4),
        ("section", "border", 4),
        ("column", "border-radius", 4),
        ("column", "background-color", 4),
        ("button", "color", 6),
        ("button", "text-decoration", 6),
        ("button", "font-family", 6),
    ],
)
def test_an_attribute_that_becomes_a_style_is_one(
    found: Callable[..., list[Finding]], tag: str, name: str, line: int, value: str
) -> None:
    [finding] = found(**{tag: f'{name}="{value}"'})
    assert (finding.file, finding.line) == ("templates/_layouts/main.mjml", line)
    # What the build refuses is not sent: lengths, borders and branches.
    refused = name.startswith("border") or "{%" in value
    rules = {"variable-in-css", "layout-broken"} if refused else {"variable-in-css"}
    assert finding.rule in rules


@pytest.mark.parametrize(
    "attribute", ["align", "padding", "font-size", "line-height", "height"]
)
def test_no_value_without_bounds_reaches_a_style(
    found: Callable[..., list[Finding]], attribute: str
) -> None:
    assert found(text=f'{attribute}="{{{{ note }}}}"')


def test_a_value_in_defaults_and_sheets_is_told_at_its_own_place(
    found: Callable[..., list[Finding]],
) -> None:
    head = '<mj-attributes><mj-text color="{{ note }}" /></mj-attributes>'
    [finding] = found(head=head)
    assert (finding.rule, finding.line) == ("variable-in-css", 3)
    [finding] = found(head="<mj-style>p { color: {{ note }} }</mj-style>")
    assert (finding.rule, finding.line) == ("variable-in-css", 3)


def test_words_of_an_enum_and_values_in_text_are_fine(
    found: Callable[..., list[Finding]],
) -> None:
    assert found(text='color="{{ stage }}"') == []
