"""Good e-mails in several languages, near misses among them: lint leaves them alone."""

# ruff: noqa: E501 - an e-mail stands on one line, as it does in a file
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = """\
brand:
  name: Nordlicht
  signature: Nordlicht
  legal_name: Nordlicht Travel Ltd
  postal_address: 500 Harbor St, Austin, TX 78701
locales: {default: en-US, also: [zh-CN, de-DE, fr-FR, es-ES, ar]}
markets: {en-US: [US], zh-CN: [CN], de-DE: [DE], fr-FR: [FR], es-ES: [ES], ar: [AE]}
email: {layout: main, unsubscribe: unsubscribe_url, from: Nordlicht <hello@nordlicht-travel.com>}
links: {allowed_hosts: [nordlicht-travel.com, www.nordlicht-travel.com, go.nordlicht-travel.com]}
lint: {rules: {unused-variable: off, missing-translation: off}}
attributes: {user_id: string}
"""
MESSAGE = """\
purpose: %s
live: plain
locales: [%s]
variants: {plain: {hook: plain}}
variables:
  name: {type: person_name, max: 20, charset: latin, missing: {en-US: there, de-DE: zusammen, fr-FR: vous, es-ES: viajero, ar: friend, zh-CN: friend}}
  call: {type: person_name, max: 8, charset: zh, missing: 旅客}
  note: {type: text, max: 60, missing: ""}
  code: {type: text, charset: digits, max: 8, missing: error}
  days: {type: int, min: 1, max: 400, missing: 7}
  total: {type: money, currency: USD, min: 1, max: 9000, missing: skip}
  tier: {type: enum, values: [silver, gold], missing: silver}
  app: {type: bool, missing: false}
  link: {type: url, base: "https://go.nordlicht-travel.com/", max: 60, missing: error}
  unsubscribe_url: {type: url, base: "https://nordlicht-travel.com/u/", max: 80, missing: error}
  stops:
    type: list
    max_items: 12
    items: {place: {type: text, max: 30}, at: {type: date, min: 2020-01-01, max: 2040-12-31}}
    missing: skip
"""
HTML = """\
<!doctype html>
<html lang="{{ locale }}" dir="{{ dir }}">
<head><meta charset="utf-8"><title>{{ subject }}</title>
<style>
  body { margin: 0; background: #f4f5f7; color: #1f2933; font-family: Arial, sans-serif }
  .page { max-width: 600px; padding: 24px; background: #ffffff; font-size: 16px }
  .button { background-color: #0b5394; color: #ffffff; border-radius: 6px; padding: 10px }
  .foot { font-size: 13px; color: #4a5563 }
  @media (max-width: 480px) { .page { padding: 12px; display: flex } }
</style></head>
<body>
<div style="display: none; font-size: 1px; color: #ffffff; max-height: 0; overflow: hidden">{{ preheader }}&#847;&zwnj;&nbsp;</div>
<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
<div class="page">
<img src="https://nordlicht-travel.com/logo.png" alt="{{ brand.name }}" width="120" height="40">
{{ body }}
</div>
<table role="presentation"><tr><td><img src="https://nordlicht-travel.com/line.png" alt="" width="600">
<div class="foot">
<p><a href="{{ unsubscribe_url }}">Unsubscribe · 退订 · Abmelden · Se désabonner · Darse de baja</a></p>
<p>Questions? Call +1 800 555 0100 or write to <a href="mailto:hello@nordlicht-travel.com">hello@nordlicht-travel.com</a></p>
<p>{{ brand.legal_name }}, {{ brand.postal_address }} &copy; 2026</p>
</div></td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</body></html>
"""
TEXT = """\
{{ body }}

--
Unsubscribe · 退订 · Abmelden · Se désabonner · Darse de baja: {{ unsubscribe_url }}
Questions? Call +1 800 555 0100 or write to hello@nordlicht-travel.com
{{ brand.legal_name }}, {{ brand.postal_address }}
"""
EN, ZH, DE, FR, ES, AR = "en-US", "zh-CN", "de-DE", "fr-FR", "es-ES", "ar"
MAILS = [
    (EN, "Your trip to Oslo is booked", "Here is what to pack, and when the boat leaves on Monday.",
     "Hi {{ name }},\n\nyour trip is booked. The boat leaves in {{ days }} days.\n\n[[See the trip]]({{ link }})"),
    (EN, "{{ name }}, two places are left", "The cabin you looked at has two places left for June.",
     "Hi {{ name }},\n\nyou looked at the cabin in Bergen.{% if app %} It is in the app, too.{% endif %}\n\n[Look at the cabin]({{ link }})"),
    (EN, "How was Bergen?", "Three short questions, and what we did with the answers so far.",
     "Hi {{ name }},\n\n1. What did you like?\n2. What did you miss?\n3. Would you go again?\n\n[Answer three questions]({{ link }})"),
    (EN, "New: the NATO museum, BBC talks and a USB port in each cabin", "What is new on board this summer, in one minute of reading.",
     "There is news on board, {{ name }}.\n\n- a museum\n- talks\n- a USB port in each cabin\n\n[What is new on board]({{ link }})"),
    (EN, "Is 20% off a fair price?", "What the boat costs us, and what it costs you. No small print.",
     "Hi {{ name }},\n\n20% off means $160 instead of $200. The price holds until June 3.\n\n[Compare the prices](https://nordlicht-travel.com/prices?a=1&b=2)"),
    (EN, "Your receipt", "Paid on Monday, and what to do if something is wrong with it.",
     "Hi {{ name }},\n\nyou paid {{ total | money }}.\n\n[See the receipt]({{ link }})\n\nBooking code: **{{ code }}**"),
    (EN, "Packing for the north ❄️", "Wool, wool and a hat: the short list that the crew uses.",
     "Hi {{ name }},\n\n> Wool is warm when it is wet.\n\n[The crew's list]({{ link }})"),
    (EN, "AT&T, O2 & Co: roaming at sea", "What a minute costs on board, and how to switch it off.",
     "Hi {{ name }},\n\nroaming at sea is not cheap: 5 > 3, as they say. [What a minute costs]({{ link }})"),
    (EN, "Welcome back!", "Your details are saved, and your silver badge is waiting too.",
     "Hi {{ name }},\n\n{% if tier == 'gold' %}the lounge is open for you.{% else %}one more trip, and the lounge is yours.{% endif %}\n\n[See my badge]({{ link }})"),
    (EN, "Your stops this week", "All stops with their days, so that you can plan your walks.",
     "Hi {{ name }},\n\n{% for s in stops %}- {{ s.place }}, {{ s.at | date }}\n{% endfor %}\n\n[See the map]({{ link }})"),
    (EN, "None of us likes waiting", "Null and void: the old timetable. Here is the new one.",
     "Hi {{ name }},\n\nnone of the boats is late. The old timetable is null and void.\n\n[The new timetable]({{ link }})"),
    (EN, "A word from [the crew]", "We asked twelve people what they would take to an island.",
     "Hi {{ name }},\n\n[Anna] says a knife. [Ole] says {a book}. Version 2.10.1 of the list is on [www.nordlicht-travel.com](https://www.nordlicht-travel.com/list).\n\n[Read the list]({{ link }})"),
    (EN, "Last chance to see the whales this year", "They leave at the end of October, and so does the boat.",
     "Hi {{ name }},\n\nthe whales leave in October.{% if note %} {{ note }}{% endif %}\n\n[Dates of the whale tour]({{ link }})"),
    (EN, "Terms change on July 1", "Two sentences change. We show both, before and after.",
     "Hi {{ name }},\n\ntwo sentences change. [Old and new terms](https://nordlicht-travel.com/terms#july).\n\nWrite to [help@nordlicht-travel.com](mailto:help@nordlicht-travel.com)."),
    (EN, "Free cancellation, explained", "Until when it is free, and what happens to the rest.",
     "Hi {{ name }},\n\ncancellation is free until {{ days }} days before.\n\n![A ship in the ice](https://nordlicht-travel.com/ice.png)\n\n[How to cancel]({{ link }})"),
    (ZH, "【广告】您的行程已确认", "出发前需要准备的三样东西，都在这里，一分钟看完。",
     "{{ call }}，您好：\n\n行程已确认，{{ days }}天后出发。\n\n[[查看行程]]({{ link }})"),
    (ZH, "【广告】还剩两个舱位", "您看过的六月航线还剩两个舱位，价格没有变化，可以先看看。",
     "{{ call }}，您好：\n\n您看过的航线还剩两个舱位。{% if app %}APP里也能看到。{% endif %}\n\n[看看这条航线]({{ link }})"),
    (ZH, "【广告】第1天到第5天，怎么走？", "每天的路线、时间和餐食，按天列好了，带上这一页就够。",
     "{{ call }}，您好：\n\n{% for s in stops %}- {{ s.place }}（{{ s.at | date }}）\n{% endfor %}\n\n[打开路线图]({{ link }})"),
    (ZH, "【广告】冬天的北方冷不冷？", "船员的回答很短：羊毛、羊毛，再带一顶帽子就可以了。",
     "{{ call }}，您好：\n\n点击量最高的问题，是冷不冷。\n\n[船员的清单]({{ link }})"),
    (ZH, "【广告】您的发票已开具", "金额与抬头都在里面，如有问题，七天之内可以重新开具。",
     "{{ call }}，您好：\n\n金额：{{ total | money }}。\n\n[查看发票]({{ link }})"),
    (DE, "Ihre Reise ist gebucht", "Was Sie brauchen, und wann das Schiff am Montag ablegt.",
     "Hallo {{ name }},\n\nIhre Reise ist gebucht. Das Schiff legt in {{ days }} Tagen ab.\n\n[Reise ansehen]({{ link }})"),
    (DE, "Nur heute geöffnet: unser Museum", "Am Feiertag ist das Museum zu, heute ist es offen bis acht.",
     "Hallo {{ name }},\n\ndas Museum ist heute offen. Mehr dazu steht hier unten.\n\n[Öffnungszeiten und Preise]({{ link }})"),
    (DE, "ÖBB, DB und SBB: mit dem Zug zum Schiff", "Drei Bahnen, ein Hafen: so kommen Sie ohne Auto hin.",
     "Hallo {{ name }},\n\nmit der Bahn zum Hafen:\n\n- ÖBB\n- DB\n- SBB\n\n[Fahrpläne der Bahnen]({{ link }})"),
    (DE, "Wie war Bergen?", "Drei kurze Fragen, und was wir aus den Antworten machen.",
     "Hallo {{ name }},\n\nwie war Bergen? [Drei Fragen beantworten]({{ link }})"),
    (FR, "Votre voyage est confirmé !", "Ce qu'il faut emporter, et l'heure de départ du bateau lundi.",
     "Bonjour {{ name }} !\n\nVotre voyage est confirmé : le bateau part dans {{ days }} jours.\n\n[Voir le voyage]({{ link }})"),
    (FR, "Une question ?", "Nous répondons en un jour : écrivez-nous, ou appelez à bord.",
     "Bonjour {{ name }},\n\nune question ? « Oui » ou « non » suffit.\n\n[Poser une question]({{ link }})"),
    (FR, "L'été à bord : ce qui change", "Trois nouveautés à bord cet été, en une minute de lecture.",
     "Bonjour {{ name }},\n\nl'été arrive : {% if tier == 'gold' %}le salon est ouvert{% else %}le pont est ouvert{% endif %}.\n\n[Les nouveautés à bord]({{ link }})"),
    (ES, "¡Tu viaje está confirmado!", "Qué llevar, y a qué hora sale el barco el lunes de la semana.",
     "Hola {{ name }}:\n\n¿listo? El barco sale en {{ days }} días.\n\n[Ver el viaje]({{ link }})"),
    (ES, "¿Qué tal Bergen?", "Tres preguntas cortas, y lo que hacemos con tus respuestas.",
     "Hola {{ name }}:\n\n¿qué te gustó más? Es gratis decirlo.\n\n[Responder tres preguntas]({{ link }})"),
    (AR, "رحلتك مؤكدة", "ما الذي تحتاج إليه، ومتى تغادر السفينة يوم الاثنين القادم.",
     "مرحبًا،\n\nتغادر السفينة بعد {{ days }} أيام.\n\n[عرض الرحلة]({{ link }})"),
    (EN, "Re-opening the lounge on deck 5", "The lounge on deck five opens again, with a new kitchen.",
     "Hi {{ name }},\n\nthe lounge re-opens. Open 10 a.m.–8 p.m.; see deck plan no. 5.\n\n[Deck plan]({{ link }})"),
    (EN, "Your 2-for-1 voucher", "It holds for two, until the end of June, on every route.",
     "Hi {{ name }},\n\nthe voucher code is `{{ code }}`. It is risk-free to try it.\n\n[Use the voucher](https://go.nordlicht-travel.com/v/{{ code }})"),
]  # fmt: skip


