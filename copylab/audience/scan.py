"""The words of a condition: text → operators and operands, with their places.

The tokens are sqlglot's. Everything that is not in the closed grammar is refused here,
at its place, before anything is parsed; what is left are brackets, operators and
operands, and an operand may be several tokens: ``-1``, ``now - 3 days``, ``date(now)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from copylab.audience.attributes import OPERATORS, REFUSED
from copylab.audience.condition import Constant, Now, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import Token

    from copylab.findings import Severity

MAX_LENGTH = 5_000
"""The longest condition that is read, in code points."""

MAX_NESTING = 30
"""How deep brackets and ``not`` may be nested."""

_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SYMBOLS = frozenset(["(", ")", ",", "=", "<>", "!=", "<", "<=", ">", ">="])
_PREFIXES = frozenset(["(", "not", "null"])
_NEGATABLE = frozenset(["between", "in", "like"])
_EXPLAINED = {
    "==": "write = once",
    "||": "texts cannot be joined",
    "*": "there is no arithmetic but now - 3 days",
    "/": "there is no arithmetic but now - 3 days",
    ";": "an audience is one condition",
    ".": "write the attribute alone, without a table",
}
_NO_ARITHMETIC = "there is no arithmetic but now - 3 days"
_UNITS = {
    "day": timedelta(days=1),
    "days": timedelta(days=1),
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "minutes": timedelta(minutes=1),
}


class Problem(NamedTuple):
    """Something wrong with a condition, and where in its text."""

    rule: str
    message: str
    place: Place
    help: str = ""
    severity: Severity | None = None


class ConditionError(Exception):
    """The one thing that stops a condition from being read; never leaves the package.

    Attributes:
        problem: What it is.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(message: str, place: Place, cure: str = "") -> ConditionError:
    """The error of a condition that is not in the language."""
    return ConditionError(Problem("audience-syntax", message, place, cure))


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute or an audience; which of them is not known yet."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class DateCall:
    """``date(…)`` of an attribute or of now."""

    of: Name | Now
    place: Place


Term = Name | Constant | Now | DateCall


@dataclass(slots=True)
class Scan:
    """A condition, ready to be parsed.

    Attributes:
        tokens: Operators and brackets as they stand; each operand is one identifier,
            whose text is its number in ``terms``.
        terms: The operands.
    """

    tokens: list[Token] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)


def scan_condition(text: str) -> Scan:
    """The operators and operands of a condition.

    Raises:
        ConditionError: Something in it is not in the language.
    """
    whole = Place(0, len(text))
    if len(text) > MAX_LENGTH:
        message = f"the condition has {len(text)} characters, at most {MAX_LENGTH}"
        cure = "name parts of it and use them by name"
        raise ConditionError(Problem("too-complex", message, whole, cure))
    tokens = _tokenize(text, whole)
    if not tokens:
        raise refuse("the condition is empty", whole, "write one, such as loans = 0")
    return _Scanner(text, tokens).run()


def _tokenize(text: str, whole: Place) -> list[Token]:
    from sqlglot.errors import TokenError  # noqa: PLC0415 - only lint and load parse
    from sqlglot.tokens import Tokenizer  # noqa: PLC0415 - only lint and load parse

    try:
        tokens: list[Token] = Tokenizer().tokenize(text)
    except TokenError:
        at = text.rfind("'")
        place = Place(at, len(text)) if at >= 0 else whole
        cure = "close the quote; a quote inside a text is written twice: 'it''s'"
        raise refuse("a text is not closed", place, cure) from None
    for token in tokens:
        if token.comments:
            at = max(text.find("--", token.end), text.find("/*", token.end), 0)
            cure = "write comments in YAML: # …"
            raise refuse("a condition holds no comments", Place(at, len(text)), cure)
    return tokens


