"""The root command: a table of verbs, imported on demand, and the outermost handler of failures."""

from __future__ import annotations

import importlib
import json
import os
import sys
from contextlib import suppress

import click

from turnpike import __version__
from turnpike.cli import interruption
from turnpike.errors import InvalidDocument, TurnpikeError, Unavailable, UsageError

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Walk the whole road once, from a pull request to a served model."),
    "doctor": (
        "doctor",
        "Show every part that Turnpike needs, and what to do about a missing one.",
    ),
    "init": ("init", "Make a company's monorepo from this product."),
    "new": ("new", "Scaffold the folder of a new model."),
    "check": ("check", "Say what the gate would say of a folder, before any pull request."),
    "register": ("register", "Train a model, register it, and write its artifact block."),
    "registry": ("registry", "Connect the model registry, look through it, keep its aliases."),
    "pr": ("pr", "Open, list, show, review and merge pull requests of the embedded host."),
    "validate": ("validate", "Validate a pull request's model in containers without a network."),
    "gate": ("gate", "Judge a pull request: exit code 0 allows, 1 denies, 3 could not decide."),
    "explain": ("explain", "Say what would have turned a past decision into an allow."),
    "release": ("release", "Open the change that releases a merged model into an environment."),
    "plan": ("plan", "Show what can move now, and when and by what way the rest can."),
    "promote": ("promote", "Open the changes that move releases to the next environment."),
    "render": ("render", "Carry a new rendering into the environments, one after the other."),
    "rollback": ("rollback", "Open the change that returns to an earlier allowed release."),
    "revalidate": ("revalidate", "Ask for new evidence about what is released, before it expires."),
    "retire": ("retire", "Open the change that takes a model out of an environment."),
    "recall": ("recall", "Say how far bad data, a model, a signer or a package reached; undo it."),
    "stop": ("stop", "Stop the line at once, see what stops it, and let it go on."),
    "emergency": ("emergency", "Release in an emergency, and settle what it owes afterwards."),
    "calendar": ("calendar", "Show windows, freezes, soaks that end, expiries and stops, by day."),
    "window": ("window", "Say whether a schedule is open at an instant, by what, until when."),
    "serve": ("serve", "Serve exactly what an environment's releases say, on this machine."),
    "delivery": ("delivery", "Compare what runs in the clusters with what main released."),
    "observe": ("observe", "Watch what serves, and state its health in the observer's role."),
    "predict": ("predict", "Ask a served model for a prediction, by the Open Inference Protocol."),
    "status": ("status", "Show what is released where, by digest."),
    "history": ("history", "Show every decision about a model, by whom and on what evidence."),
    "waiting": ("waiting", "Say who waits for whom, as a digest of the open pull requests."),
    "notify": ("notify", "Tell a file, a webhook, Slack or Teams what was decided and released."),
    "sweep": (
        "sweep",
        "Judge all that stands on main anew: what would be denied today?",
    ),
    "keys": ("keys", "Show the roles' keys, make a new one, or revoke one."),
    "verify": ("verify", "Walk main from its genesis and prove that every commit was judged."),
    "replay": ("replay", "Decide everything on the record again, and compare the bytes."),
    "forge": ("forge", "Connect an instance to its Git host, and lock that host's branches."),
    "serve-webhooks": (
        "serve_webhooks",
        "Judge pull requests as soon as their Git host says that something happened.",
    ),
    "codeowners": ("codeowners", "Say who owns a path, in each Git host's dialect of CODEOWNERS."),
    "equivalence": ("equivalence", "Show that a manifest means the same on every cloud."),
    "cost": ("cost", "Reckon what a month of all that is released costs, by prices in Git."),
    "access": ("access", "Say who may do what, and review it, from Git alone."),
    "pages": ("pages", "Show models, calendar, cost and access in a browser, behind sign-in."),
    "sod": ("sod", "Prove that nobody can take a change of their own to production alone."),
    "terraform": ("terraform", "Plan what a pull request changes in a cloud, and apply it."),
    "policy": ("policy", "List the rules, test them, and write their pages."),
    "schemas": ("schemas", "Write the JSON Schemas of all documents."),
}


