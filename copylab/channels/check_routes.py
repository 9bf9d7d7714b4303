"""Checking: the settings `sms:` of a workspace and its messages, with places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.own_profile import profile_problems, resolve_profile
from copylab.channels.route import brand_signature, find_profile, signature_style
from copylab.channels.sms import UnsendableError, measure
from copylab.channels.sms_profile import load_profile, profile_names
from copylab.document import suggest
from copylab.findings import report
from copylab.sms_settings import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copylab.channels.sms_profile import SmsProfile
    from copylab.config import Config
    from copylab.findings import Finding
    from copylab.message.model import Message
    from copylab.sms_settings import SmsSettings
    from copylab.source import Span


def check_routes(config: Config, messages: Iterable[Message]) -> list[Finding]:
    """What is wrong with how short messages leave.

    Args:
        config: The workspace's settings.
        messages: All messages of the workspace.
    """
    settings = config.sms
    findings = [*_check_profiles(settings), *_check_names(settings, settings)]
    findings += _check_products(settings, settings)
    for message in messages:
        findings += check_message_routes(config, message)
    return findings


def check_message_routes(config: Config, message: Message) -> list[Finding]:
    """What is wrong with how the short messages of one message leave."""
    settings = config.sms
    return [
        *_check_names(message.sms, settings, besides=config.file),
        *_check_products(message.sms, settings, besides=config.file),
        *_check_signature(message),
    ]


def _check_profiles(settings: SmsSettings) -> Iterator[Finding]:
    for name in settings.profiles:
        whole = settings.places[f"profiles.{name}"]
        for problem in profile_problems(name, settings.profiles):
            span = settings.places.get(f"profiles.{name}.{problem.key}", whole)
            yield report(problem.rule, problem.message, span, help=problem.cure)


def _check_names(
    settings: SmsSettings, declared: SmsSettings, besides: str = ""
) -> Iterator[Finding]:
    """Profiles that are named and do not exist.

    Args:
        settings: Where they are named.
        declared: Where the workspace's own are.
        besides: The file whose names were checked already.
    """
    for market, name in settings.profile.items():
        span = settings.places[f"profile.{market}"]
        if span.file == besides or name in declared.profiles or name in profile_names():
            continue
        known = sorted({*profile_names(), *declared.profiles})
        message = f"there is no SMS profile '{name}'; known: {', '.join(known)}"
        cure = suggest(name, known) or "write one of them, or declare sms.profiles"
        yield report("bad-value", message, span, help=cure)


def _check_products(
    settings: SmsSettings, declared: SmsSettings, besides: str = ""
) -> Iterator[Finding]:
    """Prices of products that no profile sells; arguments as `_check_names`."""
    for market, prices in settings.price.items():
        if settings.places[f"price.{market}"].file == besides:
            continue
        for product in prices.keys() - {ANY, "SMS"}:
            known = _products(declared)
            if product in known:
                continue
            listed = ", ".join(known)
            message = f"no SMS profile sells a '{product}'; known: {listed}"
            cure = suggest(product, known) or f"write one of {listed}"
            span = settings.places[f"price.{market}.{product}"]
            yield report("bad-value", message, span, help=cure)


def _products(declared: SmsSettings) -> list[str]:
    """What copylab's profiles and the workspace's own sell, sorted."""
    profiles = [load_profile(name) for name in profile_names()]
    for name in declared.profiles:
        own = resolve_profile(name, declared.profiles)
        if own is not None:
            profiles.append(own)
    return sorted({product for profile in profiles for product in profile.products})


def _check_signature(message: Message) -> Iterator[Finding]:
    """A gateway that adds a signature needs one that it can send."""
    locales = [locale for channel, locale in message.copies if channel == "sms"]
    for locale in locales:
        brand = brand_signature(message, locale)
        for market in message.markets.at(locale) or ("",):
            profile = find_profile(message.sms, market)
            style = signature_style(message, profile)
            wrong = None if style is None else _wrong_signature(profile, style, brand)
            if wrong is not None:
                rule, what, cure = wrong
                text = f"{profile.name} puts the brand's signature first, and {what}"
                place = _place(message, market)
                yield report(rule, f"{text} in {locale}", place, help=cure)
                break


def _wrong_signature(
    profile: SmsProfile, style: str, brand: str
) -> tuple[str, str, str] | None:
    """The rule, what is wrong with a signature and the cure; None for a good one."""
    if not brand:
        cure = "add brand: {signature: …}, or sending: {signature_added: false}"
        return "missing-key", "there is none", cure
    try:
        measure(style.replace("{}", brand), profile)
    except UnsendableError as error:
        what = f"{profile.encoding} lacks {error.char!r} of '{brand}'"
        return "bad-value", what, "write a signature that it can send"
    return None


def _place(message: Message, market: str) -> Span | None:
    """Where the profile of a market is named, or else the message."""
    places = message.sms.places
    named = places.get(f"profile.{market}") or places.get(f"profile.{ANY}")
    return named or message.places.get("sending") or message.places.get("live")
