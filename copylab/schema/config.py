"""``copylab.yaml``."""

from __future__ import annotations

from copylab.audience.attributes import ATTRIBUTE_TYPES
from copylab.data_settings import AGENT_COLUMN, DELIVERED
from copylab.experiment.buckets import SALT_RULE
from copylab.experiment.holdout import HELD_PURPOSES
from copylab.schema import shared
from copylab.schema.lint import lint
from copylab.schema.parts import (
    LOCALE,
    Json,
    choice,
    list_of,
    mapping,
    one_of,
    quantity,
    section,
    text,
    usual,
)


def describe() -> Json:
    """The settings of a workspace."""
    types = [word for item in ATTRIBUTE_TYPES for word in (item, f"{item}?")]
    locale = text("A locale.", "zh-CN", LOCALE)
    keys: Json = {
        "brand": shared.brand(),
        "markets": shared.markets(),
        "industry": shared.industry(),
        "locales": section(
            "Declared locales, and what happens to a user of another.",
            {
                "default": locale,
                "also": list_of(
                    "The other locales.", text("A locale.", "en-US", LOCALE)
                ),
                "missing": usual(
                    choice(
                        "Whether a user without copy is an error or gets the default.",
                        ("error", "default"),
                    ),
                    "error",
                ),
            },
            ["default"],
        ),
        "attributes": mapping(
            "What is known of users; a trailing ? says a value may be null.",
            choice("The type of an attribute.", types),
            ["user_id"],
            "^[A-Za-z_][A-Za-z0-9_]{0,99}$",
        ),
        "data": section(
            "Where exposures and outcomes lie.",
            {
                "exposures": _place("data/exposures/*.parquet", "crm.exposures"),
                "outcomes": _place("data/outcomes.parquet", "crm.outcomes"),
                "delivered": usual(
                    text("The event of a message that arrived.", "delivered"), DELIVERED
                ),
                "machine_clicks": _machines(),
            },
        )
        | {"additionalProperties": True},
        "sending": shared.sending(),
        "links": _links(),
        "email": shared.email(),
        "sms": shared.sms(with_profiles=True),
        "push": shared.push(),
        "prior": shared.prior(),
        "holdout": _holdout(),
        "timezone": usual(
            text("The zone that times are printed in.", "Asia/Shanghai"), "UTC"
        ),
        "lint": lint(),
    }
    return section("The settings of a workspace.", keys)


def _place(files: str, table: str) -> Json:
    """Files, or a table of a database."""
    url = "postgres://analyst:${PGPASSWORD}@db.example.com/crm"
    return one_of(
        "Files, or the address of a database and a table.",
        text("A file, a pattern, or address#table.", files),
        list_of("Files and patterns.", text("A file or a pattern.", files)),
        section(
            "A table of a database.",
            {
                "url": text(
                    "Its address; ${NAME} is a variable of the environment.",
                    url,
                    r"^(\$\{\w+\}|(postgres|postgresql|pyspark|spark|duckdb)://.*)$",
                ),
                "table": text("Its name there.", table),
            },
            ["url", "table"],
        ),
    )


def _machines() -> Json:
    keys: Json = {
        "events": usual(
            list_of("The events looked at.", text("An event.", "click")), ["click"]
        ),
        "within": text("An event so soon after a send is a machine's.", "2s"),
        "agents": list_of(
            "Words of what machines call themselves.", text("A word.", "bot")
        ),
        "column": usual(
            text("The column of outcomes with the program's name.", "agent"),
            AGENT_COLUMN,
        ),
    }
    return section("How events made by machines are known.", keys)


def _holdout() -> Json:
    keys: Json = {
        "share": quantity("The share of units that get no such message.", "2%"),
        "salt": text(f"It decides who is held out: {SALT_RULE}.", "holdout.7c2e91"),
        "unit": usual(text("The attribute that is held out.", "user_id"), "user_id"),
        "purposes": usual(
            list_of("The purposes it holds back.", choice("A purpose.", HELD_PURPOSES)),
            list(HELD_PURPOSES),
        ),
    }
    return section("Users who get no marketing at all.", keys, ["share", "salt"])


def _links() -> Json:
    host, utm = text("A host.", "s.example.com"), text("A parameter.", "utm_source")
    keys: Json = {
        "allowed_hosts": list_of("Hosts; empty means any.", host),
        "utm": list_of("Parameters that every link of a campaign carries.", utm),
    }
    return section("Where links may lead, and what they carry.", keys)
