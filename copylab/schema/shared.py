"""The settings that a workspace has and a message may override."""

from __future__ import annotations

from copylab.push_settings import (
    KEYS,
    LIMITS,
    SERIALIZERS,
    SERVICES,
)
from copylab.schema.parts import (
    LOCALE,
    MARKET,
    SCALARS,
    Json,
    choice,
    flag,
    integer,
    list_of,
    mapping,
    number,
    one_of,
    quantity,
    section,
    text,
)

_PRICE = text(
    "An amount and a currency.", "0.045 CNY", r"^\d{1,9}(\.\d{1,9})? [A-Z]{3}$"
)
_SERVICE_KEYS: dict[str, Json] = {
    "text": text("A text.", "news"),
    "texts": list_of("Texts.", text("A text.", "news")),
    "integer": integer("A whole number, 0 or more.", 1),
    "integers": list_of("Whole numbers.", integer("A whole number.", 100, None)),
    "flag": flag("true or false."),
    "number": number("A number.", 0.5),
    "collapse_id": text("A newer push with the same id takes its place.", "news"),
    "sound": one_of(
        "A sound by name, or a critical alert.",
        text("The name of a sound.", "default"),
        section(
            "A critical alert.",
            {
                "critical": flag("Whether it sounds in silence, too."),
                "name": text("The name of a sound.", "default"),
                "volume": number("0 to 1.", 0.5),
            },
            ["name"],
        ),
    ),
    "actions": list_of(
        "Buttons below the text.",
        section(
            "A button.",
            {
                "action": text("Its name.", "open"),
                "title": text("Its words.", "Open"),
                "navigate": text("Where it leads.", "https://example.com/"),
                "icon": text("The address of a picture.", "https://example.com/i.png"),
            },
            ["action", "title", "navigate"],
        ),
    ),
}


def brand() -> Json:
    """``brand``: what copy and rules know of the sender."""
    words = {
        "name": text("How the brand is called in copy.", "Example"),
        "signature": text("How messages are signed; in China between 【】.", "Example"),
        "legal_name": text("The company, as the law asks for it.", "Example Inc."),
        "postal_address": text("Where it can be written to.", "500 Example St, Austin"),
    }
    own = {"additionalProperties": {"type": SCALARS}}
    one = section("The brand in one locale.", words) | own
    by_locale = mapping("What differs by locale.", one, ["zh-CN"], LOCALE)
    return (
        section(
            "The sender, with words of one's own for copy.",
            words | {"by_locale": by_locale},
        )
        | own
    )


def markets() -> Json:
    """``markets``: where messages go."""
    codes = list_of("ISO 3166 codes.", text("A market.", "CN", MARKET))
    by_locale = mapping("Markets by locale.", codes, ["zh-CN"], LOCALE)
    return one_of(
        "Where messages go: the rules of these markets apply.", codes, by_locale
    )


def industry() -> Json:
    """``industry``: a word, or one for each locale."""
    word = text("Such as lending: rules for an industry apply.", "lending")
    words = mapping("The industry by locale.", word, ["zh-CN"], LOCALE)
    by_locale = section("The industry by locale.", {"by_locale": words}, ["by_locale"])
    return one_of("The industry, whose rules apply.", word, by_locale)


def sending() -> Json:
    """``sending``: what rules ask about a send besides its words."""
    known = {
        "provider": ("Who delivers: direct, or a gateway such as aliyun.", "direct"),
        "consent": ("How people agreed: opt_in, ….", "opt_in"),
        "sender": ("The number or name in front of the message.", "EXAMPLE"),
        "push_class": ("The class that push services are told.", "marketing"),
        "template_id": ("The id of the approved template.", "SMS_1234"),
    }
    keys: Json = {
        key: {"description": about, "examples": [example]}
        for key, (about, example) in known.items()
    }
    about = "What rules ask about a send; keys of one's own are kept."
    return section(about, keys) | {"additionalProperties": True}


