"""Random templates of the language, and random values that its variables allow."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

import pytest

from copylab.document import Section, parse_document
from copylab.message.copy import make_passage
from copylab.message.values import MISSING, reader
from copylab.message.variables import read_variables
from copylab.source import SourceFile
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.message.model import Passage, Variable

LOCALES = ("zh-CN", "en-US", "de-DE", "fr-FR", "ar", "hi-IN")
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
DECLARED = """\
name:  {type: person_name, max: 6, missing: ""}
nick:  {type: text, max: 5, charset: latin, missing: there}
note:  {type: text, max: 7}
long:  {type: text, max: 40, charset: any, missing: {en-US: "", zh-CN: 无}}
code:  {type: text, max: 5, charset: gsm7}
pin:   {type: text, max: 6, charset: digits}
tag:   {type: text, max: 5, charset: ascii}
zh:    {type: text, max: 4, charset: zh}
poem:  {type: text, max: 9, multiline: true}
days:  {type: int, min: -5, max: 10}
count: {type: int, min: 1, max: 1000}
rate:  {type: percent, min: 0, max: 1000}
ratio: {type: decimal, min: -1.5, max: 9.99, decimals: 3}
cny:   {type: money, currency: CNY, min: 1, max: 1000, decimals: 2}
usd:   {type: money, currency: USD, min: -20, max: 20000}
stage: {type: enum, values: [registered, approved, repaid]}
city:  {type: enum, values: [a, bb, Oslo, Łódź, 北京, 上海市, "€^{}", é, Rome, "b&b",
         ccc, "😀", Zürich, straße]}
vip:   {type: bool}
new:   {type: bool}
born:  {type: date, min: 1990-01-05, max: 1991-03-02}
until: {type: date, min: 2026-09-08, max: 2026-09-12}
due:   {type: datetime, min: "2026-09-09T20:00:00Z", max: "2026-09-11T02:30:00Z"}
seen:  {type: datetime}
link:  {type: url, base: "https://s.example.cn/w/", max: 30}
site:  {type: url, max: 16}
items: {type: list, max_items: 3, missing: [], items: {
         title: {type: text, max: 4, missing: ""},
         price: {type: money, currency: EUR, min: 0, max: 10.5, decimals: 2},
         n: {type: int, min: 1, max: 12}, kind: {type: enum, values: [book, 本]}}}
