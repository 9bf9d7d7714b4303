"""The rules on one finished text, without a workspace."""

import pytest

from copylab.findings import Finding
from copylab.lint import check_text, examine_text

CN_SMS = {"channel": "sms", "market": "CN", "locale": "zh-CN"}
US_SMS = {"channel": "sms", "market": "US", "locale": "en-US"}


def codes(found: list[Finding]) -> set[str]:
    return {item.code for item in found}


def test_a_good_text_has_no_findings() -> None:
    assert check_text("【示例】欢迎回来。拒收请回复R", brand="示例", **CN_SMS) == []
    text = "Example: welcome back. Reply STOP to opt out"
    assert check_text(text, brand="Example", **US_SMS) == []


@pytest.mark.parametrize(
    ("text", "purpose", "industry", "code"),
    [
        ("您的申请已提交。拒收请回复R", "marketing", "", "SMS050"),
        ("【示例】欢迎回来。", "marketing", "", "SMS040"),
        ("【示例】欢迎回来。回T退订", "marketing", "", "SMS043"),
        ("【示例】拒收请回复R，谢谢", "marketing", "", "SMS042"),
        ("【示例】已提交。拒收请回复R", "transactional", "", "SMS041"),
        ("【示例】验证码1234。拒收请回复R", "otp", "", "SMS041"),
        ("【示例】看t.cn/a1 拒收请回复R", "marketing", "", "SMS030"),
        ("【示例】★会员日★拒收请回复R", "marketing", "", "CN-SMS-005"),
        ("【示例】最佳选择。拒收请回复R", "marketing", "", "CN-AD-001"),
        ("【示例】秒到账。拒收请回复R", "marketing", "lending", "CN-FIN-004"),
        ("【示例】日息2元。拒收请回复R", "marketing", "lending", "CN-LEND-001"),
        ("【示例】可借5万元。拒收请回复R", "marketing", "lending", "CN-LEND-002"),
        ("【示例】0利率。拒收请回复R", "marketing", "lending", "CN-LEND-003"),
        ("【示例】不看征信。拒收请回复R", "marketing", "lending", "CN-LEND-004"),
        ("【示例】以贷养贷。拒收请回复R", "marketing", "lending", "CN-LEND-006"),
        ("【示例】额度即将冻结。拒收请回复R", "marketing", "lending", "CN-LEND-009"),
        ("【示例】5000元待到账。拒收请回复R", "marketing", "lending", "CN-LEND-010"),
        ("【示例】" + "好" * 500 + "拒收请回复R", "marketing", "", "SMS054"),
        ("【示例】欢迎\u200b回来。拒收请回复R", "marketing", "", "SMS012"),
        ("【示例】欢迎\x1b回来。拒收请回复R", "marketing", "", "SMS017"),
    ],
)
def test_faults_of_a_chinese_sms(
    text: str, purpose: str, industry: str, code: str
) -> None:
    found = check_text(text, purpose=purpose, industry=industry, brand="示例", **CN_SMS)
    assert code in codes(found)
    assert all(item.file == "text" and item.line and item.column for item in found)


@pytest.mark.parametrize(
    ("text", "industry", "code"),
    [
        ("Example: welcome back.", "", "SMS040"),
        ("Example: it’s here. Reply STOP to opt out", "", "SMS010"),
        ("Example:\u00a0here. Reply STOP to opt out", "", "SMS013"),
        ("Example: bit.ly/abc Reply STOP to opt out", "", "SMS030"),
        ("Example: free vodka. Reply STOP to opt out", "", "US-SMS-005"),
        ("Example: payday loan. Reply STOP to opt out", "lending", "US-SMS-006"),
        ("Example: at 6.9% interest. Text STOP to end", "lending", "US-LEND-002"),
        ("Example: 0% now. Text STOP to end", "lending", "US-LEND-003"),
        ("Example: no credit check. Text STOP to end", "lending", "US-LEND-004"),
        ("Example: guar\u0430nteed. Reply STOP to opt out", "", "X-EVADE-002"),
        ("  \n ", "", "SMS004"),
    ],
)
def test_faults_of_an_american_sms(text: str, industry: str, code: str) -> None:
    found = check_text(text, industry=industry, brand="Example", **US_SMS)
    assert code in codes(found)


