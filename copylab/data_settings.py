"""What is said of the data: which events machines made, and which says it arrived."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.errors import DataError
from copylab.findings import report

if TYPE_CHECKING:
    from copylab.document import Node, Section

DELIVERED = "delivered"
"""The event that says a message arrived, unless ``data: delivered:`` names another."""

AGENT_COLUMN = "agent"
"""The column with what a program calls itself, unless another is named."""

SCHEMES = ("postgres", "postgresql", "pyspark", "spark", "duckdb")
"""What addresses of databases begin with."""

_VARIABLE = re.compile(r"(\$\{[A-Za-z_][A-Za-z0-9_]*\})+")
_WHOLE_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s?(ms|s|m)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class MachineRules:
    """How events made by machines are known.

    Attributes:
        events: The events to look at.
        within_seconds: An event that follows a send to its unit by at most so much is
            a machine's; None looks at no times.
        agents: Texts, one of which is in a machine's name for itself, whatever the
            case.
        column: The column of the outcomes with that name.
    """

    events: tuple[str, ...] = ("click",)
    within_seconds: float | None = None
    agents: tuple[str, ...] = ()
    column: str = AGENT_COLUMN


@dataclass(frozen=True, slots=True)
class TableAt:
    """A table of a database.

    Attributes:
        url: The address, such as ``postgres://analyst@host/crm``; ``${NAME}`` stands
            for a variable of the environment.
        table: Its name there, such as ``public.exposures``.
    """

    url: str
    table: str

    @property
    def place(self) -> str:
        """The table for people: without user, password and settings."""
        scheme, sign, rest = self.url.partition("://")
        where = re.split(r"[?#]", rest.rpartition("@")[2])[0]
        return f"{scheme}{sign}{where}#{self.table}" if sign else f"#{self.table}"


def read_table_at(text: str) -> TableAt | None:
    """The table that ``address#table`` names; None for a path.

    Raises:
        DataError: It is an address without a table.
    """
    if "://" not in text:
        return None
    url, _, table = text.rpartition("#")
    if not url or not table:
        raise DataError(
            "is the address of a database and names no table",
            file=TableAt(text, "").place.rstrip("#"),
            help="write the table behind a #, as in postgres://host/crm#public.exposures",
        )
    return TableAt(url, table)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """How outcomes are read.

    Attributes:
        delivered: The event that says a message arrived.
        machines: How events made by machines are known, or None.
    """

    delivered: str = DELIVERED
    machines: MachineRules | None = field(default=None)


def read_data_settings(section: Section) -> DataSettings:
    """How the outcomes below ``data`` are read; what is wrong is reported."""
    part = section.take_section("data")
    if part is None:
        return DataSettings()
    for kind in ("exposures", "outcomes"):
        _check_place(part, kind)
    delivered = part.take_text("delivered") or DELIVERED
    return DataSettings(delivered, _read_machines(part))


def _check_place(section: Section, kind: str) -> None:
    """Report what is wrong with where a kind of data lies."""
    node = section.take(kind)
    if node is None:
        return
    if isinstance(node.value, dict):
        place = section.take_section(kind)
        assert place is not None
        url = place.take_text("url", required=True)
        place.take_text("table", required=True)
        address = place.take("url")
        place.finish()
        if url is not None and address is not None:
            _check_address(section, address, url)
    elif "://" in node.text:
        url, _, table = node.text.rpartition("#")
        if not url or not table:
            message = f"{kind}: the address of a database names no table"
            section.wrong(node, message, f"write {kind}: {{url: …, table: …}}")
        _check_address(section, node, url or node.text)


def _check_address(section: Section, node: Node, url: str) -> None:
    if _WHOLE_VARIABLE.fullmatch(url):
        return
    scheme, sign, rest = url.partition("://")
    if not sign or scheme.lower() not in SCHEMES:
        message = f"'{scheme}' is no address of a database that can be read"
        section.wrong(node, message, "write postgres://, pyspark:// or duckdb://")
    user = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")[0]
    secret = user.partition(":")[2]
    if secret and not _VARIABLE.fullmatch(secret):
        message = "a password stands in the settings, for everybody who reads them"
        cure = "write ${PGPASSWORD} in its place, and change it"
        section.findings.append(
            report("bad-value", message, node.span, help=cure, severity="warning")
        )


def _read_machines(section: Section) -> MachineRules | None:
    part = section.take_section("machine_clicks")
    if part is None:
        return None
    rules = MachineRules(
        events=part.take_texts("events") or ("click",),
        within_seconds=_read_seconds(part),
        agents=tuple(text for text in part.take_texts("agents") or () if text.strip()),
        column=part.take_text("column") or AGENT_COLUMN,
    )
    says_nothing = "within" not in part and "agents" not in part
    part.finish()
    if says_nothing:
        message = "machine_clicks names neither a time nor agents, so it finds nothing"
        cure = "write machine_clicks: {within: 2s, agents: [bot, scanner]}"
        section.wrong(part.node, message, cure)
    return None if rules.within_seconds is None and not rules.agents else rules


def _read_seconds(section: Section) -> float | None:
    node = section.take("within")
    if node is None:
        return None
    match = _SPAN.fullmatch(node.text.strip())
    if match is None:
        shown = f"'{node.text}'" if node.text else node.kind
        section.wrong(node, f"within: {shown} is not a time span", "write 2s or 500ms")
        return None
    return float(match[1]) * _SECONDS[match[2]]
