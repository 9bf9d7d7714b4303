from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.document import decode_source, parse_document
from copylab.edit import append_item, insert_key, replace_scalar, set_key
from copylab.emit import write_block, write_flow, write_scalar
from copylab.errors import CopylabError

MESSAGE = """\
# Who this is for
purpose:   marketing     # marketing | transactional
live:  plain   # what everybody gets  \t
variants: {plain: {hook: reminder}, coupon: {hook: discount}}
"""
EPOCH = {
    "epoch": 1,
    "at": "2026-11-22T11:00:00Z",
    "hash": "ab" * 32,
    "arms": {"plain": {"share": "1/3", "hash": "cd" * 32}, "none": "2/3"},
}


def plain(data: bytes) -> Any:
    source, findings = decode_source(data, "f.yaml")
    assert source is not None
    root, wrong = parse_document(source)
    assert root is not None
    assert not [item for item in [*findings, *wrong] if item.severity == "error"]
    return root.plain()


def edit(text: str, path: tuple[str | int, ...], value: str) -> str:
    return replace_scalar(text.encode(), "f.yaml", path, value).decode()


def test_only_the_word_changes() -> None:
    assert edit(MESSAGE, ("live",), "coupon") == MESSAGE.replace(
        "live:  plain ", "live:  coupon "
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("live: plain", "live: coupon"),
        ("live: 'plain'\r\n", "live: 'coupon'\r\n"),
        ('live: "plain" # why\n', 'live: "coupon" # why\n'),
        ("\ufefflive: plain\n", "\ufefflive: coupon\n"),
        ("live:\npurpose: otp\n", "live: coupon\npurpose: otp\n"),
        ("{purpose: otp, live: plain}", "{purpose: otp, live: coupon}"),
        ("a: x\rlive: plain\rb: y\r", "a: x\rlive: coupon\rb: y\r"),
        ("# b\nlive: plain # 中文\n", "# b\nlive: coupon # 中文\n"),
        ("# \u2028a: b\nlive: plain\n", None),
        ("😀: 😀\nlive: plain\n", "😀: 😀\nlive: coupon\n"),
        ("---\nlive: plain\n...\n", "---\nlive: coupon\n...\n"),
        ("live: >-\n  plain\nb: c\n", None),
        ("live: !!str plain\n", None),
        ("live: [plain]\n", None),
        ("purpose: otp\n", None),
        ("live: plain\nlive: coupon\n", None),
        ("live: [\n", None),
        ("", None),
    ],
)
def test_a_scalar_is_replaced_in_its_style_or_refused(
    before: str, after: str | None
) -> None:
    if after is None:
        with pytest.raises(CopylabError) as caught:
            edit(before, ("live",), "coupon")
        assert caught.value.file == "f.yaml"
        assert caught.value.help
    else:
        assert edit(before, ("live",), "coupon") == after


@pytest.mark.parametrize(
    "value", ["true", "12", "a # b", "a: b", "", " x", "it's", "é\n"]
)
def test_a_text_that_reads_as_something_else_is_quoted(value: str) -> None:
    for text in ("live: plain\n", "live: 'plain'\n", '{live: "plain", b: c}\n'):
        assert plain(edit(text, ("live",), value).encode())["live"] == value


def append(text: str, path: tuple[str | int, ...] = ("epochs",)) -> str:
    return append_item(text.encode(), "f.yaml", path, EPOCH).decode()


