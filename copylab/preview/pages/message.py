"""The page of a message: its variants as people get them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from copylab.preview.page import Page
from copylab.preview.pages.branches import STYLES as BRANCHES_STYLES
from copylab.preview.pages.branches import branches_section
from copylab.preview.pages.try_it import SCRIPTS as TRY_SCRIPTS
from copylab.preview.pages.try_it import STYLES as TRY_STYLES
from copylab.preview.pages.try_it import try_it
from copylab.preview.panels import Look, make_panels, show_findings
from copylab.preview.paths import experiment_path, proof_path
from copylab.preview.trying.users import TYPICAL, list_personas

if TYPE_CHECKING:
    from copylab.message.model import Message
    from copylab.preview.page import View
    from copylab.preview.panels import FindingShown, Panel
    from copylab.preview.shown import Shown


@dataclass(frozen=True, slots=True)
class Choice:
    """A persona that can be chosen.

    Attributes:
        name: Its name.
        is_made_up: Whether no file declares it: copylab made it up.
        locale: The locale it asks for; empty for none.
        address: Where the page shows it, from the page itself.
        is_chosen: Whether it is shown now.
    """

    name: str
    is_made_up: bool
    locale: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message on its page.

    Attributes:
        id: Its id.
        message: The message, as it is or as it last could be read.
        panels: Its words, by channel and locale.
        personas: Who can be chosen.
        persona: Who is chosen.
        findings: What is wrong with it besides its words.
        is_past: Whether it cannot be read now and this is how it last was.
        proof: The page of its proof sheet.
        experiments: The experiments on it with their pages.
    """

    id: str
    message: Message
    panels: tuple[Panel, ...]
    personas: tuple[Choice, ...]
    persona: str
    findings: tuple[FindingShown, ...]
    is_past: bool
    proof: str
    experiments: tuple[tuple[str, str], ...]

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales of all panels."""
        return tuple(dict.fromkeys(panel.locale for panel in self.panels))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels of all panels."""
        return tuple(dict.fromkeys(panel.channel for panel in self.panels))

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it goes to, in any of its locales."""
        found = (self.message.markets.at(locale) for locale in self.locales)
        return tuple(dict.fromkeys(market for markets in found for market in markets))


def message_page(shown: Shown, view: View, message_id: str) -> Page:
    """The page of a message.

    Where there is a server to ask, it holds what one persona gets, of ``persona`` in
    the address; a file on a disk holds what each of them gets.

    Args:
        shown: The state of the workspace.
        view: Who looks.
        message_id: A message of the workspace, or of the state in which it last was.

    Raises:
        KeyError: There is no such message.
    """
    content: dict[str, object] = {
        "message": _message(shown, view, message_id),
        "branches": branches_section(shown, view, message_id),
    }
    tried = try_it(shown, view, message_id)
    if tried is not None:
        content["tryit"] = tried
    return Page(
        path=view.path,
        title=message_id,
        template="message.html",
        content=content,
        styles=("frames.css", "message.css", *TRY_STYLES, *BRANCHES_STYLES),
        scripts=("message.js", *TRY_SCRIPTS),
    )


def _message(shown: Shown, view: View, message_id: str) -> MessageShown:
    catalog = shown.workspace
    is_past = message_id not in catalog.messages
    if is_past:
        catalog = shown.last_good[message_id]
    message = catalog.messages[message_id]
    personas = list_personas(catalog)
    names = [persona.name for persona in personas]
    wanted = view.query.get("persona", "")
    chosen = wanted if wanted in names else _usual(names)
    others = [] if view.is_served else [name for name in names if name != chosen]
    look = Look(shown, message, (chosen, *others))
    panels = make_panels(look)
    files = {panel.file for panel in panels}
    rest = [item for item in shown.findings_of(message_id) if item.file not in files]
    experiments = sorted(
        name for name, item in catalog.experiments.items() if item.message == message_id
    )
    return MessageShown(
        id=message_id,
        message=message,
        panels=panels,
        personas=tuple(
            Choice(
                persona.name,
                persona.is_made_up,
                persona.locale,
                "?" + urlencode({"persona": persona.name}),
                persona.name == chosen,
            )
            for persona in personas
        ),
        persona=chosen,
        findings=show_findings(rest, shown.workspace.sources),
        is_past=is_past,
        proof=proof_path(message_id),
        experiments=tuple((name, experiment_path(name)) for name in experiments),
    )


def _usual(names: list[str]) -> str:
    """Who is shown where the reader has not chosen."""
    return TYPICAL if TYPICAL in names else names[0]
