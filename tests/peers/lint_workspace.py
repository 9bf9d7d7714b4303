"""Workspaces of any size, made up: what linting is measured on, and fuzzed with.

A message has four texts: two channels in two locales. Most are an SMS and a push, one of
eight is an e-mail in place of the SMS. Guards, filters, includes and layouts come in the
mixture that the sample workspace has; the words differ from message to message.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TEXTS_A_MESSAGE = 4

CONFIG = """\
brand:
  name: 示例分期
  signature: 示例分期
  legal_name: 示例消费金融有限公司
  postal_address: 上海市浦东新区示例路1号
  by_locale:
    en-US:
      name: Example
      signature: Example
      legal_name: Example Inc.
      postal_address: 500 Example St, Austin, TX 78701
industry: lending
locales: {default: zh-CN, also: [en-US]}
markets: {zh-CN: [CN], en-US: [US]}
sending: {provider: direct, consent: opt_in, push_class: marketing}
links: {allowed_hosts: [s.example.com, example.com]}
email: {layout: main, from: Example <hello@mail.example.com>, unsubscribe: unsubscribe_url}
lint: {sms: {max_segments: {marketing: {warning: 2, error: 3}}}}
attributes: {user_id: string, loans: int, visits: "int?"}
"""

MESSAGE = """\
purpose: marketing
live: plain
variants:
  plain: {{hook: {hook}}}
variables:
  call_name: {{type: person_name, max: 8, missing: 尊敬的用户}}
  first_name: {{type: person_name, from: call_name, max: 20, charset: latin, missing: there}}
  limit: {{type: money, currency: {currency}, min: 500, max: {most}, missing: skip}}
  days: {{type: int, min: 3, max: 720, missing: 30}}
  stage: {{type: enum, values: [registered, approved, repaid], missing: registered}}
  ends: {{type: date, min: 2026-01-01, max: 2035-12-31, missing: error}}
  link: {{type: url, base: "https://s.example.com/{slug}/", max: 40, missing: error}}
  unsubscribe_url: {{type: url, base: "https://example.com/u/", max: 60, missing: error}}
"""

PARTIALS = {
    "rate.zh-CN.md": "年化利率7.2%-24%（单利）\n",
    "rate.en-US.md": "7.2%-24% APR\n",
    "footer.zh-CN.md": (
        "贷款由{{ brand.legal_name }}提供，{% include 'rate.zh-CN.md' %}，"
        "以审批为准。请理性借贷。\n"
    ),
    "footer.en-US.md": (
        "Credit is offered by {{ brand.legal_name }} at {% include 'rate.en-US.md' %}. "
        "Subject to approval.\n"
    ),
}

LAYOUT_HTML = """\
<!doctype html>
<html lang="{{ locale }}" dir="{{ dir }}">
<head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="margin:0; background:#ffffff; color:#222222">
<div style="display:none">{{ preheader }}</div>
<table role="presentation" width="100%"><tr><td style="font-size:16px">
{{ body }}
<hr>
{% if locale == "zh-CN" %}
<p>您收到它，是因为您注册了{{ brand.name }}。<a href="{{ unsubscribe_url }}">退订营销邮件</a></p>
{% else %}
<p>You signed up with {{ brand.name }}. <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
{% endif %}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
</td></tr></table>
</body>
</html>
"""

LAYOUT_TEXT = """\
{{ body }}