class LazyGroup(click.Group):
    """A group that imports a verb's module only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the road."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one verb; from then on Ctrl-C lets it tidy up."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"turnpike.cli.{VERBS[cmd_name][0]}")
        interruption.unwind()
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is called; a misspelt one is refused with the one most like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            like = difflib.get_close_matches(args[0], VERBS, 1)
            advice = f" Did you mean '{like[0]}'?" if like else ""
            raise click.UsageError(f"{error.message}{advice}", ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; a pipe that breaks is no denial, which click's exit code 1 would say."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise Unavailable(
                "Whoever reads the output, or a program that was asked, ended in the middle.",
                solution="Run the same command again.",
                code="world.pipe-broke",
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of verbs without importing any of them."""
        with formatter.section("Verbs, in the order of the road"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done or allowed, 1 denied or broken, 2 bad input, 3 no decision.",
)
@click.version_option(__version__, prog_name="turnpike")
def root() -> None:
    """Turnpike: the policy-gated paved road for machine-learning models.

    `turnpike demo` walks the whole road on this machine. Every verb takes --json and --help.
    Shell completion: eval "$(_TURNPIKE_COMPLETE=bash_source turnpike)".
    """


def main() -> None:
    """Run the command line and turn every failure into one message and its exit code."""
    try:
        code = root.main(prog_name="turnpike", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _interrupted()
    except click.ClickException as error:
        code = _misused(error)
    except TurnpikeError as error:
        code = _report(error.code, error.message, _advice(error), error.exit_code, error)
    except OSError as error:
        code = _refused(error)
    except Exception as error:
        code = _defect(error)
    sys.exit(code if isinstance(code, int) else 0)


def _advice(error: TurnpikeError) -> str:
    """Return the next step that an error names; where a wrong call has none, the verb's help."""
    if error.solution or not isinstance(error, UsageError):
        return error.solution
    verb = next((word for word in sys.argv[1:2] if word in VERBS), "")
    return f"`{' '.join(('turnpike', *filter(None, [verb])))} --help` shows how it is called."


def _interrupted() -> int:
    wording = (interruption.CODE, interruption.MESSAGE, interruption.SOLUTION)
    return _report(*wording, interruption.EXIT_CODE)


def _refused(error: OSError) -> int:
    """Report what the system refused and no edge foresaw: a full disk, a folder without rights."""
    from turnpike.cli.output import unwritable

    if os.environ.get("TURNPIKE_TRACE"):
        raise error
    try:
        sys.stdout.flush()
    except OSError as unwritten:  # what click printed by itself, such as help, may be stuck there
        told = unwritable(unwritten)
        return _report(told.code, told.message, told.solution, told.exit_code, told)
    return _report(
        Unavailable.default_code,
        f"{error.filename or 'a file or standard output'}: expected to be able to use it, got: "
        f"{error.strerror or error}",
        "Look at the space and the rights there, then run the same command again.",
        Unavailable.exit_code,
    )


def _misused(error: click.ClickException) -> int:
    """Report a call that click refuses: as it shows it to people, in our shape to machines."""
    if "--json" in sys.argv:
        return _report("input.usage", error.format_message(), "See --help.", error.exit_code)
    error.show()
    return error.exit_code


def _report(
    code: str, message: str, solution: str, exit_code: int, error: TurnpikeError | None = None
) -> int:
    from turnpike.cli.output import UNWRITABLE, say
    from turnpike.explain.escape import for_terminal

    if "--json" in sys.argv and code != UNWRITABLE:
        with suppress(Unavailable):  # where it can't be written, it is told as to people
            say(json.dumps(_as_json(code, message, solution, error)))
            return exit_code
    lines = [f"turnpike: {code}", *(f"  {for_terminal(line)}" for line in message.splitlines())]
    lines += [f"  next: {for_terminal(solution)}"] if solution else []
    with suppress(TurnpikeError):  # a full disk must not change the exit code
        say("\n".join(lines), err=True)
    return exit_code


def _as_json(
    code: str, message: str, solution: str, error: TurnpikeError | None
) -> dict[str, object]:
    report: dict[str, object] = {"error": code, "message": message, "solution": solution}
    if isinstance(error, InvalidDocument):
        report["problems"] = [
            {
                "file": problem.file,
                "line": problem.line,
                "field": problem.field,
                "expected": problem.expected,
                "actual": problem.actual,
            }
            for problem in error.problems
        ]
    return report


def _defect(error: Exception) -> int:
    """A failure that nobody foresaw: say so, keep the trace where TURNPIKE_TRACE asks for it."""
    if os.environ.get("TURNPIKE_TRACE"):
        raise error
    text = f"{type(error).__name__}: {error}"
    return _report("defect", text, "Set TURNPIKE_TRACE=1 to see where, and report it.", 3)
