"""``copylab compose``: messages for a table of users."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from copylab.cli.places import at_option, find_loadable, workspace_option
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import FrameType

    from copylab.compose.summary import TableSummary
    from copylab.message.model import Message
    from copylab.workspace import Workspace

_TERMINATED = 128 + signal.SIGTERM


@click.command()
@click.argument("message")
@click.option(
    "--users",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="The users: .parquet, .csv (also .csv.gz), .jsonl or .ndjson; on Spark also a folder of such.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="Where the messages go: .parquet, .csv or .jsonl. Beside it, with the same ending, STEM.exposures and STEM.rejects.",
)
@click.option(
    "--channel",
    type=click.Choice(("sms", "push", "email")),
    help="By default the message's only channel, or that of the first step of its sequence.",
)
@click.option(
    "--locale", metavar="TAG", help="By default the column locale of each user."
)
@at_option
@click.option(
    "--send-id",
    metavar="ID",
    help="The key of this send in the exposures; by default MESSAGE/CHANNEL/AT.",
)
@click.option(
    "--arms",
    metavar="COLUMN",
    help="The column of --users with each user's arm, of a list that was split exactly; by default buckets decide.",
)
@click.option(
    "--audience-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="SMS: say, too, what about N such users would cost.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where it runs. Spark writes folders of files, named as the files would be.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Spark: where it runs, such as local[2] or spark://HOST:7077; by default on all cores of this machine.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that compose at a time; by default one for each core.",
)
@click.option(
    "--allow-duplicates",
    is_flag=True,
    help="Write to a user who stands in the table twice, twice; else the later rows are rejected.",
)
@click.option(
    "--restart",
    is_flag=True,
    help="Begin anew, whatever a run that was killed has left in FILE.parts.",
)
@workspace_option
@click.pass_context
def compose(
    ctx: click.Context,
    message: str,
    users: str,
    output: str,
    channel: str | None,
    locale: str | None,
    at: datetime,
    send_id: str | None,
    arms: str | None,
    audience_size: int | None,
    engine: str,
    master: str | None,
    workers: int | None,
    allow_duplicates: bool,
    restart: bool,
    workspace: str,
) -> int:
    """Write MESSAGE for each user of a table.

    Nobody is lost: each row of --users is a row of --output, or one of STEM.rejects
    with its reason and all it holds. The exposures are to be logged when the messages
    are handed to the sender.

    A run that is killed is gone on with by the same command: its finished parts are
    kept in FILE.parts, and its --at is taken where none is given. The files appear at
    the end, whole.

    For SMS the last lines say what the messages cost, by sms.price in copylab.yaml.

    Exit code 0: written, whatever was rejected. 2: not written.
    """
    try:
        from copylab.workspace import load

        loaded = load(find_loadable(workspace))
        chosen, why = _choose_channel(_find_message(loaded, message), channel)
        _check_words(loaded, message, chosen, locale, send_id)
        if audience_size is not None and chosen != "sms":
            raise click.UsageError(
                "--audience-size is for sms: nothing else is paid by parts"
            )
        if master is not None and engine != "spark":
            raise click.UsageError("--master is for --engine spark")
        if arms is not None:
            _check_arms(loaded, message, chosen, engine)
        how: dict[str, Any] = {
            "channel": chosen,
            "at": at,
            "locale": locale,
            "send_id": send_id,
        }
        if engine == "spark":
            _check_local(workers=workers is not None, restart=restart)
            how["allow_duplicates"] = allow_duplicates
            how["allow_duplicates"] = allow_duplicates
            summary = _compose_on_spark(loaded, message, users, output, master, how)
        else:
            if not restart:
                how["at"] = _time_of_kept_run(ctx, Path(output), at)
            how |= {
                "arms": arms,
                "workers": workers,
                "allow_duplicates": allow_duplicates,
                "restart": restart,
            }
            summary = _compose_here(loaded, message, users, output, how)
    except CopylabError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(2) from None
    click.echo("\n".join(_summary_lines(summary, why, audience_size)))
    return 0


def _compose_here(
    workspace: Workspace, message: str, users: str, output: str, how: dict[str, Any]
) -> TableSummary:
    """Compose on this machine; where that is cut short, say what was kept."""
    from copylab.cli.screen.progress import shown_progress
    from copylab.compose.table import compose_table

    try:
        with _terminable(), shown_progress("composing") as progress:
            return compose_table(
                workspace, message, users, output, progress=progress, **how
            )
    except (KeyboardInterrupt, SystemExit):
        _tell_kept(Path(output))
        raise
    except CopylabError:
        _tell_kept(Path(output))
        raise


def _time_of_kept_run(ctx: click.Context, output: Path, at: datetime) -> datetime:
    """The time of an unfinished run, where its command named none either."""
    from datetime import datetime as moment

    from copylab.compose.work_folder import kept_run

    run = kept_run(output)
    named = ctx.get_parameter_source("at") is not ParameterSource.DEFAULT
    if run is None or named:
        return at
    try:
        kept = moment.fromisoformat(str(run.get("at")))
    except ValueError:
        return at
    click.echo(f"going on with the run of {kept.isoformat()}", err=True)
    return kept


def _tell_kept(output: Path) -> None:
    from copylab.compose.work_folder import kept_run, work_path

    if kept_run(output) is not None:
        folder = work_path(output)
        click.echo(
            f"finished parts are kept in {folder}; the same command goes on with them",
            err=True,
        )


def _check_local(**given: bool) -> None:
    for name, is_given in given.items():
        if is_given:
            raise click.UsageError(f"--{name} is for --engine local")


def _compose_on_spark(
    workspace: Workspace,
    message: str,
    users: str,
    output: str,
    master: str | None,
    how: dict[str, Any],
) -> TableSummary:
    from copylab.compose.spark_session import spark_session
    from copylab.compose.spark_table import compose_spark_table

    with _terminable(), spark_session(master) as session:
        return compose_spark_table(session, workspace, message, users, output, **how)


def _find_message(workspace: Workspace, name: str) -> Message:
    found = workspace.messages.get(name)
    if found is None:
        from copylab.document import suggest

        known = ", ".join(sorted(workspace.messages)) or "none"
        hint = suggest(name, workspace.messages) or f"messages: {known}"
        raise click.UsageError(f"there is no message '{name}'; {hint}")
    return found


def _choose_channel(message: Message, channel: str | None) -> tuple[str, str]:
    """The channel and, where it was not named, why it is that one."""
    from copylab.compose.table import choose_channel

    if channel is None:
        try:
            return choose_channel(message)
        except ValueError as error:
            raise click.UsageError(f"name a --channel: {error}") from None
    if channel not in message.channels:
        known = ", ".join(message.channels) or "no channel"
        raise click.UsageError(f"{message.id} has copy for {known} only")
    return channel, ""


def _check_words(
    workspace: Workspace,
    message: str,
    channel: str,
    locale: str | None,
    send_id: str | None,
) -> None:
    """Refuse a locale nothing is written in, and a key that no file can hold."""
    from copylab.compose.find import find_locale

    found = workspace.messages[message]
    if locale is not None and find_locale(workspace, found, channel, locale) is None:
        written = [tag for medium, tag in found.copies if medium == channel]
        raise click.UsageError(
            f"{message} has no {channel} copy in '{locale}'; it has {', '.join(written)}"
        )
    if send_id is not None and not (send_id.strip() and send_id.isprintable()):
        raise click.UsageError("--send-id must be a printable text")


def _check_arms(workspace: Workspace, message: str, channel: str, engine: str) -> None:
    """Refuse arms of a list where no experiment has them, or another engine draws."""
    from copylab.compose.find import find_experiment

    if engine != "local":
        raise click.UsageError("--arms is for --engine local")
    if find_experiment(workspace, message, channel) is None:
        raise click.UsageError(
            f"--arms: no experiment is running on {message} {channel}; copylab start"
        )


@contextmanager
def _terminable() -> Iterator[None]:
    """Lets a polite kill take the unfinished files away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _summary_lines(
    summary: TableSummary, why: str, audience_size: int | None
) -> list[str]:
    """The summary for people."""
    tally = summary.tally
    channel = f"{summary.channel} ({why})" if why else summary.channel
    skipped, rejected = tally.count("skipped"), tally.count("rejected")
    lines = [
        f"{summary.message} · {channel} · send {summary.send_id}",
        (
            f"{tally.rows:,} rows: {tally.composed:,} composed, {skipped:,} skipped, "
            f"{rejected:,} rejected"
        ),
    ]
    if summary.resumed_rows:
        lines.append(f"  {summary.resumed_rows:,} of them by an earlier run")
    for variant, messages in sorted(tally.variants.items()):
        line = f"  {variant:<20} {messages:>12,} messages"
        if summary.channel == "sms":
            line += f" {tally.segments[variant]:>12,} segments"
        lines.append(line)
    if summary.channel == "sms" and len(tally.variants) > 1:
        total = tally.segments.total()
        both = f"{tally.composed:>12,} messages {total:>12,} segments"
        lines.append(f"  {'together':<20} {both}")
    for (status, reason), rows in sorted(tally.without.items()):
        lines.append(f"  {f'{status}: {reason}':<20} {rows:>12,}")
    if summary.repeated_rows:
        first = ", ".join(f"{row:,}" for row in summary.repeated_rows)
        more = (
            ", …"
            if tally.without["rejected", "duplicate"] > len(summary.repeated_rows)
            else ""
        )
        lines.append(
            f"  users who stand in the table twice: rows {first}{more} (from 0); "
            "--allow-duplicates writes to them again"
        )
    if summary.sold:
        from copylab.cli.screen.cost import cost_lines, scaled_line

        lines += cost_lines(summary.sold)
        if audience_size is not None:
            lines.append(scaled_line(summary.sold, tally.rows, audience_size))
    width = max(len(part) for part in summary.files)
    lines += [f"{part:<{width}}  {Path(path)}" for part, path in summary.files.items()]
    return lines
