r"""Examples of rule pages, made whole: a small workspace around a few lines of copy.

The first line of an example's fence says what it is: a path, and options. Copy files
stand in the folder of the message ``welcome``; names that start with ``_`` below
``templates/``; ``copylab.yaml``, ``experiments/…``, ``templates/…`` and ``compliance/…``
where they say.
Further files follow lines ``=== path``.

Options: ``purpose=``, ``industry=``, ``variants=a,b`` and ``sending.KEY=VALUE`` settle
what the files around the example say; ``encoding=`` writes the first file so, and
``repeat=N`` writes its last line N times. ``\uXXXX``, ``\UXXXXXXXX`` and ``\xXX``
stand for characters that a page could not show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.lint.rule import Example

FOLDER = "templates/welcome"
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))", re.ASCII
)
_COPY = re.compile(rf"{FOLDER}/(?P<channel>[a-z]+)\.(?P<locale>[A-Za-z-]+)\.md\Z")
_NEXT_FILE = "=== "
_MOST_REPEATS = 100_000
"""How often an example may write its last line."""

_CONFIG = """\
brand:
  name: Example
  signature: Example
  legal_name: Example Inc.
  postal_address: 500 Example St, Austin, TX 78701
  by_locale:
    zh-CN: {name: 示例, signature: 示例, legal_name: 示例有限公司}
locales: {default: en-US, also: [zh-CN]}
markets: {en-US: [US], zh-CN: [CN]}
email: {layout: main, unsubscribe: unsubscribe_url, from: Example <hello@example.com>}
attributes: {user_id: string, loans: int, visited_at: timestamp?}
"""
_VARIABLES = """\
variables:
  name: {type: person_name, max: 20, missing: there}
  note: {type: text, max: 40, multiline: true, missing: ""}
  stage: {type: enum, values: [registered, approved, repaid], missing: registered}
  days: {type: int, min: 3, max: 720, missing: 30}
  app: {type: bool, missing: false}
  link: {type: url, base: "https://s.example.com/", max: 32, missing: error}
  unsubscribe_url: {type: url, base: "https://example.com/u/", max: 60, missing: error}
  steps:
    type: list
    max_items: 3
    items: {step: {type: enum, values: [identity, review]}}
    missing: skip
"""
_WORDS = "Example: your details are saved. Reply STOP to opt out\n"
_HTML = """\
<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe 退订</a></p></body></html>
"""
_TEXT = """\
{{ body }}

{{ brand.legal_name }}, {{ brand.postal_address }}
Unsubscribe 退订: {{ unsubscribe_url }}
"""
_AUDIENCES = "dormant: loans = 0\n"
_METRICS = "click: {event: click, kind: share, within: 3d}\n"


@dataclass(frozen=True, slots=True)
class Laid:
    """An example's own files and options.

    Attributes:
        files: By path from the workspace's root, in the order of the example.
        options: By name, as they are written.
        sending: The options ``sending.KEY``.
    """

    files: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)
    sending: dict[str, str] = field(default_factory=dict)


def example_files(example: Example) -> dict[str, str]:
    """The files of a small workspace around an example, by path from its root."""
    laid = _lay(example)
    return {**_around(laid), **laid.files}


def write_example(example: Example, folder: Path) -> None:
    """Write the workspace around an example into a folder.

    Raises:
        ValueError: An option is none, or a file would lie outside of the folder.
        LookupError: There is no such encoding.
    """
    laid = _lay(example)
    first = next(iter(laid.files))
    for name, text in example_files(example).items():
        encoding = laid.options.get("encoding", "utf-8") if name == first else "utf-8"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))


def _lay(example: Example) -> Laid:
    """The files that an example holds, and its options."""
    path, *words = example.info.split()
    if wrong := [word for word in words if "=" not in word]:
        raise ValueError(f"'{wrong[0]}' is no option; write NAME=VALUE")
    options = dict(word.split("=", 1) for word in words)
    sending = {
        name.removeprefix("sending."): options.pop(name)
        for name in list(options)
        if name.startswith("sending.")
    }
    files: dict[str, str] = {}
    lines: list[str] = []
    for line in [*example.text.splitlines(keepends=True), _NEXT_FILE]:
        if not line.startswith(_NEXT_FILE):
            lines.append(line)
            continue
        files[_place(path)] = _unescape("".join(lines))
        path, lines = line.removeprefix(_NEXT_FILE).strip(), []
    if int(options.get("repeat", 1)) > _MOST_REPEATS:
        raise ValueError(f"repeat={options['repeat']} is more than {_MOST_REPEATS:,}")
    if "repeat" in options:
        first = next(iter(files))
        start, _, last = files[first].rstrip("\n").rpartition("\n")
        head = f"{start}\n" if start else ""
        files[first] = head + last * int(options["repeat"]) + "\n"
    return Laid(files, options, sending)


def _place(path: str) -> str:
    """Where a file of an example lies.

    Raises:
        ValueError: It would lie outside of the example's folder.
    """
    if ".." in path.split("/") or "\\" in path or not path:
        raise ValueError(f"'{path}' is no file of an example")
    if path in {"copylab.yaml", "copylab-baseline.json"} or path.startswith(
        ("experiments/", "templates/", "compliance/")
    ):
        return path
    return f"templates/{path}" if path.startswith("_") else f"{FOLDER}/{path}"


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2] or m[3], 16)), text)


def _around(laid: Laid) -> dict[str, str]:
    """The files that an example leaves out."""
    found = [match for match in map(_COPY.match, laid.files) if match]
    files = {"copylab.yaml": _config(laid)}
    files[f"{FOLDER}/message.yaml"] = _message(laid, found)
    if not any(name.endswith(".md") and "/_" not in name for name in laid.files):
        files[f"{FOLDER}/sms.en-US.md"] = _WORDS
    if any(name.startswith("experiments/") for name in laid.files):
        files["experiments/audiences.yaml"] = _AUDIENCES
        files["experiments/metrics.yaml"] = _METRICS
    if any(match["channel"] == "email" for match in found):
        files["templates/_layouts/main.txt"] = _TEXT
        if "templates/_layouts/main.mjml" not in laid.files:
            files["templates/_layouts/main.html"] = _HTML
    return files


def _config(laid: Laid) -> str:
    text = _CONFIG
    if "industry" in laid.options:
        text += f"industry: {laid.options['industry']}\n"
    if laid.sending:
        pairs = ", ".join(f"{key}: {value}" for key, value in laid.sending.items())
        text += f"sending: {{{pairs}}}\n"
    return text


def _message(laid: Laid, found: list[re.Match[str]]) -> str:
    locales = sorted({match["locale"] for match in found} or {"en-US"})
    variants = laid.options.get("variants", "plain").split(",")
    listed = ", ".join(f"{name}: {{hook: {name}}}" for name in variants)
    return (
        f"purpose: {laid.options.get('purpose', 'marketing')}\n"
        f"live: {variants[0]}\n"
        f"locales: [{', '.join(locales)}]\n"
        f"variants: {{{listed}}}\n{_VARIABLES}"
    )
