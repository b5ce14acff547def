"""``askcv``: the roof. Commands are imported when they run, so that ``askcv --help`` stays quick."""

from __future__ import annotations

import errno
import sys
from importlib import import_module

import click

from askcv_agents.version import __version__

EPILOG = """\b
Exit codes:
  0  done
  1  the service, a document or a setting stopped it: the message says what to do
  2  the command line is wrong
  3  done, but some documents were not read, or only in part, or some items were refused;
     or a service is not what the contract says
  4  not finished: the rest waits for a rate limit; run the same command again then
  5  not sure: some items left and were never answered (see `askcv outbox list`)
  130  interrupted

\b
Environment: ASKCV_TOKEN, ASKCV_BASE_URL, ASKCV_STATE_DIR, ASKCV_CONFIG and every other setting as ASKCV_<NAME>.
"""

# Where each command lives, and its line in the help: read without importing it.
COMMANDS: dict[str, tuple[str, str]] = {
    "pull": ("pull:pull", "Fetch documents from the services that have them, e.g. reviews from GitHub."),
    "extract": ("documents:extract", "Show what documents hold, with evidence; nothing leaves this machine."),
    "sync": ("sync:sync", "Extract, leave out what is known, and submit the rest to the review inbox."),
    "dedup": ("duplicates:dedup", "Decide for a list of items which of them another list holds already."),
    "status": ("status:status", "What became of submitted items."),
    "outbox": ("outbox:outbox", "Settle batches that left and were never answered."),
    "journal": ("journal:journal", "Move the journal to another machine."),
    "forget": ("forget:forget", "Remove what this machine keeps of a document, or of all."),
    "export": ("record:export", "Print the approved items of a domain."),
    "profile": ("record:profile", "Whose record the token opens, and what it may do."),
    "doctor": ("doctor:doctor", "Compare a running service with the contract."),
    "tools": ("agents:tools", "List the tools that agents are offered."),
    "mcp": ("agents:mcp", "Serve the tools to an MCP client over stdio."),
    "serve": ("backend:serve", "Run the bundled staging backend."),
    "token": ("token:token", "Keep a token in the keyring; make, list and revoke those of the staging backend."),
    "inbox": ("backend:inbox", "Print a one-time link to a staging inbox."),
    "backup": ("backend:backup", "Copy the staging database while it runs."),
    "restore": ("backend:restore", "Put a copy in the place of the staging database."),
    "eval": ("evaluate:evaluate", "Write predictions for a labelled corpus, or compare extractors on it."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when one of them is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"askcv_agents.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="askcv")
@click.option("-v", "--verbose", is_flag=True, help="Log requests to standard error (never tokens or texts).")
def cli(verbose: bool) -> None:
    """Keep a career record true: from documents to AskCV's review inbox, each item with the sentence that proves it.

    Start with `askcv extract FILE`, which needs no account.
    """
    if verbose:
        import logging

        logging.basicConfig(stream=sys.stderr, format="%(name)s: %(message)s")
        logging.getLogger("askcv_agents").setLevel(logging.DEBUG)


def main() -> None:
    """The entry point: a foreseeable error is a message and a hint, never a traceback."""
    from askcv_agents.errors import AskcvError

    try:
        sys.exit(cli(prog_name="askcv", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. Run the same command again to go on.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.filename is not None or error.errno not in {errno.ENOSPC, errno.EIO}:
            raise
        click.echo(f"error: the output cannot be written: {error.strerror}", err=True)
        sys.exit(1)
    except AskcvError as error:
        click.secho(f"error: {error.message}", err=True, fg="red")
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        if request_id := getattr(error, "request_id", None):
            click.echo(f"  request id: {request_id}", err=True)
        sys.exit(1)
