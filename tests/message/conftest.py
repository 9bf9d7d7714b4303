"""Declarations and messages, written as people write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copylab.config import Config, read_config
from copylab.document import Section, parse_document
from copylab.findings import Finding
from copylab.message.model import Message, Variable
from copylab.message.read import read_message
from copylab.message.values import reader
from copylab.message.variables import read_variables
from copylab.source import SourceFile

Declare = Callable[[str], tuple[dict[str, Variable], list[Finding]]]
Read = Callable[..., object]
ReadMessage = Callable[..., tuple[Message | None, list[Finding]]]


@pytest.fixture
def declare() -> Declare:
    """Variables from the text below ``variables:``, and what is wrong with it."""

    def declare(text: str) -> tuple[dict[str, Variable], list[Finding]]:
        root, findings = parse_document(SourceFile("message.yaml", text))
        assert root is not None
        return read_variables(Section(root, findings, "variables")), findings

    return declare


@pytest.fixture
def read_value(declare: Declare) -> Read:
    """What a raw value is read as, by a declaration such as ``type: int, …``."""

    def read(declaration: str, raw: object, *, locale: str = "") -> object:
        variables, findings = declare(f"x: {{{declaration}}}")
        assert findings == []
        return reader(variables["x"], locale=locale)(raw)

    return read


@pytest.fixture
def config() -> Config:
    text = "locales: {default: zh-CN, also: [en-US]}\nmarkets: [CN]\n"
    text += "brand: {name: X, signature: S}\nindustry: lending\n"
    config, findings = read_config(SourceFile("copylab.yaml", text))
    assert findings == []
    return config


@pytest.fixture
def read_it(config: Config) -> ReadMessage:
    """A message from its texts, by file name."""

    def read(yaml: str, **copies: str) -> tuple[Message | None, list[Finding]]:
        files = {
            name.replace("__", "-").replace("_", ".") + ".md": text
            for name, text in copies.items()
        }
        sources = {n: SourceFile(f"templates/m/{n}", t) for n, t in files.items()}
        source = SourceFile("templates/m/message.yaml", yaml)
        return read_message("m", source, sources, config)

    return read
