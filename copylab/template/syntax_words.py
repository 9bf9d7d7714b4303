"""Jinja's messages in the words of people who write copy."""

from __future__ import annotations

TOO_LARGE = "the template is too large or nested too deeply to be read"
SIMPLER = "split the message, or write simpler conditions"


def plain_message(message: str) -> str:
    """What Jinja says of broken syntax, in plain words."""
    if "nested too deeply" in message:
        return TOO_LARGE
    if "end of print statement" in message:
        return "a {{ … }} is not closed or holds more than one value"
    if "Unexpected end of template" in message:
        return "the template ends inside an {% if %} or {% for %}"
    if "unknown tag" in message:
        known = message.partition(". ")[0].rstrip(".")
        return known.replace("Encountered unknown", "there is no")
    if message.startswith("Missing end of"):
        return "a {# or a {% raw %} is not closed"
    if message.startswith("unexpected char"):
        character = message.removeprefix("unexpected char ").rpartition(" at ")[0]
        return f"{character} is not expected here"
    return message


def cure_of(message: str) -> str:
    """What to do about it."""
    if "nested too deeply" in message:
        return SIMPLER
    if message.startswith("Missing end of"):
        return "close it with #} or {% endraw %}"
    if message.startswith("unexpected char") and message[16:17] in "\"'":
        return "close the text with the same quote"
    if "Unexpected end of template" in message:
        return "add the missing {% endif %} or {% endfor %}"
    if "unknown tag" in message:
        return "tags: if elif else endif, set, include; for endfor in e-mails; raw"
    return "mind the pairs {{ }} and {% %}"
