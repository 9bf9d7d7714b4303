"""The commands: one module a verb, each parses, calls the library and prints.

A command is imported when it is called, so that ``copylab --version`` and ``copylab
lint`` pay for nothing they do not use. Exit codes: 0 for done, 1 for findings or a
refusal, 2 for what could not run.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from copylab.errors import CopylabError
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = {
    "init": "Make a workspace to start from.",
    "new": "Add a message to the workspace.",
    "lint": "Check copy over every branch and every allowed value.",
    "rule": "Say what a rule checks, why, and how to mend it.",
    "config": "Say which settings apply to a file, and where they come from.",
    "schema": "Print JSON Schemas, for editors that complete and check YAML.",
    "render": "Print a message as it would be sent.",
    "preview": "Look at messages in a browser, as files change or as a site.",
    "diff": "Show how messages change against a git revision.",
    "plan": "Say how many users an experiment needs, and what it can find.",
    "start": "Start an experiment: freeze its arms and open an epoch.",
    "build": "Write the workspace into one file that services load.",
    "simulate": "Make exposures and outcomes with a known truth.",
    "compose": "Write messages for a table of users.",
    "explain": "Say why a user gets what they get.",
    "audit": "Compute every logged arm again, and say what does not fit.",
    "analyze": "Read an experiment's results, or any table's.",
    "promote": "Make a winner live, with a record of the decision.",
    "learn": "Say what wordings do, over all past experiments.",
}
"""Every command in the order of its use, with its one-line help."""

EXIT_CANNOT_RUN = 2
_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"copylab.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copylab", message="%(prog)s %(version)s")
def copylab() -> None:
    """Message copy as code: write it, prove it, test it, promote it."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every failure is one message and an exit code."""
    try:
        status = copylab.main(
            arguments,
            prog_name="copylab",
            standalone_mode=False,
            color=_color(os.environ),
        )
    except click.exceptions.Abort:
        _stop("stopped", _INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_CANNOT_RUN)
    except CopylabError as error:
        _stop(str(error), EXIT_CANNOT_RUN)
    except BrokenPipeError:
        # The reader has seen enough; point stdout elsewhere so that the exit is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        _stop("stopped", _INTERRUPTED)
    except (OSError, MemoryError) as error:
        _stop(_describe(error), EXIT_CANNOT_RUN)
    except Exception as error:
        if os.environ.get("COPYLAB_TRACE"):
            raise
        kind = type(error).__name__
        hint = "help: please report it; COPYLAB_TRACE=1 shows where it happened"
        _stop(f"a fault in copylab itself: {kind}: {error}\n  {hint}", EXIT_CANNOT_RUN)
    else:
        sys.exit(status if isinstance(status, int) else 0)


def _color(env: Mapping[str, str]) -> bool | None:
    """Whether what is printed keeps its colours; None: where it goes to a terminal."""
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] != "0"
    return False if env.get("TERM") == "dumb" else None


def _describe(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "not enough memory for this input"
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or error}"


def _stop(message: str, status: int) -> None:
    click.echo(f"error: {message}", err=True)
    sys.exit(status)
