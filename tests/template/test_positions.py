"""Every literal, expression, tag and comment stands at its exact offset."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from jinja2 import nodes

from copylab.message.copy import make_passage
from copylab.source import SourceFile
from copylab.template.environment import TemplateProblem, offset_of, parse_template
from copylab.template.lower import lower_passage
from copylab.template.scope import Scope
from copylab.template.shape import Lit, walk

if TYPE_CHECKING:
    from pathlib import Path

# Public packages whose wheels carry templates that people write for Jinja.
PACKAGES = ("flask-admin", "flask-security", "nbconvert", "sphinx", "flask-appbuilder")
ENDINGS = (".html", ".txt", ".j2", ".jinja", ".xml")
FEWEST = 200

NASTY = [
    "a\r\n{{ x }}\r\nb",
    "a  {%- if x -%}  b  {%- endif -%}  c",
    "  {% if x %}\n  b\n  {% endif %}\n",
    "😀{{ x }}𠀀{{ y }}e\u0301",
    "{% raw %}{{ no }}{% if %}{% endraw %}{{ x }}",
    "{%- raw -%}  {{ no }}  {%- endraw -%}  {{ x }}",
    "{# a {{ b }} 中 #}{{ x }}{#- c -#}  {{ y }}",
    "# for x in y\n## comment\n{{ x }}\n% if x",
    "{{ x ~ 'a\\'b' ~ \"q\" }} a {{ 'a' 'b' }}",
    "{{ x\n  | upper\n}}\n\n{{ y }}",
    "{{ x if x == 'a' else y }} {{ (days + 1) | number }}{{ -1 }}",
    "{%+ if x +%}\n a{%+ endif +%}\n{{ y }}",
    "a{{ x }}{{ x }}aa{{ x }}a a{{ x }} a",
    "\u2028{{ x }}\u0085{{ y }}\x0b{{ x }}\u00a0 {%- if x %} {% endif %}",
    "{ {{ x }} } {% if x %}}{% endif %}{{ '}}' }}{{ '{%' }}",
    "\\# a\n\\## {{ x }}\n\\# b{{ y }}",
]


def hold_positions(text: str) -> int:
    """Hold the offsets of one template; how many literals it has.

    Raises:
        AssertionError: Something does not stand where it is said to.
    """
    parsed = parse_template(text)
    for tag in parsed.tags:
        assert text[tag.start : tag.start + 2] in {"{{", "{%", "{#"}
        assert text[tag.end - 2 : tag.end] in {"}}", "%}", "#}"}
    literals = 0
    for node in parsed.root.find_all((nodes.Node,)):
        offset = offset_of(node)
        assert 0 <= offset <= len(text)
        if isinstance(node, nodes.TemplateData):
            literals += 1
            assert text[offset : offset + len(node.data)] == node.data
        elif isinstance(node, nodes.Name | nodes.Filter):
            assert text[offset : offset + len(node.name)] == node.name
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            assert text[offset] in "\"'" or text[offset].isalpha()
        elif isinstance(node, nodes.Expr):
            tag = parsed.tag_at(offset)
            assert tag is not None
            assert tag.start < offset < tag.end
    return literals


def lower_anything(name: str, text: str) -> None:
    """Read a template of any kind: a shape with exact places, or findings."""
    source = SourceFile(name, text)
    start = len(source.text) - len(source.text.lstrip())
    passage = make_passage(source, start, max(start, len(source.text.rstrip())))
    lowered = lower_passage(passage, Scope({}, "en-US", allow_loops=True))
    for finding in lowered.findings:
        assert finding.line is not None
        assert finding.help
    for leaf in walk(lowered.shape):
        if isinstance(leaf, Lit) and leaf.place.exact:
            offset = passage.offset(leaf.place.start)
            assert passage.text[leaf.place.start : leaf.place.end] == leaf.text
            assert source.text[offset] == leaf.text[0]


@pytest.mark.parametrize("text", NASTY)
def test_everything_stands_where_it_is_said_to_stand(text: str) -> None:
    source = SourceFile("sms.en-US.md", text)
    hold_positions(source.text)
    lower_anything("sms.en-US.md", text)


def test_carriage_returns_are_counted_where_they_stand() -> None:
    text = "a\r\n{{ x }}\r\nb\r{{ y }}{#\r\n#}\r\n\r\n{% if z %}{% endif %}"
    parsed = parse_template(text)
    tags = [text[tag.start : tag.end] for tag in parsed.tags]
    assert tags == ["{{ x }}", "{{ y }}", "{#\r\n#}", "{% if z %}", "{% endif %}"]
    names = [(n.name, text[offset_of(n)]) for n in parsed.root.find_all(nodes.Name)]
    assert names == [("x", "x"), ("y", "y"), ("z", "z")]


def test_line_statements_are_words() -> None:
    parsed = parse_template("# if x\n{{ y }}\n# endif")
    assert [tag.kind for tag in parsed.tags] == ["variable"]


@pytest.mark.fuzz
def test_templates_of_public_packages_are_read_with_exact_places(
    tmp_path: Path,
) -> None:
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    fetch += ["--only-binary", ":all:", "--dest", str(tmp_path), *PACKAGES]
    subprocess.run(fetch, check=True, timeout=600)
    read = literals = 0
    for wheel in sorted(tmp_path.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            names = [n for n in archive.namelist() if n.endswith(ENDINGS)]
            for name in names:
                text = archive.read(name).decode("utf-8", "replace")
                if "{{" not in text and "{%" not in text:
                    continue
                read += 1
                lower_anything(name, text)
                try:
                    literals += hold_positions(SourceFile(name, text).text)
                except TemplateProblem:
                    continue  # a tag that an extension of Jinja brings
    assert read >= FEWEST
    assert literals > 10 * FEWEST
