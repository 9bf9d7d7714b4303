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
    "sms": "# plain\n{sms}\n",
    "push": "# plain\n## title\n{title}\n## body\n{text}\n",
    "email": "# plain\n## subject\n{title}\n## preheader\n{line}\n## body\n{text}\n",
}
_UNSUBSCRIBE = (
    "variables:\n"
    '  unsubscribe_url: {type: url, base: "https://example.com/unsubscribe/", '
    "max: 80, missing: error}\n"
)
_WORDS = {
    "zh": {
        "sms": "【{signature}】您好，请在这里写正文。拒收请回复R",
        "title": "请在这里写标题",
        "text": "请在这里写正文。",
        "line": "请在这里写一句接着标题往下说的话，让人不用打开邮件也能知道这封信的大意。",
    },
    "en": {
        "sms": "{signature}: write your text here. Reply STOP to opt out",
        "title": "Write your title here",
        "text": "Write your text here.",
        "line": "Write the line that goes on where the subject ends.",
    },
}


def starter_files(
    *, locale: str, brand: str, market: str, industry: str = ""
) -> dict[str, str]:
    """The files of a new workspace, by path.

    Args:
        locale: The locale the copy is in.
        brand: The sender's name.
        market: Where messages go, ISO 3166.
        industry: Whose rules apply; empty for nobody's in particular.
    """
    language = LANGUAGES.get(locale.partition("-")[0], "en-US")
    words = {
        "__LOCALE__": locale,
        "__BRAND__": brand,
        "__MARKET__": market,
        "__INDUSTRY__": f"industry: {industry}\n" if industry else "",
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
            words = _WORDS[language]
            text = SKELETON[channel].format(**words).format(signature=signature)
            found[f"{folder}/{channel}.{locale}.md"] = text
    return found
