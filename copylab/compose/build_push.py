"""Building pushes: from a prepared copy and values to the payloads of its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copylab.channels.composed import Push
from copylab.channels.push_plan import USUAL_PLAN
from copylab.compose.build_sms import EMPTY
from copylab.compose.result import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.compose.prepare import PreparedCopy
    from copylab.experiment.exposure import Exposure

    Expose = Callable[[int | None], Exposure | None]

_NO_TITLE = "title: it is empty for these values, and browsers need one"


def build_push(
    copy: PreparedCopy, values: dict[str, Any], expose: Expose
) -> Push | Rejected:
    """The notification with its payloads; rejected where it would be empty."""
    title = copy.fields["title"](values).strip()
    body = copy.fields["body"](values).strip()
    plan = copy.push or USUAL_PLAN
    if not body:
        return Rejected("missing", (EMPTY,))
    if not title and plan.needs_title:
        return Rejected("missing", (_NO_TITLE,))
    link = values.get(plan.settings.link)
    payload = plan.payloads(title, body, link)
    exposure = expose(None)
    if not plan.settings.is_set:
        return Push(title, body, payload, exposure)
    sent_s = None if exposure is None else int(exposure.ts.timestamp())
    return Push(title, body, payload, exposure, plan.headers(sent_s))
