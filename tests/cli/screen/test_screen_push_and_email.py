"""A notification on screens, and an e-mail in an inbox."""

from __future__ import annotations

from copylab.channels.composed import Email, Push
from copylab.channels.push import apns_payload, fcm_payload
from copylab.cli.screen.email import show_email
from copylab.cli.screen.push import show_push


def push(title: str, body: str) -> str:
    payload = {"apns": apns_payload(title, body), "fcm": fcm_payload(title, body)}
    return "\n".join(show_push(Push(title, body, payload)))


def email(subject: str, preheader: str = "", **headers: str) -> str:
    html = '<div style="display:none">preheader</div><p>Words</p>'
    sent = Email(subject, preheader, html, "Words\n", headers)
    return "\n".join(show_email(sent))


def test_a_short_notification_is_shown_once_for_all_places() -> None:
    shown = push("您的额度有更新", "点开看看")
    assert shown.count("╭") == 1
    assert "iOS banner, iOS lock screen" in shown
    assert "Android expanded:" in shown
    assert "not seen" not in shown


def test_a_long_notification_is_cut_where_each_place_cuts_it() -> None:
    shown = push("T" * 45, "好" * 60)
    ios = shown.split("iOS lock screen")[1].split("Android")[0]
    assert "not seen: 6 columns of the title and 12 columns of the body" in ios
    assert "T" * 39 + "…" in ios
    android = shown.split("Android expanded")[1]
    assert "not seen" not in android


def test_the_size_of_each_payload_is_told() -> None:
    assert "apns 30 bytes · fcm 29 bytes" in push("", "x")


def test_an_inbox_line_is_cut_at_three_widths() -> None:
    shown = email("S" * 60, "and more", From="Example <hi@mail.example>")
    assert "inbox, from Example:" in shown
    assert f"phone, narrow  {'S' * 32}…\n" in shown
    assert f"phone          {'S' * 47}…\n" in shown
    assert f"desktop        {'S' * 60} - and more\n" in shown


def test_hidden_text_is_not_in_what_a_reader_sees() -> None:
    shown = email("Hello")
    assert "preheader" not in shown.split("─ HTML part ─")[1]
    assert "Preheader: none; inboxes show the first words of the body" in shown