@pytest.mark.parametrize(
    "text",
    [
        "【示例】最近有一张券待使用，请第一时间查看。拒收请回复R",
        "【示例】凡称不看征信的均为诈骗，请警惕。拒收请回复R",
        "【示例】本产品为中低风险，年化利率7.2%起，请理性借贷。拒收请回复R",
        "【示例】资金不得用于购房、投资理财，请勿以贷养贷。拒收请回复R",
    ],
)
def test_near_misses_are_left_alone(text: str) -> None:
    about = {**CN_SMS, "metadata": {"provider": "direct"}}
    found = check_text(text, industry="lending", brand="示例", **about)
    assert not [str(item) for item in found if item.code.startswith("CN-")]


def test_wide_forms_hide_nothing() -> None:
    text = "Example: ｆｒｅｅ ｖｏｄｋａ. Reply STOP to opt out"
    found = check_text(text, brand="Example", **US_SMS)
    [hit] = [item for item in found if item.code == "US-SMS-005"]
    assert (hit.line, hit.column, hit.end_column) == (1, 15, 20)


def test_the_gateway_adds_the_signature_or_the_text_has_it() -> None:
    added = {"signature_added": True}
    bare = "欢迎回来。拒收请回复R"
    signed = "【示例】" + bare
    assert "SMS050" not in codes(check_text(bare, metadata=added, **CN_SMS))
    assert "SMS050" in codes(check_text(signed, metadata=added, **CN_SMS))
    assert "SMS050" in codes(check_text(bare, **CN_SMS))
    assert "SMS050" in codes(check_text(signed, brand="别家", **CN_SMS))
    assert "SMS050" in codes(check_text(bare + "【示例】", brand="示例", **CN_SMS))


def test_a_signature_that_the_gateway_adds_is_counted() -> None:
    text = "好" * 58 + "。拒收请回复R"
    assert (
        codes(check_text(text, metadata={"signature_added": True}, **CN_SMS)) == set()
    )
    added = {"signature_added": True}
    found = check_text(text, metadata=added, brand="示例分期", **CN_SMS)
    assert codes(found) == {"SMS001"}


def test_every_market_takes_the_opt_outs_of_others_where_it_has_none_of_its_own() -> (
    None
):
    text = "Exemple : bienvenue. STOP SMS 36111"
    assert codes(check_text(text, channel="sms", market="BE", locale="fr")) == set()
    assert "SMS040" in codes(check_text(text, channel="sms", market="US"))


@pytest.mark.parametrize(
    ("text", "emoji"), [("👩\u200d🚀 welcome", True), ("we\u200dlcome", False)]
)
def test_joiners_are_fine_inside_emoji_only(text: str, *, emoji: bool) -> None:
    found = check_text(text, channel="push", market="US")
    assert ("SMS012" in codes(found)) is not emoji


@pytest.mark.parametrize(
    "text", ["❤\ufe0f", "1\ufe0f\u20e3", "\u200fשלום", "नमस्\u200dते", "می\u200cخواهم"]
)
def test_characters_that_do_their_work_are_left_alone(text: str) -> None:
    assert "SMS012" not in codes(check_text(text, channel="push", market="US"))


def test_a_push_over_every_vendor_is_an_error_and_over_some_a_warning() -> None:
    def severity(count: int, metadata: dict[str, object]) -> set[str]:
        text = "好" * count
        found = check_text(text, channel="push", market="CN", metadata=metadata)
        return {item.severity for item in found if item.code == "PSH003"}

    assert severity(50, {}) == set()
    assert severity(51, {}) == {"warning"}
    assert severity(51, {"push_vendors": ["vivo"]}) == {"error"}
    assert severity(51, {"push_vendors": ["xiaomi"]}) == {"warning"}
    assert severity(2049, {}) == {"error"}


