from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Email, Push, Sms
from copylab.compose.build import build_email
from copylab.compose.find import find_experiment, find_locale, find_message
from copylab.compose.prepare import prepare_copy
from copylab.compose.result import Rejected, Skipped
from copylab.errors import RenderError
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_render_gives_a_variant_without_an_exposure(
    shop: Workspace, user: dict[str, Any], at: datetime
) -> None:
    sms = shop.render(
        "news", user, channel="sms", locale="en-US", variant="coupon", at=at
    )
    assert isinstance(sms, Sms)
    assert sms.text.startswith("Shop: a coupon of $12.00 for Ann.")
    assert sms.exposure is None


def test_render_and_compose_give_the_same_message(
    quiet_shop: Workspace, user: dict[str, Any], at: datetime
) -> None:
    for channel in ("sms", "push", "email"):
        for locale in ("en-US", "zh-CN"):
            sent = quiet_shop.compose(
                "news", user, channel=channel, locale=locale, at=at
            )
            rendered = quiet_shop.render("news", user, channel=channel, locale=locale)
            assert replace(sent, exposure=None) == rendered


def test_render_names_every_value_that_is_missing(shop: Workspace) -> None:
    with pytest.raises(RenderError) as caught:
        shop.render("news", {"name": "Ann"}, channel="sms", locale="en-US")
    assert caught.value.problems == ("amount: absent", "link: absent")
    assert str(caught.value).count("\n") == 2


def test_render_refuses_what_would_be_empty(shop: Workspace) -> None:
    with pytest.raises(RenderError, match="empty"):
        shop.render("news", {}, channel="push", locale="en-US")


def test_render_says_what_there_is(shop: Workspace, user: dict[str, Any]) -> None:
    with pytest.raises(RenderError, match="no sms copy of 'plain' in fr-FR"):
        shop.render("news", user, channel="sms", locale="fr-FR")
    with pytest.raises(ValueError, match="must be one of: plain, coupon"):
        shop.render("news", user, channel="sms", locale="en-US", variant="x")
    with pytest.raises(ValueError, match="time zone"):
        shop.render(
            "news", user, channel="sms", locale="en-US", at=datetime(2026, 1, 1)  # noqa: DTZ001 - what is refused
        )  # fmt: skip


def test_values_may_be_given_by_variable_or_by_the_key_of_the_user(
    sample: Workspace,
) -> None:
    by_key = {"limit": 8000, "link": "a"}
    by_name = {"limit_cny": 8000, "link": "a"}
    texts = {
        sample.render(
            "winback/approved_day7", values, channel="sms", locale="zh-CN"
        ).text
        for values in (by_key, by_name)
    }
    assert len(texts) == 1


def test_the_first_running_experiment_on_the_channel_is_found(shop: Workspace) -> None:
    hook = shop.experiments["hook"]
    assert find_experiment(shop, "news", "sms") is hook
    assert find_experiment(shop, "news", "push") is None
    draft = replace(shop, experiments={"hook": replace(hook, status="draft")})
    assert find_experiment(draft, "news", "sms") is None
    everywhere = replace(shop, experiments={"hook": replace(hook, channels=())})
    assert find_experiment(everywhere, "news", "push") is not None


def test_a_message_is_found_with_its_channel_or_the_choices_are_named(
    shop: Workspace,
) -> None:
    assert find_message(shop, "news", "push").id == "news"
    with pytest.raises(ValueError, match="message == 'x', must be one of: news"):
        find_message(shop, "x", "push")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("zh-Hans-CN", "zh-CN"),
        ("zh-CN", "zh-CN"),
        ("zh", None),
        ("zh-TW", None),
        ("", None),
        ("en", None),
        ("en-GB", None),
    ],
)
def test_locales_are_looked_up_along_parents_only(
    shop: Workspace, wanted: str, found: str | None
) -> None:
    assert find_locale(shop, shop.messages["news"], "sms", wanted) == found


def test_a_chain_of_locales_ends_at_the_language(
    write_shop: Callable[..., Path], shop_files: dict[str, str]
) -> None:
    changes: dict[str, str | None] = {
        name: None for name in shop_files if ".zh-CN." in name or "hook" in name
    }
    changes["copylab.yaml"] = shop_files["copylab.yaml"].replace("zh-CN", "zh")
    for channel in ("sms", "push", "email"):
        changes[f"templates/news/{channel}.zh.md"] = shop_files[
            f"templates/news/{channel}.zh-CN.md"
        ]
    shop = load(write_shop(changes))
    message = shop.messages["news"]
    for wanted in ("zh-Hans-CN", "zh-CN", "zh-Hant", "zh"):
        assert find_locale(shop, message, "sms", wanted) == "zh"


def test_a_prepared_copy_reads_only_what_its_fields_refer_to(shop: Workspace) -> None:
    message = shop.messages["news"]
    sms = prepare_copy(shop, message, "sms", "zh-CN", "plain")
    assert [item.name for item in sms.inputs] == ["amount", "link", "name"]
    email = prepare_copy(shop, message, "email", "zh-CN", "coupon")
    assert [item.name for item in email.inputs] == ["amount", "leave"]
    assert dict(email.headers) == {"From": "Shop <hello@shop.example>"}


def test_an_email_without_a_layout_is_a_whole_document(
    write_shop: Callable[..., Path], shop_files: dict[str, str], user: dict[str, Any]
) -> None:
    config = shop_files["copylab.yaml"].replace("layout: main, ", "")
    shop = load(write_shop({"copylab.yaml": config}))
    email = shop.render("news", user, channel="email", locale="en-US")
    assert isinstance(email, Email)
    assert email.html.startswith('<!doctype html><html lang="en-US" dir="ltr">')
    assert email.html.endswith("</body></html>")
    assert "<title>News for Ann</title>" in email.html
    assert email.headers["List-Unsubscribe"] == "<https://shop.example/out/b>"


def test_an_email_without_a_subject_is_rejected(shop: Workspace) -> None:
    copy = prepare_copy(shop, shop.messages["news"], "email", "zh-CN", "plain")
    rejected = build_email(copy, {"name": "", "note": "x"}, lambda _: None)
    assert isinstance(rejected, Rejected)
    assert "subject" in rejected.problems[0]


def test_results_are_json_ready(
    shop: Workspace, user: dict[str, Any], at: datetime
) -> None:
    rejected = shop.compose("news", {}, channel="push", at=at)
    assert isinstance(rejected, Rejected)
    assert rejected.to_dict()["rejected"] == "locale"
    skipped = Skipped("missing", None, ("amount: absent",))
    assert skipped.to_dict() == {
        "skipped": "missing",
        "problems": ["amount: absent"],
        "exposure": None,
    }
    push = shop.compose("news", user, channel="push", at=at)
    assert isinstance(push, Push)
    assert push.to_dict()["exposure"]["template_id"] == "news"  # type: ignore[index]
