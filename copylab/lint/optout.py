"""Opt-outs: the wordings by which a reader refuses, by market."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.pack import any_of, load_pack

if TYPE_CHECKING:
    import re


@cache
def sms_optout(market: str | None) -> re.Pattern[str]:
    """What counts as an opt-out in an SMS of a market; any of them in most."""
    markets = load_pack("optout")["sms"]
    if markets.get(market, {}).get("only_these"):
        return any_of(tuple(markets[market]["patterns"]))
    return any_of(tuple(p for part in markets.values() for p in part["patterns"]))


@cache
def cn_wording() -> str:
    """The one wording that gateways in China ask for."""
    return str(load_pack("optout")["cn"]["wording"])


@cache
def email_words() -> re.Pattern[str]:
    """Words of a link, or beside it, by which an e-mail is refused."""
    return any_of(tuple(load_pack("optout")["email_words"]["patterns"]))