@pytest.fixture
def lint_mail(make_files: Callable[..., Path]) -> Callable[..., list[str]]:
    """What lint says of one e-mail."""

    def lint(
        locale: str, subject: str, preheader: str, body: str, purpose: str = "marketing"
    ) -> list[str]:
        words = f"## subject\n{subject}\n## preheader\n{preheader}\n## body\n{body}\n"
        root = make_files(
            {
                "copylab.yaml": CONFIG,
                "templates/_layouts/main.html": HTML,
                "templates/_layouts/main.txt": TEXT,
                "templates/trip/message.yaml": MESSAGE % (purpose, locale),
                f"templates/trip/email.{locale}.md": words,
            }
        )
        return [str(item) for item in lint_catalog(open_workspace(root)).findings]

    return lint


@pytest.mark.parametrize("mail", MAILS, ids=[mail[1] for mail in MAILS])
def test_a_good_email_is_left_alone(mail, lint_mail) -> None:
    assert lint_mail(*mail) == []


def test_there_are_enough_of_them() -> None:
    assert len(MAILS) >= 30
    assert len({mail[0] for mail in MAILS}) >= 5


SHORT = [
    ("sms.en-US.md", "Nordlicht: {{ name }}, your boat leaves at 10 a.m. {{ link }} Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: code {{ code }}. None of us will ask for it. {{ link }} Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: {A} and {B} decks, [no. 5] is open. Null and void: the old pass. Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: 50% off until 6/3, see https://go.nordlicht-travel.com/p?d={{ days }}. Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: hi{% if note %}, {{ note }}{% endif %}. See you, {{ name }}. Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: {{ days }}.5 hours at sea, v2.0.1 of the map is out. {{ link }} Reply STOP to opt out"),
    ("sms.en-US.md", "Nordlicht: and/or, w/o, 24/7: the bar. Mail hello@nordlicht-travel.com. Reply STOP to opt out"),
    ("sms.zh-CN.md", "【Nordlicht】{{ call }}，行程已确认，{{ days }}天后出发，详见 {{ link }} 拒收请回复R"),
    ("push.en-US.md", "## title\nYour boat\n## body\n{{ name }}, it leaves in {{ days }} days. What to pack: wool."),
    ("push.en-US.md", "## title\nBergen, 8 p.m.\n## body\n{{ name }}: the lounge on deck no. {{ days }} is open."),
    ("push.zh-CN.md", "## title\n行程提醒\n## body\n{{ call }}，您好！{% if note %}{{ note }}{% endif %}点击看看。"),
]  # fmt: skip
OWN = ("EM",)


@pytest.mark.parametrize(("file", "words"), SHORT)
def test_short_messages_are_left_alone_by_the_rules_they_share(
    file: str, words: str, make_files: Callable[..., Path]
) -> None:
    root = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/trip/message.yaml": MESSAGE % ("marketing", file.split(".")[1]),
            f"templates/trip/{file}": words + "\n",
        }
    )
    found = lint_catalog(open_workspace(root)).findings
    assert [str(item) for item in found if item.code.startswith(OWN)] == []
