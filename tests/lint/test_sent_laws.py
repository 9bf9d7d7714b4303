"""Whatever the values are, a short message needs no more parts than proved, nor fewer.

Random copy with random variables is sent on random routes with random values in their
bounds; it is measured by the same code that composes.
"""

import random
from pathlib import Path

import pytest
import yaml

from copylab.channels.cost import billed_parts
from copylab.channels.route import Route, routes_of
from copylab.channels.sms import UnsendableError
from copylab.channels.sms_profile import profile_names
from copylab.findings import Finding
from copylab.lint.case import Words
from copylab.lint.sent import bound_parts, least_on
from copylab.message.model import Variable
from copylab.message.values import MISSING, reader
from copylab.template.render import compile_shape
from copylab.template.solve import agrees
from copylab.workspace import open_workspace

OWN = {
    "rewriting": {"extends": "gsm", "link_characters": 21},
    "long-links": {"extends": "gsm", "link_characters": 64, "suffix": " Reply STOP"},
    "wide-suffix": {"extends": "gsm", "suffix": " – STOP"},
    "plain-cut": {"extends": "gsm", "bills": "code-points"},
    "octets": {"extends": "kr", "link_characters": 30},
    "cn-links": {"extends": "cn", "link_characters": 18, "signature_format": "【{}】"},
    "gsm-only": {"extends": "gsm", "encoding": "GSM-7"},
    "small": {
        "extends": "gsm", "gsm7_single_units": 20, "gsm7_part_units": 14,
        "ucs2_single_units": 9, "ucs2_part_units": 7,
    },
    "small-links": {
        "extends": "gsm", "gsm7_single_units": 40, "gsm7_part_units": 34,
        "ucs2_single_units": 16, "ucs2_part_units": 13, "link_characters": 12,
    },
}  # fmt: skip
for _own in OWN.values():
    _own |= {"source": "made up", "as_of": "2026-11-22"}
VARIABLES = {
    "name": {"type": "person_name", "max": 8, "missing": "x"},
    "latin": {"type": "person_name", "max": 20, "charset": "latin", "missing": "x"},
    "note": {"type": "text", "max": 14, "missing": "x"},
    "signs": {"type": "text", "max": 9, "charset": "gsm7", "missing": "x"},
    "hanzi": {"type": "text", "max": 9, "charset": "zh", "missing": ""},
    "code": {"type": "text", "max": 6, "charset": "digits", "missing": "1"},
    "free": {"type": "text", "max": 40, "links": True, "missing": "x"},
    "days": {"type": "int", "min": -3, "max": 72000, "missing": 3},
    "sum": {"type": "money", "currency": "EUR", "min": 5, "max": 99999, "missing": 5},
    "day": {
        "type": "date", "min": "2026-01-01", "max": "2027-12-31",
        "missing": "2026-01-01",
    },
    "step": {
        "type": "enum", "missing": "a",
        "values": ["a", "[[]]", "五六七八九", "👩\u200d🚀🇨🇳", "plain words here",
                   "https://ex.example/q?a."],
    },
    "app": {"type": "bool", "missing": False},
    "link": {
        "type": "url", "base": "https://s.example/", "max": 32, "missing": "a",
    },
    "open": {"type": "url", "max": 30, "missing": "https://a.example/"},
}  # fmt: skip
HOLES = [
    *(f"{{{{ {name} }}}}" for name in VARIABLES if name not in {"app", "sum"}),
    "{{ sum | money }}", "{{ name | upper }}", "{{ note | title }}", "{{ day | date }}",
    "{{ note | truncate(7) }}", "{{ step | upper }}", "{{ step | lower }}",
    "{{ link }}", "{{ link }}", "{{ name }}",
]  # fmt: skip
WORDS = [
    "Example: ", "your details are saved. ", "é€~|", "中文短信", " ", "https", "http:",
    "https://a.example/b?c=d", "http://b.example/).", "://x", "//", "/", ".", " and ",
    "x" * 40, "好" * 33, "ที่นี่", "👨‍👩‍👧", "e\u0301", "\n", "–", "한국어 문자",
]  # fmt: skip
TESTS = ["app", "days > 5", "step == 'a'", "step in ['[[]]', 'a']", "days < 0"]
CHARACTERS = "httpsHTTP:/.?=()W~€[éñ0 1中𠀀国e\u0301\u0302🇨🇳👩\u200d🚀ßﬃİ'-_<"


def write_copy(rng: random.Random) -> str:
    pieces: list[str] = []
    for _ in range(rng.randint(1, 7)):
        kind = rng.random()
        if kind < 0.4:
            pieces.append(rng.choice(HOLES))
        elif kind < 0.85:
            pieces.append(rng.choice(WORDS))
        else:
            arms = [rng.choice(HOLES + WORDS), rng.choice(HOLES + WORDS)]
            test = rng.choice(TESTS)
            pieces.append(
                f"{{% if {test} %}}{arms[0]}{{% else %}}{arms[1]}{{% endif %}}"
            )
    return "x" + "".join(pieces) + "."


