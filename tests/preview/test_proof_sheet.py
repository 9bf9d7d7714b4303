"""The proof sheet: all that somebody signs for, and all that nobody proved, by name."""

from __future__ import annotations

import hashlib
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.preview.page import View
from copylab.preview.pages.proof import (
    css_string,
    places_words,
    proof_list_page,
    proof_page,
)
from copylab.preview.proving.sheet import prove_message
from copylab.preview.reading import Reader
from copylab.preview.render import render_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.proving.sheet import Sheet
    from copylab.preview.shown import Shown

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "winback/unfinished_day3"
SMS = f"templates/{NAME}/sms.zh-CN.md"
OPT_OUT = "请理性借贷，拒收请回复R"


@pytest.fixture(scope="module")
def shown(sample: Path) -> Shown:
    return Reader(sample).read(AT)


@pytest.fixture(scope="module")
def sheet(shown: Shown) -> Sheet:
    return prove_message(shown, NAME)


@pytest.fixture
def prove(own_sample: Path) -> Callable[..., Sheet]:
    """The sheet after some files of a copy of the sample are written anew."""

    # One message is enough, and four times as quick.
    for folder in (own_sample / "templates" / "winback").iterdir():
        if folder.name != NAME.partition("/")[2]:
            shutil.rmtree(folder)
    shutil.rmtree(own_sample / "experiments")

    def change(*changes: tuple[str, str, str]) -> Sheet:
        for name, old, new in changes:
            path = own_sample / name
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return prove_message(Reader(own_sample).read(AT), NAME)

    return change


def text_of(sheet: Sheet, *wanted: str) -> Any:
    return next(
        text
        for text in sheet.texts
        if (text.channel, text.locale, text.variant) == wanted
    )


def test_every_text_and_every_branch_is_on_it(sheet: Sheet, shown: Shown) -> None:
    message = shown.workspace.messages[NAME]
    wanted = {
        (channel, locale, variant)
        for (channel, locale), copy in message.copies.items()
        for variant in copy.variants
    }
    assert {(t.channel, t.locale, t.variant) for t in sheet.texts} == wanted
    assert [text.number for text in sheet.texts] == list(range(1, len(wanted) + 1))
    counted = sum(p.branches for p in shown.report.proofs if p.message == NAME)
    assert sheet.branches == counted
    assert all(not field.left_out for t in sheet.texts for field in t.text.fields)


def test_it_carries_the_hash_that_a_message_sent_carries(
    sheet: Sheet, shown: Shown
) -> None:
    user = {
        "user_id": "u1",
        "locale": "zh-CN",
        "call_name": "王女士",
        "step": "identity",
        "steps_to_go": 3,
        "draft_ends": "2026-12-10",
        "link": "abc",
    }
    sent: Any = shown.workspace.compose(NAME, user, channel="sms", at=AT)
    exposure = sent.exposure
    assert text_of(sheet, "sms", "zh-CN", "plain").hash == exposure.template_hash
    assert dict(sheet.prints.texts)[NAME, "sms", "zh-CN", "plain"] == (
        exposure.template_hash
    )