def test_a_body_that_a_vendor_refuses_is_not_told_twice() -> None:
    found = check_text("好" * 60, channel="push", market="CN")
    assert "PSH003" in codes(found)
    assert "PSH005" not in codes(found)
    assert "PSH005" in codes(check_text("x" * 111, channel="push", market="US"))


def test_payload_bytes_are_those_that_firebase_counts() -> None:
    def found(count: int) -> list[tuple[str, str]]:
        items = check_text("中" * count, channel="push", market="US")
        return [(i.severity, i.message) for i in items if i.code == "PSH001"]

    # Each of the three fields costs its name and 6 octets, the message 45 besides.
    envelope = 45 + 3 * 6 + len("notification" + "title" + "body")
    fits = (3500 - envelope) // 3
    assert found(fits) == []
    assert [severity for severity, _ in found(fits + 1)] == ["warning"]
    too_large = (4000 - envelope) // 3 + 1
    assert [severity for severity, _ in found(too_large)] == ["error"]


def test_an_email_needs_an_opt_out_with_a_link() -> None:
    def missing(text: str) -> bool:
        return "EM201" in codes(check_text(text, channel="email", market="GB"))

    assert missing("Hello there.")
    assert missing("Unsubscribe whenever you like.")
    assert not missing("Hello. Unsubscribe: https://example.com/u/1")
    assert not missing("[退订](https://example.com/u/1)")


def test_the_postal_address_is_asked_for_where_the_law_asks() -> None:
    text = "Hello. Unsubscribe: https://example.com/u/1"
    address = {"postal_address": "500 Example St, Austin, TX 78701"}
    for market, asked in (("US", True), ("CA", True), ("GB", False), ("CN", False)):
        found = check_text(text, channel="email", market=market, brand=address)
        assert ("EM204" in codes(found)) is asked
    whole = f"{text}\n{address['postal_address']}"
    found = check_text(whole, channel="email", market="US", brand=address)
    assert "EM204" not in codes(found)
    assert "EM204" not in codes(check_text(whole, channel="email", market="US"))


@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "\ud800", "\ufffc", ""])
@pytest.mark.parametrize("channel", ["sms", "push", "email"])
@pytest.mark.parametrize("market", ["CN", "US"])
def test_no_text_makes_a_rule_fail(text: str, channel: str, market: str) -> None:
    assert isinstance(check_text(text, channel=channel, market=market), list)


def test_a_mail_is_refused_by_a_link_with_or_without_its_scheme() -> None:
    about = {"channel": "email", "market": "US", "brand": "Example"}
    start = "Example Inc., 500 Example St, Austin, TX 78701. "
    for end in ("Unsubscribe: https://example.com/u", "Unsubscribe: example.com/u"):
        assert check_text(start + end, **about) == []
    assert codes(check_text(start + "Unsubscribe: by post", **about)) == {"EM201"}


def test_what_is_not_declared_is_told_beside_the_findings() -> None:
    text = "Example: welcome back. Only STOP counts. Reply STOP to opt out"
    checked = examine_text(text, brand="Example", **US_SMS)
    assert list(checked.findings) == check_text(text, brand="Example", **US_SMS)
    assert ("sending.consent", "US-SMS-012") in checked.unchecked
    assert list(checked.unchecked) == sorted(set(checked.unchecked))
    said = {"consent": "opt_in", "window": "12:00-19:00", "frequency": "1/7d"}
    more = examine_text(text, brand="Example", metadata=said, **US_SMS)
    assert more.findings == checked.findings
    assert {code for _, code in more.unchecked} == {"US-SMS-010"}