def test_a_list_that_is_absent_goes_to_the_end_in_block_style() -> None:
    text = "message: m # c\narms: {plain: 1/3, none: 2/3}  # thirds\n# the end\n"
    lines = append(text).splitlines()
    assert lines[:2] == text.splitlines()[:2]
    assert lines[-1] == "# the end"
    assert lines[2:-1] == [
        "epochs:",
        "  - epoch: 1",
        "    at: 2026-11-22T11:00:00Z",
        f"    hash: {'ab' * 32}",
        "    arms:",
        f"      plain: {{share: 1/3, hash: {'cd' * 32}}}",
        "      none: 2/3",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "message: m\nepochs: []   # none yet\nplan: {looks: 3}\n",
        "message: m\nepochs:      # none yet\nplan: {looks: 3}\n",
        "message: m\nepochs: ~\n",
        "message: m\nepochs: [\n]\n",
        "message: m\nepochs:",
        "message: m\nepochs: [{epoch: 0}, ]\n",
        "message: m\nepochs: [{epoch: 0}]\r\nplan:\r\n",
        "message: m\nepochs:\n- epoch: 0\n  at: x\n# behind\nplan: {looks: 3}\n",
        "message: m\nepochs:\n    -   epoch: 0\n        note: |\n          a\n\n          b\n",
        "{message: m}",
        "{message: m, epochs: }",
        "{message: m, epochs: [{epoch: 0}]}",
        "\ufeffmessage: m\r\nnote: >+\r\n  kept\r\n\r\n\r\n",
    ],
)
def test_an_item_is_added_and_nothing_else_changes(text: str) -> None:
    before = plain(text.encode())
    after = plain(append(text).encode())
    assert after.pop("epochs") == [*(before.pop("epochs", None) or []), EPOCH]
    assert after == before
    comments = re.findall(r"#.*", text)
    assert re.findall(r"#.*", append(text)) == comments
    ends = set(re.findall("\r\n|\n", append(text)))
    assert len(ends) <= 1 or ends == set(re.findall("\r\n|\n", text))


def test_a_second_item_follows_the_first() -> None:
    once = append("message: m\n")
    twice = append(once)
    assert twice.startswith(once)
    assert plain(twice.encode())["epochs"] == [EPOCH, EPOCH]


