"""Building: from a prepared copy and values to the message of its channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from copylab.channels.composed import Email, Push, Sms
from copylab.compose.build_push import build_push
from copylab.compose.build_sms import build_sms
from copylab.compose.result import Rejected
from copylab.locales import text_direction

if TYPE_CHECKING:
    from copylab.compose.prepare import PreparedCopy
    from copylab.experiment.exposure import Exposure

Expose = Callable[[int | None], "Exposure | None"]
"""From the segments of a short message, or None, to the record of the send."""

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")  # a wide blank is a letter of the copy
_NO_OPT_OUT = (
    "its address cannot stand in List-Unsubscribe, which takes one line of ASCII "
    "without < and >"
)


def build_email(
    copy: PreparedCopy, values: dict[str, Any], expose: Expose
) -> Email | Rejected:
    """The e-mail: its body in the layout, as HTML and as text, and its headers."""
    from copylab.channels.headers import unsubscribe_headers  # noqa: PLC0415 - e-mail only
    from copylab.channels.markdown import render_body  # noqa: PLC0415 - e-mail only

    fields = copy.fields
    subject = _BLANKS.sub(" ", fields["subject"](values)).strip()
    if not subject:
        return Rejected("missing", ("subject: it is empty for these values",))
    preheader = fields["preheader"](values).strip() if "preheader" in fields else ""
    html_body, text_body = render_body(fields["body"](values).strip())
    given: dict[str, Any] = {**values, "subject": subject, "preheader": preheader}
    address = values.get(copy.unsubscribe)
    if address is not None:
        given["unsubscribe_url"] = address
    if copy.html is None or copy.text is None:
        html, text = _bare_page(subject, preheader, html_body, copy.locale), text_body
    else:
        html = copy.html({**given, "body": html_body})
        text = copy.text({**given, "body": text_body})
    headers = dict(copy.headers)
    if address is not None and str(address).startswith("https://"):
        try:
            headers |= unsubscribe_headers(str(address))
        except ValueError:
            return Rejected("missing", (f"{copy.unsubscribe}: {_NO_OPT_OUT}",))
    return Email(subject, preheader, html, text.strip() + "\n", headers, expose(None))


def _bare_page(subject: str, preheader: str, body: str, locale: str) -> str:
    """A whole document around the body of an e-mail that has no layout."""
    from html import escape  # noqa: PLC0415 - e-mail only

    direction = text_direction(locale)
    hidden = f'<div style="display:none">{escape(preheader)}</div>' if preheader else ""
    return (
        f'<!doctype html><html lang="{locale}" dir="{direction}"><head>'
        f'<meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f"<body>{hidden}{body}</body></html>"
    )


BUILDERS: dict[str, Callable[..., Sms | Push | Email | Rejected]] = {
    "sms": build_sms,
    "push": build_push,
    "email": build_email,
}
