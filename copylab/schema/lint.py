"""``lint``: what rules may cost, how grave they are, and where they differ."""

from __future__ import annotations

import re

from copylab.lint.rule import all_rules
from copylab.lint_settings import (
    CLIENTS,
    DEFAULT_MAX_SEGMENTS,
    LEVELS,
    PURPOSES,
    RULE_SETTINGS,
)
from copylab.schema.parts import Json, choice, integer, list_of, section, text

_RELATIVE = r"^(?!/)(?!(.*/)?\.\.(/|$))[^\\]+$"


def lint() -> Json:
    """The ``lint`` section of ``copylab.yaml``."""
    paths = list_of(
        "Files, folders or patterns from the workspace's root; ** is any folder.",
        text("A path.", "templates/legal/**", _RELATIVE),
        filled=True,
    )
    keys: Json = {"rules": _rules(), "sms": _sms()}
    override = section("Settings for some files.", {"paths": paths} | keys, ["paths"])
    packs = list_of(
        "Rule packs of one's own.", text("A path.", "compliance/own.yaml", _RELATIVE)
    )
    more: Json = {
        "email": _email(),
        "overrides": list_of("Where settings differ; the later one wins.", override),
        "packs": packs,
    }
    return section("Settings of the linter.", keys | more)


def _email() -> Json:
    client = choice("A mail client; outlook is the one for Windows.", CLIENTS)
    clients = list_of("The mail clients that count; without them, all.", client)
    return section("Settings for e-mails.", {"clients": clients})


def _rules() -> Json:
    """Every rule by name, for completion; codes and rules of packs are taken too."""
    rules = all_rules()
    properties: Json = {
        rule.name: {
            "description": f"{rule.code}: {rule.page().title}",
            "enum": list(RULE_SETTINGS),
            "default": rule.severity,
        }
        for rule in rules
    }
    codes = "|".join(re.escape(rule.code) for rule in rules)
    severity: Json = {"enum": list(RULE_SETTINGS)}
    found = section("Severity by rule; off switches a rule off.", properties)
    return found | {"patternProperties": {f"^({codes})$": severity}}


def _sms() -> Json:
    def levels(purpose: str) -> Json:
        return {
            level: integer(
                f"More parts than this are of severity {level}.",
                DEFAULT_MAX_SEGMENTS[purpose][level],
                1,
            )
            | {"default": DEFAULT_MAX_SEGMENTS[purpose][level]}
            for level in LEVELS
        }

    purposes: Json = {
        purpose: section(f"Of {purpose} messages.", levels(purpose))
        for purpose in PURPOSES
    }
    limits = section("How many parts a message may need, by purpose.", purposes)
    return section("Limits of short messages.", {"max_segments": limits})