@pytest.mark.parametrize(
    ("text", "channel", "industry", "metadata", "code"),
    [
        ("Acme: {}", "sms", "", {"consent": "purchased-list"}, "US-SMS-012"),
        ("Acme: {}", "sms", "", {"window": "14:00-21:30"}, "US-SMS-007"),
        (
            "Acme: {}",
            "sms",
            "",
            {"window": "20:30-20:45", "states": "FL"},
            "US-SMS-008",
        ),
        ("Acme: {}", "sms", "", {"frequency": "4/24h", "states": "OK"}, "US-SMS-009"),
        ("Acme: {}", "sms", "", {"opt_out_keywords": ["STOP"]}, "US-SMS-010"),
        ("Acme: erase your debt! {}", "sms", "", {}, "US-SMS-013"),
        ("Borrow $5,000 for just $99/month", "push", "lending", {}, "US-LEND-001"),
        ("You are pre-approved for $10,000!", "push", "lending", {}, "US-LEND-005"),
        ("Savings now at 4.5%!", "push", "wealth", {}, "US-DEP-001"),
        ("Earn profit on your savings", "push", "wealth", {}, "US-DEP-002"),
        ("Your crypto is FDIC insured", "push", "", {}, "US-DEP-003"),
        ("Guaranteed 12% returns", "push", "wealth", {}, "US-INV-001"),
        ("Your card 4111 1111 1111 1111", "push", "", {}, "US-PII-001"),
        ("Hello", "push", "", {"consent": "os-permission-only"}, "APPLE-001"),
        ("Hello", "push", "", {"opt_out_setting": ""}, "APPLE-001B"),
        ("Your OTP is 482913", "push", "", {}, "APPLE-002"),
        ("7-day loan in our app", "push", "lending", {}, "GPLAY-001"),
        ("Loans from 59.9% APR", "push", "lending", {}, "GPLAY-002"),
    ],
)
def test_what_laws_carriers_and_platforms_say_of_american_texts(
    text: str, channel: str, industry: str, metadata: dict[str, object], code: str
) -> None:
    about = {"channel": channel, "market": "US", "locale": "en-US", "brand": "Acme"}
    words = text.format("Reply STOP to opt out")
    found = check_text(words, industry=industry, metadata=metadata, **about)
    assert code in codes(found)


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("Save $20 a month when you pay by card", "lending"),
        ("3 payments or 12: compare first", "lending"),
        ("You are not pre-approved: apply first", "lending"),
        ("No fees for seniors. Women and men welcome", "lending"),
        ("Closed on the federal holiday", "lending"),
        ("Loans from 91 to 365 days", "lending"),
        ("14 days to change your mind", "lending"),
        ("Always below 36% APR", "lending"),
        ("APR from 12.9% to 35.9%", "lending"),
        ("Savings of 20% on fees", "wealth"),
        ("Savings goal reached: 80%", "wealth"),
        ("Direct deposit is 100% done", "wealth"),
        ("We cannot guarantee returns", "wealth"),
        ("No investment is risk-free", "wealth"),
        ("No seniors discount needed: one price for all", "lending"),
        ("Your order 4000123412341234 left", ""),
        ("Earn 3% cash back", "wealth"),
        ("A savings account for your non-profit", "wealth"),
        ("Stocks are not FDIC insured", "wealth"),
        ("There is no risk-free investment", "wealth"),
        ("Use code 2026 until Friday", ""),
        ("Call 800-555-0100 about order 2026-11-22-0001", ""),
        ("Beware of debt relief scams", ""),
    ],
)
def test_near_misses_in_american_texts_are_left_alone(text: str, industry: str) -> None:
    about = {"market": "US", "locale": "en-US", "brand": "Acme", "industry": industry}
    assert check_text(text, channel="push", **about) == []
    sms = f"Acme: {text}. Reply STOP to opt out"
    loans = {"US-SMS-006"}  # carriers block loan offers, whatever they say
    assert codes(check_text(sms, channel="sms", **about)) <= loans


@pytest.mark.parametrize(
    ("text", "market", "locale"),
    [
        (
            "बिना सिबिल लोन, 100% अप्रूवल, APR 14%. Acme Finance Ltd. Reply STOP to opt out",
            "IN",
            "en-IN",
        ),
        (
            "Acme: お得な日、11/29まで。配信停止 https://acme.example/unsubscribe",
            "JP",
            "ja-JP",
        ),
    ],
)
def test_marks_and_stops_of_a_script_are_no_slips(
    text: str, market: str, locale: str
) -> None:
    found = check_text(text, channel="sms", market=market, locale=locale)
    told = [item for item in found if item.code == "SMS010"]
    assert [item.message for item in told if "MARK" in item.message] == []
    assert len(told) <= 1, told