def draw_value(rng: random.Random, variable: Variable) -> object:
    """A value in its bounds, often one of the longest."""
    read = reader(variable, locale="en-US")
    for _ in range(60):
        value = read(_raw(rng, variable))
        if value is not MISSING:
            return value
    action, replacement = variable.missing.at("en-US")
    assert action == "use"
    return replacement if replacement in ("", "x") else read(replacement)


def _raw(rng: random.Random, variable: Variable) -> object:
    match variable.type:
        case "int" | "money":
            return rng.choice([variable.low, variable.high, rng.randint(5, 72000)])
        case "date":
            return f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        case "enum":
            return rng.choice(variable.values)
        case "bool":
            return rng.random() < 0.5
    most = variable.max_length or 0
    if variable.type == "url":
        start = "" if variable.base else rng.choice(["http://a/", "https://b.example?"])
        count = rng.randint(0, max(most - len(variable.base) - len(start), 0))
        return start + "".join(rng.choices("aZ9?.=&-~/é<`(", k=count))
    count = rng.choice([most, rng.randint(1, most)])
    if rng.random() < 0.3:
        return rng.choice(CHARACTERS) * count
    if variable.links and rng.random() < 0.7:
        return " ".join(["http://a"] * 6)[:count]
    return "".join(rng.choices(CHARACTERS, k=count))


def parts_sent(text: str, route: Route) -> tuple[bool, int] | None:
    try:
        length = route.measure(text)
    except UnsendableError:
        return None
    return length.product != "SMS", billed_parts(length, route.profile)


def write_workspace(root: Path, rng: random.Random, count: int) -> None:
    config = {
        "brand": {"name": "Example", "signature": "示例"},
        "locales": {"default": "en-US"},
        "markets": ["US"],
        "sms": {"profiles": OWN},
    }
    (root / "copylab.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    names = [*OWN, *OWN, *profile_names()]
    for number in range(count):
        folder = root / "templates" / f"m{number:03}"
        folder.mkdir(parents=True)
        message = {
            "purpose": "marketing",
            "live": "plain",
            "variants": {"plain": {"hook": "x"}},
            "variables": VARIABLES,
            "sms": {"profile": names[number % len(names)]},
        }
        (folder / "message.yaml").write_text(
            yaml.safe_dump(message, allow_unicode=True)
        )
        (folder / "sms.en-US.md").write_text(write_copy(rng) + "\n")


def errors_of(findings: tuple[Finding, ...]) -> list[str]:
    return [str(item) for item in findings if item.severity == "error"]


def hold_laws(root: Path, seed: int, messages: int, values: int) -> dict[str, int]:
    rng = random.Random(seed)
    write_workspace(root, rng, messages)
    catalog = open_workspace(root)
    assert errors_of(catalog.findings) == []
    tally = {"sent": 0, "reached": 0, "bounded": 0, "rewritten": 0, "least": 0}
    for key in catalog.templates:
        words = Words.of(catalog, key, None)
        item, scope = words.fields["body"], words.fields["body"].template.scope
        render = compile_shape(item.shape, scope)
        [route] = routes_of(words.message, words.locale)
        [sent] = words.sent
        least = min(least_on(path, scope, route) for path in item.paths or ())
        bound = bound_parts(item.bounds, words.places, route, joins=words.joins)
        reached = False
        for _ in range(values):
            drawn = {
                name: draw_value(rng, words.message.variables[name])
                for name in sorted(item.template.lowered.used)
            }
            text = render(drawn)
            needed = parts_sent(text, route)
            if needed is None:
                continue
            followed = [p for p in item.paths or () if agrees(p.state, drawn, scope)]
            note = (key[0], route.profile.name, item.template.passage.text, text)
            assert len(followed) == 1, note
            assert needed[1] <= sent.most, note
            assert needed[1] <= bound, note
            assert not needed[0] or sent.length.product != "SMS", note
            assert needed >= least_on(followed[0], scope, route) >= least, note
            tally["sent"] += 1
            tally["least"] += needed == least
            tally["rewritten"] += route.as_sent(text) != text
            reached = reached or needed[1] == sent.most
        tally["reached"] += reached
        tally["bounded"] += not sent.is_exact
    return tally


def test_no_values_need_more_or_fewer_parts_than_proved(tmp_path: Path) -> None:
    tally = hold_laws(tmp_path, seed=1, messages=160, values=60)
    assert tally["sent"] > 8000
    assert tally["reached"] > 100
    assert tally["rewritten"] > 1000
    assert tally["least"] > 1000
    assert 0 < tally["bounded"] < 60


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(2, 22))
def test_no_values_ever_do(tmp_path: Path, seed: int) -> None:
    tally = hold_laws(tmp_path, seed, messages=200, values=200)
    assert tally["sent"] > 30_000