def email() -> Json:
    """``email``: how e-mails look and where they come from."""
    return section(
        "How e-mails look and where they come from.",
        {
            "layout": text("The name of a layout in templates/_layouts.", "main"),
            "unsubscribe": text(
                "The variable that holds the way out.", "unsubscribe_url"
            ),
            "from": text("The sender.", "Example <hello@example.com>"),
            "reply_to": text("Where answers go.", "help@example.com"),
            "feedback_id": text("The Feedback-ID header.", "winback:example"),
        },
    )


def prior() -> Json:
    """What lifts are like before an experiment."""
    spread = quantity("The standard deviation of lifts.", "10%")
    both = section(
        "A mean and a standard deviation of lifts.",
        {"mean": quantity("The lift in the middle.", "0%"), "sd": spread},
        ["sd"],
    )
    return one_of("What lifts are like before an experiment.", spread, both)


def sms(*, with_profiles: bool) -> Json:
    """``sms``: how short messages leave and what a part costs.

    Args:
        with_profiles: Whether profiles can be declared here.
    """
    from copylab.channels.sms_profile import profile_names  # noqa: PLC0415 - reads data

    name = text("The name of a profile.", "gsm")
    markets = r"^((?!UK$)[A-Z]{2}|default)$"
    known = list(profile_names())
    name["examples"] = ["gsm", *(item for item in known if item != "gsm")]
    products = mapping("The price by product.", _PRICE, ["SMS"], "^[A-Z]{3,10}$")
    price = one_of("The price of a part.", _PRICE, products)
    keys: Json = {
        "profile": one_of(
            "The gateway's way of counting, for all markets or by market.",
            name,
            mapping("A profile by market.", name, ["US", "default"], markets),
        ),
        "price": one_of(
            "What a part costs: for all, by product, or by market.",
            _PRICE,
            products,
            mapping("A price by market.", price, ["US", "default"], markets),
        ),
    }
    if with_profiles:
        keys["profiles"] = _profiles()
    return section("How short messages leave.", keys)


def _profiles() -> Json:
    from copylab.channels.sms_profile import VALUE_KINDS  # noqa: PLC0415 - reads data

    kinds = {int: "integer", str: "string", bool: "boolean"}
    examples: dict[type, object] = {int: 70, str: "UCS-2", bool: True}
    values: Json = {
        key: {
            "description": f"{key.replace('_', ' ')}.",
            "type": [kinds[kind], "null"],
            "examples": [examples[kind]],
        }
        for key, kind in VALUE_KINDS.items()
        if key != "default_market"  # copylab's own profiles alone have one
    }
    values |= {
        "extends": text("The profile it starts from.", "gsm"),
        "about": text("What it is.", "Our gateway"),
        "source": text("Where the figures come from.", "contract of 2026"),
        "as_of": text("When they were looked up.", "2026-11-01"),
    }
    one = section("A way of counting of one's own.", values)
    return mapping(
        "Profiles of one's own.", one, ["our-smpp"], "^[a-z0-9][a-z0-9_-]{0,63}$"
    )


def push() -> Json:
    """``push``: how pushes leave, and the keys of each service."""
    numbers = {key: integer(f"{key.replace('_', ' ')}.", 40, 1) for key in LIMITS}
    limits = {name: section(f"Limits of {name}.", numbers) for name in SERVICES}
    keys: Json = {
        "services": list_of("Who delivers.", choice("A service.", SERVICES)),
        "serializer": choice("How the sender writes JSON.", SERIALIZERS),
        "link": text("The variable that holds the deep link.", "link"),
        "link_key": text("The key under which apps find the link.", "link"),
        "data": mapping(
            "The app's own keys; texts only.",
            {"type": "string", "examples": ["winback"]},
            ["campaign"],
        ),
        "strings": mapping(
            "Texts in the app's bundle.", text("A text.", "Hello"), ["greeting"]
        ),
        "limits": section("Limits in place of the dated ones.", limits),
    }
    keys |= {name: _service(name, name) for name in SERVICES}
    return section("How pushes leave.", keys)


def _service(name: str, about: str) -> Json:
    keys = {
        key: _service(kind, f"{about}, in {kind}")
        if kind in KEYS
        else _SERVICE_KEYS[kind]
        | {"description": f"{key.replace('_', ' ')} ({about})."}
        for key, kind in KEYS[name].items()
    }
    return section(f"Keys of {about}.", keys)
