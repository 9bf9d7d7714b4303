"""Page and View: what is shown, and how one looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from copylab.preview.say import say

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks at a page.

    Attributes:
        language: The language of the interface.
        path: Where the page lies below the folder of its language.
        is_served: Whether there is a server to ask; False for files on a disk.
        query: What the address says of the reader's choices; empty in files.
    """

    language: Language
    path: str
    is_served: bool
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, key: str, **values: object) -> str:
        """A text of the interface in this language, with its values filled in.

        Raises:
            KeyError: There is no such text.
        """
        return say(self.language, key, **values)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as data; its template makes HTML of it.

    Attributes:
        path: Where it lies below the folder of its language, with slashes.
        title: What the window and its first heading say.
        template: The template's file in ``html/``.
        content: The names that the template knows.
        styles: Style sheets of its own in ``assets/``.
        scripts: Scripts of its own in ``assets/``.
    """

    path: str
    title: str
    template: str
    content: Mapping[str, object]
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
