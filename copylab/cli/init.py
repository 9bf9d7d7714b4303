"""``copylab init``: a workspace to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from copylab.cli.writing import write_new_files
from copylab.locales import normalise_locale

_MARKET = re.compile(r"[A-Z]{2}\Z")
_INDUSTRY = re.compile(r"[a-z][a-z0-9_-]{1,40}\Z")


@click.command()
@click.argument("folder", default=".", type=click.Path())
@click.option(
    "--locale",
    default="en-US",
    show_default=True,
    metavar="TAG",
    help="The language of the copy.",
)
@click.option(
    "--brand",
    default="Example",
    show_default=True,
    metavar="NAME",
    help="The sender's name.",
)
@click.option(
    "--market",
    default=None,
    metavar="CODE",
    help="Where messages go, ISO 3166; by default the locale's region.",
)
@click.option(
    "--industry",
    default="",
    metavar="WORD",
    help="Whose rules apply: lending, wealth, insurance, or another one's.",
)
def init(
    folder: str, locale: str, brand: str, market: str | None, industry: str
) -> int:
    """Make a small workspace in FOLDER that passes its own lint."""
    from babel import Locale

    from copylab.starter import LANGUAGES, starter_files

    tag = normalise_locale(locale)
    if tag is None:
        raise click.UsageError(f"'{locale}' is not a locale; write a tag such as zh-CN")
    language = tag.partition("-")[0]
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES.values())
        raise click.UsageError(
            f"there is starter copy in {known}; start with one of them, then add {tag}"
        )
    region = tag.rpartition("-")[2]
    place = (market or (region if _MARKET.match(region) else "US")).upper()
    if not _MARKET.match(place) or place not in Locale("en").territories:
        raise click.UsageError(
            f"'{market}' is not a market; write ISO 3166, such as CN"
        )
    if place == "CN" and language != "zh":
        raise click.UsageError("messages to CN are written in Chinese: --locale zh-CN")
    if not brand.strip() or any(character in brand for character in ":{}[]#\"'%\n"):
        raise click.UsageError(
            "--brand is a plain name, without : { } [ ] # % or quotes"
        )
    if industry and not _INDUSTRY.match(industry):
        raise click.UsageError("--industry is a word in small letters, such as lending")
    files = starter_files(
        locale=tag, brand=brand.strip(), market=place, industry=industry
    )
    write_new_files(Path(folder), files)
    click.echo(f"wrote {len(files)} files to {folder}:")
    for path in sorted(files):
        click.echo(f"  {path}")
    step = "" if folder == "." else f"cd {folder} && "
    click.echo(f"next: {step}copylab lint")
    return 0
