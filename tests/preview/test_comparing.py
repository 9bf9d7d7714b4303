"""A message beside a revision: what people get now that they did not get then."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from copylab.preview.choice_words import choice_words
from copylab.preview.comparing import compare_with
from copylab.preview.page import View
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "winback/unfinished_day3"
FOLDER = f"templates/{NAME}"


@pytest.fixture
def compare(sample: Path, tmp_path: Path) -> Callable[..., Any]:
    """What differs after some files of the sample are changed; None takes one away."""

    def change(files: dict[str, tuple[str, str] | None]) -> Any:
        root = shutil.copytree(sample, tmp_path / "now")
        for name, pair in files.items():
            path = root / FOLDER / name
            if pair is None:
                path.unlink()
                continue
            text = path.read_text(encoding="utf-8")
            assert pair[0] in text
            path.write_text(text.replace(*pair), encoding="utf-8")
        before, after = open_workspace(sample), open_workspace(root)
        return compare_with(before, after, NAME, "main")

    return change


def side(pieces: Any) -> str:
    return "".join(piece.text for piece in pieces)


def test_nothing_differs_where_nothing_was_changed(compare: Any) -> None:
    assert compare({}).is_same


def test_each_branch_is_shown_before_and_after_for_the_same_person(
    compare: Any,
) -> None:
    found = compare({"sms.zh-CN.md": ("资料保留至", "资料留到")})
    assert [text.key[1:] for text in found.texts] == [("sms", "zh-CN", "plain")]
    pairs = found.texts[0].pairs
    assert len(pairs) == 5
    for pair in pairs:
        assert "王女士" in side(pair.before)
        assert side(pair.before).replace("资料保留至", "资料留到") == side(pair.after)
        assert [p.text for p in pair.before if p.kind == "removed"] == ["保留至"]
        assert [p.text for p in pair.after if p.kind == "added"] == ["留到"]
    assert {dict(pair.choices)["step"] for pair in pairs} == {
        "identity",
        "bank_card",
        "contact",
        "review",
        "unknown",
    }
    assert found.texts[0].parts == (2, 2)


def test_the_variant_that_everybody_gets_is_compared(compare: Any) -> None:
    found = compare({"message.yaml": ("live: plain", "live: curiosity")})
    assert found.settings == (("live", "plain", "curiosity"),)
    assert found.texts == ()
    assert not found.is_same


def test_a_locale_that_is_gone_is_told_as_removed(compare: Any) -> None:
    found = compare({"push.en-US.md": None})
    kinds = {text.key[1:]: text.kind for text in found.texts}
    assert kinds == {
        ("push", "en-US", "plain"): "removed",
        ("push", "en-US", "curiosity"): "removed",
    }
    assert all(not pair.after for text in found.texts for pair in text.pairs)


def test_a_text_that_cannot_be_read_now_is_not_told_to_be_gone(compare: Any) -> None:
    found = compare({"sms.zh-CN.md": ("{% endif %}", "{% endfi %}")})
    assert [(text.kind, text.pairs) for text in found.texts] == [("unread", ())]


def test_a_message_that_was_not_there_is_new(sample: Path, tmp_path: Path) -> None:
    before = shutil.copytree(sample, tmp_path / "then")
    shutil.rmtree(before / FOLDER)
    found = compare_with(open_workspace(before), open_workspace(sample), NAME, "v1")
    assert found.is_new
    assert not found.is_same


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("step", "a or b", "step: a or b", "step：a 或 b"),
        ("step", "'a or b'", "step: a or b", "step：a or b"),
        ("days", "3 to 30", "days: 3 to 30", "days：3 至 30"),
        ("has_app", "True", "has_app: yes", "has_app：是"),
        ("has_app", "false", "has_app: no", "has_app：否"),
        ("days > limit", "true", "days > limit", "days > limit"),
        ("days > limit", "false", "not (days > limit)", "非（days > limit）"),
        ("steps", "3 items", "steps: 3 items", "steps：3 项"),
        ("steps", "1 items", "steps: 1 item", "steps：1 项"),
        ("name", "8 x '國' (U+570B)", "name: 國 × 8", "name：國 × 8"),
        (
            "link",
            "'https://a.example/…' (35 characters)",
            "link: https://a.example/… (35 characters)",
            "link：https://a.example/…（35 个字符）",
        ),
    ],
)
def test_choices_are_said_in_the_language_of_the_reader(
    name: str, value: str, english: str, chinese: str
) -> None:
    views = [View(language, "x.html", is_served=True) for language in ("en", "zh")]
    assert [choice_words(view, name, value) for view in views] == [english, chinese]