def test_a_key_goes_behind_the_one_named() -> None:
    data = b"message: m\nchannels: [sms]  # one\narms: {a: 1}\n"
    changed = insert_key(data, "f", (), "status", "running", after="channels")
    assert changed == (
        b"message: m\nchannels: [sms]  # one\nstatus: running\narms: {a: 1}\n"
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [("status: x\n", ()), ("a: x\n", ("a",)), ("[a]\n", ()), ("&x a: {b: c}\n", ())],
)
def test_a_key_that_cannot_be_added_is_refused(
    text: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(CopylabError):
        insert_key(text.encode(), "f", path, "status", "running")


def test_a_key_is_set_whether_it_is_there_or_not() -> None:
    assert set_key(b"a: x # c\n", "f", "a", "z") == b"a: z # c\n"
    assert set_key(b"b: x # c\n", "f", "a", "z", after="b") == b"b: x # c\na: z\n"


def test_an_item_is_not_added_to_a_text() -> None:
    with pytest.raises(CopylabError, match="not a list"):
        append("epochs: none\n")


# Random layouts: a document is written out in random ways, and edited.

words = st.sampled_from(
    ["plain", "coupon", "中文 词", "it's", "a b", "7d", "45%", "😀", 'q"q', "x#y"]
)
keys = st.sampled_from(["live", "purpose", "b", "键", "c d", "e", "epochs"])
comments = st.sampled_from(["", " # why", "   # 为什么 : - {", "  ", " #", "\t# tab"])
between = st.lists(st.sampled_from(["", "# note", "  # deeper: [", "   "]), max_size=2)


@st.composite
def scalars(draw: st.DrawFn) -> str:
    text = draw(words)
    style = draw(st.sampled_from(["bare", "double", "single"]))
    if style == "single":
        return "'" + text.replace("'", "''") + "'"
    if style == "double":
        return '"' + text.replace('"', '\\"') + '"'
    return write_scalar(text)


@st.composite
def values(draw: st.DrawFn, indent: int, depth: int) -> str:
    """What stands behind a key, with its first character or line end."""
    kinds = ["scalar", "null", "flow", "literal", "folded"]
    kind = draw(st.sampled_from(kinds + (["map", "list"] * 2 if depth else [])))
    tail = draw(comments)
    pad = " " * draw(st.integers(1, 3))
    if kind == "scalar":
        return pad + draw(scalars()) + tail
    if kind == "null":
        return tail
    if kind == "flow":
        items = draw(st.lists(words, max_size=3))
        opened = draw(st.sampled_from(["[{}]", "[ {} ]", "{{k: [{}]}}", "{{}}"]))
        return pad + opened.format(", ".join(write_flow(item) for item in items)) + tail
    inner = " " * (indent + draw(st.integers(1, 4)))
    if kind in {"literal", "folded"}:
        head = ("|" if kind == "literal" else ">") + draw(
            st.sampled_from(["", "-", "+"])
        )
        rows = draw(st.lists(words, min_size=1, max_size=3))
        return f"{pad}{head}{tail if tail.strip() else ''}\n" + "\n".join(
            inner + row for row in rows
        )
    if kind == "map":
        return tail + "\n" + draw(mappings(len(inner), depth - 1))
    dash = " " * draw(st.sampled_from([indent, indent + 2]))
    items = [
        dash + "-" + pad + draw(scalars()) + draw(comments)
        for _ in range(draw(st.integers(1, 3)))
    ]
    return tail + "\n" + "\n".join(items)


@st.composite
def mappings(draw: st.DrawFn, indent: int = 0, depth: int = 2) -> str:
    names = draw(st.lists(keys, min_size=1, max_size=4, unique=True))
    lines: list[str] = []
    for name in names:
        lines += draw(between) if not indent else []
        lines.append(f"{' ' * indent}{name}:{draw(values(indent, depth))}")
    return "\n".join(lines)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    text = draw(mappings())
    text += draw(st.sampled_from(["", "\n", "\n\n# end\n", "\n# end", "\n...\n"]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def ends_in_open_block(data: bytes) -> bool:
    """A block of text that ends with the file would get another end behind it."""
    return not data.endswith((b"\n", b"\r")) and bool(re.search(rb": +[|>]", data))


def is_subsequence(part: bytes, whole: bytes) -> bool:
    rest = iter(whole)
    return all(byte in rest for byte in part)


@settings(max_examples=400, deadline=None)
@given(files(), words)
def test_replacing_changes_one_stretch_or_is_refused(data: bytes, word: str) -> None:
    before = plain(data)
    for key, value in before.items():
        try:
            changed = replace_scalar(data, "f", (key,), word)
        except CopylabError:
            # Only lists, mappings and blocks of text may be refused.
            block = rf"(^|[\ufeff\r\n]){key}: +[|>]"
            assert isinstance(value, dict | list) or re.search(block, data.decode())
            continue
        assert plain(changed) == {**before, key: word}
        lines, others = (
            re.split("(\r\n|\r|\n)", text.decode().removeprefix("\ufeff"))
            for text in (data, changed)
        )
        differing = [a for a, b in zip(lines, others, strict=True) if a != b]
        assert len(differing) <= 1
        assert all(line.startswith(f"{key}:") for line in differing)


@settings(max_examples=400, deadline=None)
@given(files())
def test_adding_an_item_keeps_every_byte_or_is_refused(data: bytes) -> None:
    before = plain(data)
    known = before.get("epochs")
    if known is not None and not isinstance(known, list):
        with pytest.raises(CopylabError):
            append_item(data, "f", ("epochs",), EPOCH)
        return
    try:
        changed = append_item(data, "f", ("epochs",), EPOCH)
    except CopylabError:
        assert ends_in_open_block(data)
        return
    after = plain(changed)
    assert after["epochs"] == [*(known or []), EPOCH]
    assert [*after] == [*before] + (["epochs"] if "epochs" not in before else [])
    assert all(after[key] == before[key] for key in before if key != "epochs")
    kept = data if known != [] else re.sub(rb"epochs: *\[ *\]", b"epochs:", data)
    assert is_subsequence(kept, changed)


@settings(max_examples=300, deadline=None)
@given(files(), st.sampled_from(["status", "状态", "a: b", "12", "yes"]))
def test_adding_a_key_keeps_every_byte(data: bytes, key: str) -> None:
    before = plain(data)
    try:
        changed = insert_key(data, "f", (), key, ["x", {"y": None}])
    except CopylabError:
        assert ends_in_open_block(data)
        return
    assert list(plain(changed).items()) == [*before.items(), (key, ["x", {"y": None}])]
    assert is_subsequence(data, changed)


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | words,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words | keys, inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(keys, trees, min_size=1, max_size=4))
def test_what_is_written_is_read_back(tree: dict[str, Any]) -> None:
    assert repr(plain("\n".join(write_block(tree)).encode())) == repr(tree)
    assert repr(plain(write_flow(tree).encode())) == repr(tree)


def test_a_number_that_is_none_is_not_written() -> None:
    with pytest.raises(ValueError, match="must be finite"):
        write_scalar(float("nan"))
    with pytest.raises(ValueError, match="surrogate"):
        write_scalar("\ud800")
