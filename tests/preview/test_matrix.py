"""Every message by channel and locale: what is written, and what lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from copylab.preview.matrix import make_matrix, plain_text
from copylab.preview.reading import Reader
from copylab.preview.trials import find_trials

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.matrix import Matrix, Row

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIG = """\
brand: {name: Example, signature: Example}
locales: {default: zh-CN, also: [en-US]}
markets: {zh-CN: [CN], en-US: [US]}
industry: retail
"""
TWO = "variants: {plain: {hook: reminder}, coupon: {hook: discount}}\n"


@pytest.fixture
def matrix(make_files: Callable[..., Path]) -> Callable[..., Matrix]:
    """The matrix of messages that are given by their files."""

    def make(files: dict[str, str]) -> Matrix:
        root = make_files({"copylab.yaml": CONFIG, **files})
        shown = Reader(root).read(AT)
        return make_matrix(shown, find_trials(shown.workspace, root, AT))

    return make


def message(more: str = "", purpose: str = "transactional") -> str:
    return f"purpose: {purpose}\nlive: plain\n{more}"


def cell_of(matrix: Matrix, row: Row, channel: str, locale: str) -> Any:
    return row.cells[matrix.columns.index((channel, locale))]


def test_channels_stand_in_their_order_and_the_default_locale_first(
    matrix: Any,
) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": message(),
            "templates/a/b/push.zh-CN.md": "## title\nhi\n## body\nthere\n",
            "templates/a/c/message.yaml": message(),
            "templates/a/c/sms.en-US.md": "hello\n",
        }
    )
    assert found.columns == (
        ("sms", "zh-CN"),
        ("sms", "en-US"),
        ("push", "zh-CN"),
        ("push", "en-US"),
    )


def test_a_locale_without_words_is_a_gap(matrix: Any) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": message(),
            "templates/a/b/sms.zh-CN.md": "hello\n",
        }
    )
    (row,) = found.rows
    assert cell_of(found, row, "sms", "zh-CN").state == "words"
    assert cell_of(found, row, "sms", "en-US").state == "gap"
    assert row.gaps == 1
    assert row.markets == ("CN", "US")


def test_a_message_that_is_narrowed_lacks_nothing(matrix: Any) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": message("locales: [zh-CN]\n"),
            "templates/a/b/sms.zh-CN.md": "hello\n",
            "templates/a/c/message.yaml": message(),
            "templates/a/c/sms.zh-CN.md": "hello\n",
            "templates/a/c/sms.en-US.md": "hello\n",
        }
    )
    row = found.rows[0]
    assert cell_of(found, row, "sms", "en-US").state == "unused"
    assert row.gaps == 0
    assert row.markets == ("CN",)


def test_a_channel_that_the_sequence_sends_needs_words(matrix: Any) -> None:
    steps = "sequence: [{after: 0d, channel: push}]\nlocales: [zh-CN]\n"
    found = matrix(
        {
            "templates/a/b/message.yaml": message(steps),
            "templates/a/b/sms.zh-CN.md": "hello\n",
        }
    )
    assert cell_of(found, found.rows[0], "push", "zh-CN").state == "gap"


def test_a_channel_that_an_experiment_covers_needs_words(matrix: Any) -> None:
    experiment = (
        "message: a/b\nchannels: [push]\nstatus: {status}\nunit: user_id\n"
        "salt: first.1\narms: {{plain: 50%, none: 50%}}\ncontrol: plain\n"
    )
    for status, state in (("draft", "gap"), ("concluded", None)):
        found = matrix(
            {
                "templates/a/b/message.yaml": message("locales: [zh-CN]\n"),
                "templates/a/b/sms.zh-CN.md": "hello\n",
                "experiments/first.yaml": experiment.format(status=status),
            }
        )
        cells = dict(zip(found.columns, found.rows[0].cells, strict=True))
        cell = cells.get(("push", "zh-CN"))
        assert (cell and cell.state) == state


def test_a_variant_that_another_locale_has_is_named(matrix: Any) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": message(TWO),
            "templates/a/b/sms.zh-CN.md": "# plain\none\n# coupon\ntwo\n",
            "templates/a/b/sms.en-US.md": "# plain\none\n",
        }
    )
    (row,) = found.rows
    full, part = row.cells
    assert (full.variants, full.missing) == (2, ())
    assert (part.variants, part.missing) == (1, ("coupon",))
    assert (part.severity, part.findings) == ("error", 1)
    assert part.code == 7
    assert row.codes == f"{full.code}7"


def test_a_finding_stands_in_the_cell_of_its_file_or_beside_the_name(
    matrix: Any,
) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": message("locales: [zh-CN]\nsurplus: 1\n"),
            "templates/a/b/sms.zh-CN.md": "hello {{ nobody }} {{ nothing }}\n",
        }
    )
    (row,) = found.rows
    (cell,) = (c for c in row.cells if c.state == "words")
    errors = [item for item in row.findings if item.severity == "error"]
    inside = [item for item in errors if item.file == "templates/a/b/sms.zh-CN.md"]
    assert (cell.severity, cell.findings) == ("error", len(inside))
    assert row.settings == ("error", len(errors) - len(inside)) == ("error", 1)


def test_a_message_that_cannot_be_read_has_a_row_that_says_why(matrix: Any) -> None:
    found = matrix(
        {
            "templates/a/b/message.yaml": "purpose: [\n",
            "templates/a/c/message.yaml": message("locales: [zh-CN]\n"),
            "templates/a/c/sms.zh-CN.md": "hello\n",
        }
    )
    broken, good = found.rows
    assert (broken.id, broken.is_unreadable, broken.has_page) == ("a/b", True, False)
    assert broken.fault is not None
    assert broken.fault.rule == "syntax"
    assert broken.names == ""
    assert good.fault is None


def test_the_last_state_stands_for_a_message_that_broke(own_sample: Path) -> None:
    reader = Reader(own_sample)
    reader.read(AT)
    file = own_sample / "templates/winback/repaid_day30/message.yaml"
    file.write_text(file.read_text() + "surplus: [\n")
    shown = reader.read(AT)
    found = make_matrix(shown, {})
    row = next(row for row in found.rows if row.id == "winback/repaid_day30")
    assert row.is_unreadable
    assert row.message is not None
    assert row.has_page


def test_messages_are_found_by_their_words_variants_and_partials(matrix: Any) -> None:
    found = matrix(
        {
            "templates/_partials/rate.zh-CN.md": "7.2%\n",
            "templates/a/b/message.yaml": message(TWO + "locales: [zh-CN]\n"),
            "templates/a/b/sms.zh-CN.md": (
                "# plain\n您好{% include 'rate.zh-CN.md' %}\n# coupon\n再见\n"
            ),
        }
    )
    (row,) = found.rows
    assert row.text == "您好 再见"
    assert row.includes == ("rate.zh-CN.md",)
    assert row.names.split() == ["plain", "coupon", "reminder", "discount"]
    assert (row.campaign, row.name) == ("a", "b")


def test_a_template_is_looked_for_without_its_tags() -> None:
    text = "{# no #}Hi {{ name | upper }},\n\n{% if x > 1 %}you{% else %}me{% endif %}"
    assert plain_text(text) == "Hi name, youme"
    assert plain_text("a  b") == "a b"