----------
{% if locale == "zh-CN" %}
您收到它，是因为您注册了{{ brand.name }}。退订营销邮件：{{ unsubscribe_url }}
{% else %}
You signed up with {{ brand.name }}. Unsubscribe: {{ unsubscribe_url }}
{% endif %}
{{ brand.legal_name }}, {{ brand.postal_address }}
"""

HOOKS = ("reminder", "discount", "curiosity", "milestone")
OPENINGS = {
    "zh-CN": ("您的额度仍可使用", "资料已为您保存", "一张券为您留着", "好久不见"),
    "en-US": (
        "your credit line is open",
        "your details are saved",
        "a coupon waits for you",
        "it has been a while",
    ),
}
MIDDLES = {
    "zh-CN": (
        "最高可申请{{ limit | money }}",
        "{% if stage == 'repaid' %}感谢按时还清，{% endif %}不用不计息",
        "{% if days > 30 %}已有{{ days }}天未用{% else %}近期可用{% endif %}",
        "{{ ends | date('M月d日') }}前有效",
        "需要时再用，不用不收费",
    ),
    "en-US": (
        "up to {{ limit | money }}",
        "{% if stage == 'repaid' %}thanks for paying on time, {% endif %}no use, no cost",
        "{% if days > 30 %}{{ days }} days without a draw{% else %}ready to use{% endif %}",
        "use by {{ ends | date }}",
        "{{ days }} {{ days | plural(one='day', other='days') }} and nothing is due",
    ),
}
THINGS = {
    "zh-CN": ("旅行", "家电", "课程", "装修", "手机", "搬家", "体检", "婚礼"),
    "en-US": (
        "a trip",
        "a stove",
        "a course",
        "a new roof",
        "a phone",
        "a move",
        "a check-up",
        "a wedding",
    ),
}


def write_workspace(root: Path, messages: int, *, seed: int = 1) -> int:
    """Write a workspace of so many messages into a folder; how many texts it has."""
    dice = random.Random(seed)
    files = shared_files()
    for number in range(messages):
        files |= message_files(number, dice)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return messages * TEXTS_A_MESSAGE


def shared_files() -> dict[str, str]:
    """The settings, partials, the layout and two experiments, by path."""
    arms = "arms: {plain: 90%, none: 10%}\ncontrol: plain\n"
    return {
        "copylab.yaml": CONFIG,
        **{f"templates/_partials/{name}": text for name, text in PARTIALS.items()},
        "templates/_layouts/main.html": LAYOUT_HTML,
        "templates/_layouts/main.txt": LAYOUT_TEXT,
        "experiments/metrics.yaml": "click: {event: click, kind: share, within: 3d}\n",
        "experiments/audiences.yaml": "dormant: loans = 0 and visits is null\n",
        "experiments/first.yaml": (
            "message: group00/message0000\nchannels: [push]\nstatus: draft\n"
            "audience: dormant\nunit: user_id\nsalt: first.1\ncoverage: 100%\n"
            f"{arms}metrics: {{primary: click}}\n"
            "plan: {alpha: 0.05, power: 0.8, mde: 15%, looks: 1, window: 7d}\n"
        ),
    }


def message_files(number: int, dice: random.Random) -> dict[str, str]:
    """The files of one message, by path."""
    folder = f"templates/group{number // 50:02d}/message{number:04d}"
    slug = f"m{number}"
    channels = ("email", "push") if number % 8 == 7 else ("sms", "push")
    most = dice.choice((20_000, 50_000, 200_000))
    currency = dice.choice(("CNY", "USD"))
    values = {"hook": dice.choice(HOOKS), "slug": slug}
    texts = {
        f"{folder}/{channel}.{locale}.md": WRITERS[channel](locale, number, dice)
        for locale in ("zh-CN", "en-US")
        for channel in channels
    }
    settings = MESSAGE.format(**values, most=most, currency=currency)
    used = " ".join(texts.values()) + (" unsubscribe_url" * ("email" in channels))
    lines = [
        line
        for line in settings.splitlines(keepends=True)
        if ": {type:" not in line or line.split(":")[0].strip() in used
    ]
    return {f"{folder}/message.yaml": "".join(lines), **texts}


def _words(locale: str, number: int, dice: random.Random) -> tuple[str, str, str]:
    """An opening, a middle, and a thing that differs with the number."""
    things = THINGS[locale]
    thing = f"{things[number % len(things)]}{number}"
    return dice.choice(OPENINGS[locale]), dice.choice(MIDDLES[locale]), thing


def write_sms(locale: str, number: int, dice: random.Random) -> str:
    opening, middle, thing = _words(locale, number, dice)
    if locale == "zh-CN":
        return (
            f"【示例分期】{opening}，可用于{thing}，{middle}。"
            "{% include 'rate.zh-CN.md' %}，以审批为准。{{ link }} 拒收请回复R\n"
        )
    return (
        f"Example: {opening} for {thing}, {middle}. {{% include 'rate.en-US.md' %}}, "
        "subject to approval. {{ link }} Reply STOP to opt out\n"
    )


def write_push(locale: str, number: int, dice: random.Random) -> str:
    opening, middle, thing = _words(locale, number, dice)
    if locale == "zh-CN":
        return (
            f"## title\n{opening}\n## body\n{{{{ call_name }}}}，{thing}可分期，{middle}。"
            "{% include 'rate.zh-CN.md' %}，以审批为准。\n"
        )
    return (
        f"## title\n{opening.capitalize()}\n## body\nHi {{{{ first_name }}}}, {thing} "
        f"by instalments, {middle}. {{% include 'rate.en-US.md' %}}.\n"
    )


def write_email(locale: str, number: int, dice: random.Random) -> str:
    opening, middle, thing = _words(locale, number, dice)
    if locale == "zh-CN":
        return (
            f"## subject\n{opening}：{thing}\n## preheader\n不用不计息，以审批为准。\n"
            f"## body\n{{{{ call_name }}}}，您好：\n\n{middle}。\n\n"
            "{% if days > 60 %}\n已有{{ days }}天没有使用。\n{% endif %}\n"
            f"- **用途：** {thing}\n- **截止：** {{{{ ends | date }}}}\n\n"
            "[查看额度]({{ link }})\n\n{% include 'footer.zh-CN.md' %}\n"
        )
    return (
        f"## subject\n{opening.capitalize()}: {thing}\n## preheader\n"
        "No use, no cost. Subject to approval.\n"
        f"## body\nHi {{{{ first_name }}}},\n\n{middle.capitalize()}.\n\n"
        "{% if days > 60 %}\nIt has been {{ days }} days.\n{% endif %}\n"
        f"- **For:** {thing}\n- **Until:** {{{{ ends | date }}}}\n\n"
        "[See my limit]({{ link }})\n\n{% include 'footer.en-US.md' %}\n"
    )


WRITERS = {"sms": write_sms, "push": write_push, "email": write_email}