def test_files_are_named_with_the_hash_that_anybody_can_check(
    sheet: Sheet, sample: Path
) -> None:
    files = dict(sheet.prints.files)
    for name, value in files.items():
        data = (sample / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == value
    assert {
        SMS,
        f"templates/{NAME}/message.yaml",
        "templates/_partials/rate.zh-CN.md",
        "templates/_layouts/main.mjml",
        "copylab.yaml",
    } <= files.keys()


def test_the_fingerprint_changes_with_a_text_and_with_a_rule_and_not_with_time(
    prove: Any, own_sample: Path, sheet: Sheet
) -> None:
    assert prove().prints.sheet == sheet.prints.sheet
    later = datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert prove_message(Reader(own_sample).read(later), NAME).prints.sheet == (
        sheet.prints.sheet
    )
    words = prove((SMS, "申请还差", "资料还差")).prints
    assert words.sheet != sheet.prints.sheet
    assert words.rules == sheet.prints.rules
    rules = prove(("copylab.yaml", "lint:\n", "lint:\n  rules: {all-caps: off}\n"))
    assert rules.prints.rules != sheet.prints.rules
    assert len(sheet.prints.short.split()) == 4


def test_each_rule_of_a_law_is_named_with_its_source_and_the_day_it_was_read(
    sheet: Sheet,
) -> None:
    laws = {rule.code: rule for rule in sheet.rules.laws}
    assert laws
    assert all(rule.source.name for rule in laws.values())
    read = [
        rule for rule in laws.values() if rule.source.how in {"primary", "secondary"}
    ]
    assert len(read) > 10
    assert all(rule.source.checked_on is not None for rule in read)
    consent = laws["CN-SMS-016"]
    assert "MIIT Order 31" in consent.source.name
    assert consent.places == ("email.zh-CN", "sms.zh-CN")
    assert consent.markets == ("CN",)


def test_rules_of_other_markets_channels_and_purposes_are_not_said_to_be_applied(
    sheet: Sheet,
) -> None:
    codes = {rule.code for rule in sheet.rules.applied}
    assert not [code for code in codes if code.startswith(("EU-", "KR-", "JP-", "UK-"))]
    assert "SMS053" not in codes  # of one-time codes
    assert "SMS041" not in codes  # of notifications
    assert sheet.rules.elsewhere > 0


def test_a_rule_that_lacks_a_declaration_is_not_applied_but_named_with_the_key(
    prove: Any, sheet: Sheet
) -> None:
    assert not [r for r in sheet.rules.not_applied if r.code == "CN-SMS-016"]
    lacking = prove(("copylab.yaml", "  consent: opt_in ", "  # "))
    entry = next(r for r in lacking.rules.not_applied if r.code == "CN-SMS-016")
    assert (entry.why, entry.what) == ("undeclared", "sending.consent")
    assert not [rule for rule in lacking.rules.applied if rule.code == "CN-SMS-016"]


def test_a_rule_that_is_switched_off_is_named_as_not_checked(prove: Any) -> None:
    found = prove(("copylab.yaml", "lint:\n", "lint:\n  rules: {cn-signature: off}\n"))
    entry = next(r for r in found.rules.not_applied if r.name == "cn-signature")
    assert entry.why == "off"
    assert not [rule for rule in found.rules.applied if rule.name == "cn-signature"]


def test_a_rule_that_is_not_in_force_on_the_day_is_named_with_its_day(
    own_sample: Path,
) -> None:
    early = datetime(2015, 1, 1, tzinfo=UTC)
    found = prove_message(Reader(own_sample).read(early), NAME)
    entries = [r for r in found.rules.not_applied if r.why == "not_in_force"]
    assert entries
    assert all(re.search(r"20\d\d-\d\d-\d\d", entry.what) for entry in entries)


def test_findings_stand_at_their_text_the_gravest_first(prove: Any) -> None:
    found = prove(
        (SMS, OPT_OUT, "{% if step != 'contact' %}" + OPT_OUT + "{% endif %}")
    )
    text = text_of(found, "sms", "zh-CN", "plain")
    assert text.count("error") == 1
    finding = text.findings[0]
    assert (finding.rule, finding.severity) == ("optout-missing", "error")
    place = text.branch_of(finding)
    assert place is not None
    assert place[1].ways == ((("step", "contact"),),)
    assert found.told.count("error") == 1
    rule = next(r for r in found.rules.applied if r.name == "optout-missing")
    assert rule.found == 1


def test_what_is_wrong_in_a_partial_is_told_once_with_the_texts_it_is_in(
    prove: Any,
) -> None:
    found = prove((SMS, OPT_OUT, "拒收请回复R"))
    shared = [pair for pair in found.shared if pair[0].code == "CN-LEND-007"]
    if not shared:  # told in the copy itself: then it is the text's own
        assert any(f.code == "CN-LEND-007" for t in found.texts for f in t.findings)
        return
    numbers = [text.number for text in found.texts if text.shared]
    assert shared[0][1] == tuple(numbers)
    assert numbers == [text_of(found, "sms", "zh-CN", "plain").number]


def test_a_suppression_is_told_with_its_reason_its_day_and_what_it_hides(
    prove: Any,
) -> None:
    comment = "{# copylab: ignore[optout-missing] 网关追加退订语, until 2026-12-31 #}\n"
    found = prove(
        (SMS, OPT_OUT, "请理性借贷"), (SMS, "# plain\n", f"# plain\n{comment}")
    )
    assert not text_of(found, "sms", "zh-CN", "plain").count("error")
    (item,) = found.told.excused
    assert item.rules == ("optout-missing",)
    assert item.reason == "网关追加退订语"
    assert item.until is not None
    assert item.until.isoformat() == "2026-12-31"
    assert item.place == f"{SMS}:2"
    assert [finding.rule for finding in item.findings] == ["optout-missing"]
    assert found.told.suppressed == 1
    assert [text.number for text in found.texts if text.kept] == [
        text_of(found, "sms", "zh-CN", "plain").number
    ]
    rule = next(r for r in found.rules.applied if r.name == "optout-missing")
    assert (rule.found, rule.kept) == (0, 1)


def test_a_suppression_whose_day_has_passed_hides_nothing_and_is_said_to_be_over(
    prove: Any,
) -> None:
    comment = "{# copylab: ignore[optout-missing] 网关追加退订语, until 2026-01-31 #}\n"
    found = prove(
        (SMS, OPT_OUT, "请理性借贷"), (SMS, "# plain\n", f"# plain\n{comment}")
    )
    assert text_of(found, "sms", "zh-CN", "plain").count("error") == 1
    assert [(item.is_over, item.findings) for item in found.told.excused] == [
        (True, ())
    ]


def test_a_text_that_cannot_be_read_has_no_proof_and_no_hash(prove: Any) -> None:
    found = prove((SMS, "{% endif %}", "{% endfi %}"))
    text = text_of(found, "sms", "zh-CN", "plain")
    assert found.unread == (text,)
    assert (text.hash, text.worst, text.text.branches) == ("", None, 0)
    assert text.count("error") >= 1
    assert text_of(found, "sms", "zh-CN", "curiosity").hash


def test_the_values_that_can_stand_in_a_text_are_those_it_uses(sheet: Sheet) -> None:
    names = [variable.name for variable in sheet.variables]
    assert names == [
        "call_name",
        "first_name",
        "step",
        "steps_to_go",
        "steps_left",
        "draft_ends",
        "link",
        "unsubscribe_url",
    ]


def page_of(shown: Shown, language: str) -> str:
    view = View(language, f"proof/{NAME}.html", is_served=False)  # type: ignore[arg-type]
    return render_page(proof_page(shown, view, NAME), view, shown)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_every_branch_every_rule_and_every_hash(
    shown: Shown, sheet: Sheet, language: str
) -> None:
    html = re.sub(r"<(ins|/ins|/del)>|<del>.*?</del>", "", page_of(shown, language))
    import html as escapes  # noqa: PLC0415 - one test

    shown_text = escapes.unescape(html)
    for text in sheet.texts:
        assert text.hash in shown_text
        for field in text.text.fields:
            for branch in field.branches:
                for line in (branch.text or "").splitlines()[:1]:
                    assert line in shown_text
    for rule in sheet.rules.applied:
        assert f"<code>{rule.code}</code>" in html
    for entry in sheet.rules.not_applied:
        assert entry.code in html


def test_what_is_not_checked_yet_never_reads_as_if_nothing_had_been_found(
    sample: Path,
) -> None:
    looked_at = Reader(sample).look(AT)
    assert not looked_at.is_checked
    view = View("en", f"proof/{NAME}.html", is_served=True)
    page = render_page(proof_page(looked_at, view, NAME), view, looked_at)
    listed = render_page(proof_list_page(looked_at, view), view, looked_at)
    assert "The rules are being applied" in page
    assert "being checked" in listed
    for html in (page, listed):
        assert "othing found" not in html
        assert "Signature" not in html


def test_the_list_of_sheets_begins_with_what_is_wrong(
    prove: Any, own_sample: Path
) -> None:
    prove((SMS, OPT_OUT, "请理性借贷"))
    shown = Reader(own_sample).read(AT)
    page = proof_list_page(shown, View("en", "proof.html", is_served=False))
    listed: Any = page.content["listed"]
    assert listed[0].id == NAME
    assert listed[0].errors == 1
    assert {item.id for item in listed} == set(shown.workspace.messages)
    assert all(item.texts and not item.unread for item in listed)


def test_places_are_said_in_short() -> None:
    view = View("en", "proof.html", is_served=False)
    known = ("sms.zh-CN", "sms.en-US", "push.zh-CN", "push.en-US")
    assert places_words(view, known, known) == "all texts"
    assert places_words(view, known, ("push.zh-CN", "sms.zh-CN")) == "zh-CN"
    assert places_words(view, known, ("sms.en-US", "sms.zh-CN")) == "SMS"
    assert places_words(view, known, ("sms.zh-CN",)) == "SMS zh-CN"


@given(st.text())
def test_no_text_ends_a_string_of_the_style_sheet(text: str) -> None:
    escaped = css_string(text)
    assert re.fullmatch(r"(?:[0-9A-Za-z]|\\[0-9a-f]+ )*", escaped)
    again = re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), escaped)
    assert again == text