class _Scanner:
    """Walks the tokens once, from left to right."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.scan = Scan()
        self.operand_before = False
        self.brackets: list[int] = []
        self.negations = 0
        self.negates_operator = False

    def run(self) -> Scan:
        """The whole scan."""
        while self.at < len(self.tokens):
            self.step()
        if self.brackets:
            at = self.brackets[-1]
            raise refuse("the bracket is not closed", self.place(at, at), "write )")
        if not self.operand_before:
            last = len(self.tokens) - 1
            shown = self.text[self.tokens[last].start :].strip()
            cure = "write conditions such as loans = 0 joined by and, or"
            raise refuse(f"nothing follows '{shown}'", self.place(last, last), cure)
        return self.scan

    def word(self, ahead: int = 0) -> str:
        """The token as written, in lower case; empty beyond both ends."""
        index = self.at + ahead
        if not 0 <= index < len(self.tokens):
            return ""
        token = self.tokens[index]
        return self.text[token.start : token.end + 1].lower()

    def place(self, first: int, last: int) -> Place:
        """The place of a stretch of tokens, both ends included."""
        return Place(self.tokens[first].start, self.tokens[last].end + 1)

    def here(self) -> Place:
        """The place of the present token."""
        return self.place(self.at, self.at)

    def step(self) -> None:
        """Read one operator, bracket or operand."""
        word = self.word()
        if word in OPERATORS or word in _SYMBOLS:
            self.structure(word)
        elif word[0] == "'" and word[-1] == "'":
            self.operand(self.string(), 1)
        elif word in ("-", "+") or word.lstrip(".")[:1].isdigit():
            self.operand(*self.number(word))
        elif word == "now":
            self.operand(*self.now())
        elif word == "date" and self.word(1) == "(":
            self.operand(*self.date())
        elif word in ("true", "false"):
            self.operand(Constant(word == "true", "bool", self.here()), 1)
        else:
            self.operand(self.name(word), 1)

    def structure(self, word: str) -> None:
        """Take an operator or a bracket over as it is."""
        if word == "is":
            self.check_null_follows()
        if word == "null" and not self.after_is():
            cure = "write x is null or x is not null"
            raise refuse("nothing equals null, not even null", self.here(), cure)
        self.check_operand_before(word)
        if word == "(":
            self.brackets.append(self.at)
        elif word == ")":
            self.brackets.pop()
        self.negations = self.negations + 1 if word == "not" else 0
        if len(self.brackets) + self.negations > MAX_NESTING:
            message = f"the condition is nested more than {MAX_NESTING} deep"
            cure = "name parts of it and use them by name"
            raise ConditionError(Problem("too-complex", message, self.here(), cure))
        self.operand_before = word in (")", "null")
        self.scan.tokens.append(self.tokens[self.at])
        self.at += 1

    def check_operand_before(self, word: str) -> None:
        """Refuse an operator without its left side, and brackets that do not match."""
        cure = "write conditions such as loans = 0 joined by and, or"
        if word == "(" and self.operand_before:
            raise refuse("a bracket follows an operand", self.here(), cure)
        if word == ")" and not self.brackets:
            raise refuse("no bracket is open here", self.here(), "remove the )")
        if word == "not":
            self.negates_operator = self.operand_before
            if self.operand_before and self.word(1) not in _NEGATABLE:
                raise refuse("'not' stands between operands", self.here(), cure)
        negated = word in _NEGATABLE and self.word(-1) == "not"
        negated = negated and self.negates_operator
        if not (self.operand_before or negated or word in _PREFIXES):
            raise refuse(f"nothing stands before '{word}'", self.here(), cure)

    def check_null_follows(self) -> None:
        """Refuse ``is true`` and the like."""
        ahead = 2 if self.word(1) == "not" else 1
        if self.word(ahead) != "null":
            message = "after 'is' only null or not null can stand"
            cure = "write = instead, or the boolean attribute alone"
            raise refuse(message, self.here(), cure)

    def after_is(self) -> bool:
        """Whether ``is`` or ``is not`` stands right before."""
        before = self.word(-2) if self.word(-1) == "not" else self.word(-1)
        return before == "is"

    def operand(self, term: Term, length: int) -> None:
        """Note an operand and put its number in its place."""
        from sqlglot import Token, TokenType  # noqa: PLC0415 - as above

        if self.operand_before:
            shown = self.text[term.place.start : term.place.end]
            cure = "put and, or, or a comparison between the two"
            message = f"{shown} follows another operand"
            raise refuse(message, term.place, cure)
        first = self.tokens[self.at]
        token = Token(
            TokenType.IDENTIFIER,
            str(len(self.scan.terms)),
            first.line,
            first.col,
            term.place.start,
            term.place.end - 1,
        )
        self.scan.tokens.append(token)
        self.scan.terms.append(term)
        self.operand_before = True
        self.negations = 0
        self.at += length

    def string(self) -> Constant:
        """A text in single quotes."""
        return Constant(self.tokens[self.at].text, "string", self.here())

    def number(self, word: str) -> tuple[Constant, int]:
        """A number, with its sign if it has one."""
        length = 1
        if word in ("-", "+"):
            length = 2
            if word == "+" or self.operand_before or not self.word(1)[:1].isdigit():
                raise refuse(f"'{word}' cannot stand here", self.here(), _NO_ARITHMETIC)
        digits = self.word(length - 1)
        last = min(self.at + length, len(self.tokens)) - 1
        place = self.place(self.at, last)
        if not _NUMBER.fullmatch(digits):
            cure = "write digits, at most 18, and a decimal point: 1500.25"
            raise refuse(f"'{digits}' is no number", place, cure)
        if self.word(length) in _UNITS:
            cure = "write now - 3 days or now + 3 days"
            raise refuse("a time span stands alone", place, cure)
        sign = "-" if length > 1 else ""
        if "." not in digits:
            return Constant(int(sign + digits), "int", place), length
        whole, decimals = digits.split(".")
        exact = Decimal(f"{sign}{whole}.{decimals.rstrip('0') or '0'}")
        return Constant(exact, "decimal", place), length

    def now(self, ahead: int = 0) -> tuple[Now, int]:
        """``now``, ``now - 3 days`` or ``now + 2 hours``."""
        if self.word(ahead + 1) == "(":
            place = self.place(self.at + ahead, self.at + ahead + 1)
            raise refuse("now is no function", place, "write now")
        if self.word(ahead + 1) not in ("-", "+"):
            return Now(place=self.place(self.at + ahead, self.at + ahead)), 1
        digits, unit = self.word(ahead + 2), self.word(ahead + 3)
        last = min(self.at + ahead + 3, len(self.tokens) - 1)
        place = self.place(self.at + ahead, last)
        if not digits.isdigit() or unit not in _UNITS:
            cure = "write now - 3 days, now + 4 hours or now - 30 minutes"
            raise refuse("no whole number and unit follows 'now'", place, cure)
        if len(digits) > 6:  # noqa: PLR2004 - a million days leave the calendar
            raise refuse(f"{digits} {unit} leave the calendar", place)
        shift = int(digits) * _UNITS[unit]
        if abs(shift) > timedelta(days=36_500):
            raise refuse(f"{digits} {unit} are more than a century", place)
        return Now(-shift if self.word(ahead + 1) == "-" else shift, place), 4

    def date(self) -> tuple[DateCall, int]:
        """``date(now - 3 days)`` or ``date(registered_at)``."""
        of: Name | Now
        if self.word(2) == "now":
            of, length = self.now(2)
        else:
            at = min(self.at + 2, len(self.tokens) - 1)
            of, length = Name(self.tokens[at].text, self.place(at, at)), 1
        if self.word(2 + length) != ")" or not _WORD.fullmatch(self.word(2)):
            cure = "write date(now), date(now - 3 days) or date(registered_at)"
            raise refuse("date() takes a time", self.here(), cure)
        place = self.place(self.at, self.at + 2 + length)
        return DateCall(of, place), 3 + length

    def name(self, word: str) -> Name:
        """An attribute or an audience."""
        text = self.tokens[self.at].text
        if word[0] == '"':
            cure = f"write a text in single quotes: '{text}'"
            raise refuse("double quotes are not used", self.here(), cure)
        if word in REFUSED or not _WORD.fullmatch(word):
            cure = _EXPLAINED.get(word, "")
            raise refuse(f"'{word}' is not in the language", self.here(), cure)
        if self.word(1) == "(":
            cure = "compute the value where users come from, as an attribute"
            place = self.place(self.at, self.at + 1)
            raise refuse(f"functions such as {text}() are not used", place, cure)
        return Name(text, self.here())
