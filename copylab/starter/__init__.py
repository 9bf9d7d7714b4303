"""Starter files: a small workspace in two languages, and the skeleton of a message.

Pure: from a few words to file contents by path. Writing them is the command's part.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
"""The languages a workspace can be started in, and whose copy they get."""

SKELETON: dict[str, str] = {
    "sms": "# plain\n{opening}\n",
    "push": "# plain\n## title\n{title}\n## body\n{opening}\n",
    "email": "# plain\n## subject\n{title}\n## preheader\n{opening}\n## body\n{opening}\n",
}
_UNSUBSCRIBE = (
    "variables:\n"
    '  unsubscribe_url: {type: url, base: "https://example.com/unsubscribe/", '
    "max: 80, missing: error}\n"
)
_WORDS = {
    "zh": ("【{signature}】您好，请在这里写正文。拒收请回复R", "请在这里写标题"),
    "en": (
        "{signature}: write your text here. Reply STOP to opt out",
        "Write your title here",
    ),
}


def starter_files(*, locale: str, brand: str, market: str) -> dict[str, str]:
    """The files of a new workspace, by path.

    Args:
        locale: The locale the copy is in.
        brand: The sender's name.
        market: Where messages go, ISO 3166.
    """
    language = LANGUAGES.get(locale.partition("-")[0], "en-US")
    words = {
        "__LOCALE__": locale,
        "__BRAND__": brand,
        "__MARKET__": market,
        "__OPTOUT__": "退订营销邮件" if language == "zh-CN" else "Unsubscribe",
    }
    found: dict[str, str] = {}
    for folder in ("common", language):
        for name, text in _read(folder).items():
            path = name.replace("__LOCALE__", locale)
            for mark, word in words.items():
                text = text.replace(mark, word)  # noqa: PLW2901 - each mark in turn
            found[path] = text
    return found


def _read(folder: str) -> dict[str, str]:
    """The starter files of a folder; ``.`` in a name stands as ``~`` for folders."""
    home = files("copylab.starter") / folder
    return {
        entry.name.replace("~", "/"): entry.read_text(encoding="utf-8")
        for entry in home.iterdir()
        if entry.is_file()
    }


def message_files(
    message: str, *, channels: Iterable[str], locales: Iterable[str], signature: str
) -> dict[str, str]:
    """The files of a new message, by path: every channel in every locale.

    Args:
        message: Its id, the folder path below ``templates/``.
        channels: The channels to write.
        locales: The locales to write.
        signature: The brand's signature.
    """
    folder = f"templates/{message}"
    head = "purpose: marketing\nlive: plain\nvariants:\n  plain: {hook: reminder}\n"
    wanted = tuple(channels)
    if "email" in wanted:
        head += _UNSUBSCRIBE
    found = {f"{folder}/message.yaml": head}
    for channel in wanted:
        for locale in locales:
            language = "zh" if locale.startswith("zh") else "en"
            opening, title = (
                part.format(signature=signature) for part in _WORDS[language]
            )
            text = SKELETON[channel].format(opening=opening, title=title)
            found[f"{folder}/{channel}.{locale}.md"] = text
    return found