goods: {type: list, max_items: 2, items: {title: {type: text, max: 3, charset: zh}}}
"""
# Characters whose costs, case forms or escapes are out of the ordinary.
ODD = "aZé中😀𠀀ΐﬃİßǆẞﬁΣ\"\\&<>`{}*_W0 '~^€|[]%@/.-+1Ωñ，。가नि"
WORDS = (
    *("您好 ", "Hi ", "😀", "𠀀x", "%", "100% s ", "{ }", "é€", "\n", "  \n  ", "} "),
    *("拒收请回复R", "STOP", "\\n", '"', "# not\n", "\t", "a" * 30, "中" * 20, " - "),
)
TEXTS = ("name", "nick", "note", "long", "code", "pin", "tag", "zh", "poem")
PRINTED = (*TEXTS, "days", "count", "rate", "ratio", "cny", "stage", "city", "born")
PRINTED = (*PRINTED, "link", "site", "usd", "until")
LITERALS = ("'x'", "''", '"é中"', "'a b'", "'R'", "'😀'")
NUMBERS = {
    "days": ("-6", "-5", "0", "3", "10", "11", "2.5"),
    "count": ("1", "9", "10", "999", "1000"),
    "rate": ("0", "7.5", "999.5", "1000"),
    "ratio": ("-1.5", "0", "2.25", "9.5"),
    "cny": ("1", "99.5", "1000"),
    "usd": ("-20", "0", "1000", "20000"),
}


@dataclass(frozen=True)
class Case:
    """A template with everything it needs."""

    passage: Passage
    partials: Mapping[str, Passage]
    scope: Scope
    escape: str


@dataclass
class Writer:
    """Writes templates."""

    rng: random.Random
    loops: bool
    budget: int = 14
    known: list[str] = field(default_factory=list)
    items: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    partials: tuple[str, ...] = ()

    def tag(self, body: str) -> str:
        left = self.rng.choices(("{% ", "{%- ", "{%+ "), (8, 2, 1))[0]
        right = self.rng.choices((" %}", " -%}", " +%}"), (8, 2, 1))[0]
        return left + body + right

    def body(self, depth: int) -> str:
        pieces = []
        for _ in range(self.rng.randint(1, 4)):
            self.budget -= 1
            pieces.append(self.piece(depth))
        return "".join(pieces)

    def piece(self, depth: int) -> str:
        choices: list[Callable[[int], str]] = [self.words, self.hole, self.hole]
        if self.budget > 0 and depth < 4:
            choices += [self.choice, self.choice, self.assign, self.extra]
            if self.loops and depth < 3 and not self.items:
                choices += [self.loop, self.loop]
        return self.rng.choice(choices)(depth)

    def words(self, _depth: int) -> str:
        return "".join(self.rng.choices(WORDS, k=self.rng.randint(1, 3)))

    def extra(self, _depth: int) -> str:
        start = self.tag("raw").replace("+%}", "%}")  # Jinja knows no {% raw +%}
        raw = start + "{{ x }}{% if %}" + self.tag("endraw")
        options = ["{# a {{ b }} 中 #}", "{#- c -#}\n", raw]
        # A loop never runs inside itself: partials with loops stay out of loops.
        partials = self.partials[:1] if self.items else self.partials
        options += [self.tag(f'include "{name}"') for name in partials]
        return self.rng.choice(options)

    def hole(self, _depth: int) -> str:
        left, right = self.rng.choices((("{{", "}}"), ("{{-", "-}}")), (8, 1))[0]
        return f"{left} {self.printed(2)} {right}"

    def printed(self, depth: int) -> str:
        rng = self.rng
        kind = rng.randrange(9 if depth else 4)
        if self.items and rng.random() < 0.5:
            return self.item()
        if kind < 2:
            return rng.choice(PRINTED)
        if kind == 2:
            return rng.choice(["brand.name", *LITERALS, *self.known])
        if kind == 3:
            return self.formatted()
        if kind == 4:
            return f"({self.text(depth - 1)} ~ {self.printed(depth - 1)})"
        if kind == 5:
            test = self.condition(1)
            return f"({self.text(depth - 1)} if {test} else {self.text(depth - 1)})"
        return self.text(depth)

    def item(self) -> str:
        loop, fields = self.rng.choice(self.items)
        name = self.rng.choice(fields)
        chosen = {"price": f"{loop}.price | money", "n": f"{loop}.n | number"}
        plain = f"{loop}.{name}"
        if self.rng.random() < 0.2:
            return "loop.index"
        return self.rng.choice([plain, chosen.get(name, f"{plain} | upper")])

    def text(self, depth: int) -> str:
        rng = self.rng
        base = rng.choice([*TEXTS, "link", "site", "stage", "city", *self.known])
        base = rng.choice([base, base, rng.choice(LITERALS), "brand.name"])
        if depth > 0 and rng.random() < 0.3:
            base = f"({self.printed(depth - 1)} ~ {base})"
        if depth > 0 and rng.random() < 0.2:
            base = f"({base} if {self.condition(1)} else {self.text(depth - 1)})"
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            base += " | " + rng.choice(
                (
                    *("upper", "lower", "trim", "urlencode", "capitalize", "title"),
                    *("truncate(6)", "truncate(4, true, '…', 0)"),
                    "truncate(length=3, end='', leeway=1)",
                )
            )
        return base

    def formatted(self) -> str:
        rng = self.rng
        forms = ", ".join(
            f"{key}='{key[0]}{rng.choice(('', '天', 'é', 'days'))}'"
            for key in ("zero", "one", "two", "few", "many", "other")
        )
        return rng.choice(
            (
                *("days | number", "count | number", "rate | number", "usd | number"),
                *("ratio | number", "rate | percent", "days | percent"),
                *("cny | money", "usd | money", 'cny | money("symbol")'),
                *(f"days | plural({forms})", f"ratio | plural({forms})"),
                *("born | date", "until | date", 'born | date("EEEE d. MMMM y")'),
                *('until | date("EEE d/M")', "due | date", 'due | date("d MMM")'),
                *("seen | date", "due | time", "seen | time"),
                "(days + count) | number",
                "(cny if vip else cny) | money",
                f"(rate if {self.condition(0)} else rate) | percent",
                "(days - 3)",
                "(count if vip else days)",
            )
        )

    def condition(self, depth: int) -> str:
        rng = self.rng
        if depth and rng.random() < 0.4:
            op = rng.choice((" and ", " or "))
            inner = f"({self.condition(depth - 1)}{op}{self.condition(depth - 1)})"
            return rng.choice(("", "not ")) + inner
        if self.items and rng.random() < 0.5:
            return rng.choice(("loop.first", "not loop.last", "loop.index > 1"))
        number = rng.choice(list(NUMBERS))
        op = rng.choice(("==", "!=", "<", "<=", ">", ">="))
        return rng.choice(
            (
                f"{number} {op} {rng.choice(NUMBERS[number])}",
                f"{rng.choice(NUMBERS[number])} {op} {number}",
                f"{number} in [1, 3, 10]",
                f"days + 2 {op} {rng.choice(NUMBERS['days'])}",
                f"0 < days <= {rng.choice(('5', '12'))}",
                f"stage {rng.choice(('==', '!='))} '{rng.choice(STAGES)}'",
                f"'{rng.choice(STAGES)}' == stage",
                f"stage {rng.choice(('in', 'not in'))} ['registered', 'repaid']",
                "'re' in stage",
                f"city == {rng.choice(('stage', 'note'))}",
                *("vip", "not new", "vip == new", "vip == true", "days", "count"),
                *("name", "not name", "name == ''", "note == 'a'", "'a' in note"),
                *("long", "items", "not items", "born < until", "note == name"),
                "(vip if new else days > 3)",
            )
        )

    def choice(self, depth: int) -> str:
        before = list(self.known)
        parts = []
        for index in range(self.rng.choice((1, 1, 1, 2, 3))):
            word = "elif" if index else "if"
            self.known = list(before)
            parts.append(self.tag(f"{word} {self.condition(2)}") + self.body(depth + 1))
        self.known = list(before)
        if self.rng.random() < 0.6:
            parts.append(self.tag("else") + self.body(depth + 1))
        self.known = before
        return "".join(parts) + self.tag("endif")

    def assign(self, _depth: int) -> str:
        # Jinja takes a name that is set further down for undefined inside of a loop.
        declared = () if self.loops else ("nick",)
        name = self.rng.choice(("one", "two", *declared, *self.known))
        expression = self.text(1)
        if name not in self.known:
            self.known.append(name)
        return self.tag(f"set {name} = {expression}")

    def loop(self, depth: int) -> str:
        rng = self.rng
        name, fields = rng.choice((("items", FIELDS), ("goods", ("title",))))
        target = rng.choice(("it", "thing"))
        before = list(self.known)
        self.items.append((target, fields))
        text = self.tag(f"for {target} in {name}") + self.body(depth + 1)
        self.items.pop()
        self.known = before
        if rng.random() < 0.3:
            text += self.tag("else") + self.words(depth)
        return text + self.tag("endfor")


STAGES = ("registered", "approved", "repaid")
FIELDS = ("title", "price", "n", "kind")


def _passage(name: str, text: str) -> Passage:
    source = SourceFile(name, text)
    start = len(source.text) - len(source.text.lstrip())
    return make_passage(source, start, max(start, len(source.text.rstrip())))


@pytest.fixture(scope="session")
def declared() -> dict[str, Variable]:
    root, findings = parse_document(SourceFile("message.yaml", DECLARED))
    assert root is not None
    section = Section(root, findings, "variables")
    variables = read_variables(section)
    assert findings == []
    return variables


@pytest.fixture(scope="session")
def write_case(declared: dict[str, Variable]) -> Callable[[int], Case]:
    """A random template, the same for the same number."""

    def write(seed: int) -> Case:
        rng = random.Random(seed)
        html = rng.random() < 0.3
        partials: dict[str, Passage] = {}
        for name in ("a.md", "b.md"):
            loops = html and bool(partials)
            inner = Writer(rng, loops, budget=4, partials=tuple(partials))
            text = inner.body(1)
            partials[name] = _passage(f"templates/_partials/{name}", text)
        writer = Writer(rng, html, partials=tuple(partials))
        text = writer.body(0)
        if rng.random() < 0.2:
            text = "\\# plain\n" + text.replace("# not\n", "\\## body\n")
        if rng.random() < 0.2:
            text = text.replace("\n", "\r\n")
        scope = Scope(
            declared,
            rng.choice(LOCALES),
            rng.choice(ZONES),
            brand={"name": rng.choice(("示例", "A&B", "Café"))},
            escapes={"html": escape} if html else {},
            allow_loops=html,
        )
        passage = _passage("templates/m/sms.zh-CN.md", "\n" + text)
        return Case(passage, partials, scope, "html" if html else "none")

    return write


@pytest.fixture(scope="session")
def draw_values(
    declared: dict[str, Variable],
) -> Callable[[random.Random, str], dict[str, object]]:
    """Random values that the declarations allow in a locale."""

    def draw(rng: random.Random, locale: str) -> dict[str, object]:
        return {name: _value(v, rng, locale) for name, v in declared.items()}

    return draw


def _value(variable: Variable, rng: random.Random, locale: str) -> object:
    action, replacement = variable.missing.at(locale)
    if action == "use" and rng.random() < 0.2:
        if replacement in ("", []):
            return "" if replacement == "" else ()
        return reader(variable)(replacement)
    read = reader(variable, locale=locale)
    while True:
        value = read(_raw(variable, rng, locale))
        if value is not MISSING:
            return value


def _raw(variable: Variable, rng: random.Random, locale: str) -> object:
    match variable.type:
        case "text" | "person_name":
            return _raw_text(variable, rng)
        case "int" | "decimal" | "percent" | "money":
            return _raw_number(variable, rng)
        case "enum":
            return rng.choice(variable.values)
        case "bool":
            return rng.random() < 0.5
        case "date" | "datetime":
            return _raw_time(variable, rng)
        case "url":
            alphabet = "aZ0-._~/?=&% é" if variable.base else "aZ0-~[?&/{"
            rest = "".join(rng.choices(alphabet, k=rng.randint(1, 9)))
            return rest if variable.base else rng.choice(("http://", "https://")) + rest
    count = rng.randint(1, variable.max_items or 1)
    return [
        {f.source: _raw_item(f, rng, locale) for f in variable.items.values()}
        for _ in range(count)
    ]


def _raw_item(field: Variable, rng: random.Random, locale: str) -> object:
    while True:
        raw = _raw(field, rng, locale)
        if reader(field)(raw) is not MISSING:
            return raw


def _raw_text(variable: Variable, rng: random.Random) -> str:
    limit = variable.max_length or 1
    length = rng.choice((limit, rng.randint(1, limit)))
    if variable.charset == "digits":
        return "".join(rng.choices("0123456789", k=length))
    odd = ODD + "\n" if variable.multiline else ODD
    pools = {"ascii": "aZ09 ~^{}[]|\\<&\"'", "gsm7": "aZ@£Δß €^{}[~]|\\é0&<"}
    pools |= {"zh": "中𠀀，a0 ~&<ａ１", "latin": "aéßİŉǰẞłZ0 '\"&"}
    pool = pools.get(variable.charset, odd)
    if rng.random() < 0.3:
        return rng.choice(pool) * length
    return "".join(rng.choices(pool, k=length))


def _raw_number(variable: Variable, rng: random.Random) -> Decimal:
    low, high = variable.low, variable.high
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    step = Decimal(1).scaleb(-variable.decimals)
    ends = [low, high, low + step, high - step, Decimal(0), Decimal(1), Decimal(-1)]
    steps = int((high - low) / step)
    return rng.choice([*ends, low + step * rng.randint(0, steps)])


def _raw_time(variable: Variable, rng: random.Random) -> date | datetime:
    low, high = variable.low, variable.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    seconds = int((high - low).total_seconds())
    moment = rng.choice([low, high, low + timedelta(seconds=rng.randint(0, seconds))])
    return moment.date() if variable.type == "date" else moment.astimezone(UTC)
