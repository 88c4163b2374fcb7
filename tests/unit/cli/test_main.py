"""One message, one exit code and one JSON shape for every failure; help for every verb."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import turnpike
from turnpike import errors
from turnpike.cli.main import VERBS, main, root

SOURCES = Path(turnpike.__file__).parents[1]
RAISING = """\
import sys
import click
from turnpike import errors
from turnpike.cli.main import main, root

@click.command()
@click.option("--json", "as_json", is_flag=True)
def command(as_json):
    raise {error}

sys.modules["turnpike.cli.doctor"] = type(sys)("turnpike.cli.doctor")
sys.modules["turnpike.cli.doctor"].command = command
sys.argv = ["turnpike", "doctor", *sys.argv[1:]]
main()
"""

FAILURES = (
    ("errors.InputError('m', solution='s')", 2, "input.invalid"),
    ("errors.UsageError('m', solution='s')", 2, "input.usage"),
    ("errors.InvalidDocument((errors.Problem('f', 3, 'x', 'a', 'b'),))", 2, "document.invalid"),
    ("errors.CannotDecide('m', solution='s')", 3, "world.failed"),
    ("errors.Unavailable('m', solution='s')", 3, "world.unavailable"),
    ("errors.Interrupted('m', solution='s')", 3, "world.interrupted"),
    ("errors.RepositoryChanged('m', solution='s')", 3, "world.repository-changed"),
    ("errors.IntegrityError('m', solution='s')", 1, "integrity.broken"),
    ("errors.Defect('m', solution='s')", 3, "defect"),
    ("errors.InputError('m', solution='s', code='own.code')", 2, "own.code"),
    ("ValueError('m')", 3, "defect"),
    ("PermissionError(13, 'Permission denied', 'f')", 3, "world.unavailable"),
    ("OSError(28, 'No space left on device', 'f')", 3, "world.unavailable"),
    ("OSError(28, 'No space left on device')", 3, "world.unavailable"),
    ("KeyboardInterrupt()", 3, "interrupted"),
    ("click.UsageError('m')", 2, "input.usage"),
)


def failing(error: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the real command line in a process whose verb fails in this way."""
    return subprocess.run(
        [sys.executable, "-c", RAISING.format(error=error), *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(("error", "exit_code", "code"), FAILURES)
def test_each_family_of_failures_has_its_exit_code_and_json_shape(
    error: str, exit_code: int, code: str
) -> None:
    done = failing(error, "--json")
    assert (done.returncode, done.stderr.strip()) == (exit_code, "")
    report = json.loads(done.stdout)
    assert report["error"] == code
    assert {"error", "message", "solution"} <= set(report)
    assert report["message"]
    assert report["solution"]


def test_people_are_told_code_message_and_next_step_on_standard_error() -> None:
    done = failing("errors.InputError('first\\nsecond \\x1b[2J', solution='do this')")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "turnpike: input.invalid",
        "  first",
        "  second \\u001b[2J",
        "  next: do this",
    ]


def test_the_problems_of_a_document_are_told_one_by_one() -> None:
    done = failing("errors.InvalidDocument((errors.Problem('f', 3, 'x', 'a', 'b'),))", "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem == {"file": "f", "line": 3, "field": "x", "expected": "a", "actual": "b"}


def called(*words: str) -> int:
    """Run the command line here, and return its exit code."""
    kept, sys.argv = sys.argv, ["turnpike", *words]
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = kept
    return int(str(ended.value.code))


@pytest.mark.parametrize("words", [("no-such-verb",), ("status", "--no-such-option"), ("promote",)])
def test_a_call_that_cannot_work_ends_with_two(words: tuple[str, ...]) -> None:
    assert called(*words) == 2


def test_a_wrong_call_tells_machines_in_the_shape_of_every_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called("no-such-verb", "--json") == 2
    assert json.loads(capsys.readouterr().out)["error"] == "input.usage"


def test_a_misspelt_verb_is_told_with_the_one_most_like_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called("promte") == 2
    assert "No such command 'promte'. Did you mean 'promote'?" in capsys.readouterr().err
    assert called("qqq") == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_a_wrong_call_without_advice_of_its_own_leads_to_the_help_of_its_verb() -> None:
    shown = failing("errors.UsageError('m')").stderr.splitlines()[-1]
    assert shown == "  next: `turnpike doctor --help` shows how it is called."
    assert "next:" not in failing("errors.InputError('m')").stderr


def test_the_help_lists_every_verb_without_importing_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called("--help") == 0
    shown = capsys.readouterr().out
    for verb in VERBS:
        assert f"\n  {verb} " in shown


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every verb, and within groups every verb of theirs."""
    context = click.Context(root)
    for verb in VERBS:
        command = root.get_command(context, verb)
        assert command is not None
        members = command.commands if isinstance(command, click.Group) else {"": command}
        yield from ((f"{verb} {name}".strip(), one) for name, one in members.items())


EVERY = dict(commands())


@pytest.mark.parametrize("words", EVERY)
def test_every_verb_says_what_it_does_and_takes_json(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(*words.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert "\\b" not in shown  # of click's mark for lines that stay nothing is left
    assert "--json" in shown
    assert EVERY[words].help


@pytest.mark.parametrize("words", EVERY)
def test_every_option_of_every_verb_is_explained(words: str) -> None:
    options = (one for one in EVERY[words].params if isinstance(one, click.Option))
    assert [one.name for one in options if not one.help] == []


def test_the_exit_codes_are_those_that_the_help_promises() -> None:
    assert "0 done or allowed, 1 denied or broken, 2 bad input, 3 no decision" in (
        root.epilog or ""
    )
    assert errors.InputError.exit_code == 2


DECIDED = """\
import sys
import click
from turnpike.cli.main import main
from turnpike.cli.output import emit, json_option, progress

@click.command()
@click.argument("verdict", type=int)
@json_option
def command(verdict, as_json):
    progress("thinking")
    emit(as_json, ["answer"], ["one", "two"])
    sys.exit(verdict)

sys.modules["turnpike.cli.doctor"] = type(sys)("turnpike.cli.doctor")
sys.modules["turnpike.cli.doctor"].command = command
sys.argv = ["turnpike", "doctor", *sys.argv[1:]]
main()
"""


def unread(program: str, *words: str, output: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program whose output goes to a file, or to a pipe that nobody reads any more."""
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as pipe, Path(output or os.devnull).open("w") as file:
        return subprocess.run(
            [sys.executable, "-c", program, *words],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)},
            stdout=file if output else pipe,
            stderr=subprocess.PIPE if output else pipe,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.mark.parametrize("words", [(), ("--json",)])
@pytest.mark.parametrize("verdict", [0, 1, 3])
def test_who_stops_reading_does_not_change_the_exit_code(
    verdict: int, words: tuple[str, ...]
) -> None:
    assert unread(DECIDED, str(verdict), *words).returncode == verdict


def test_an_error_that_nobody_reads_keeps_its_exit_code() -> None:
    raising = RAISING.format(error="errors.InputError('m', solution='s')")
    assert unread(raising).returncode == 2
    assert unread(raising, "--json").returncode == 2


def test_a_pipe_that_breaks_inside_of_a_verb_decides_nothing() -> None:
    assert failing("BrokenPipeError(32, 'm')").returncode == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [("0",), ("0", "--json")])
def test_a_disk_that_is_full_is_said_on_standard_error(words: tuple[str, ...]) -> None:
    done = unread(DECIDED, *words, output="/dev/full")
    assert done.returncode == 3
    assert "turnpike: output.unwritable\n  standard output: expected" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_error_that_a_full_disk_does_not_take_is_told_on_standard_error() -> None:
    raising = RAISING.format(error="errors.InputError('m', solution='s')")
    done = unread(raising, "--json", output="/dev/full")
    assert (done.returncode, done.stderr) == (2, "turnpike: input.invalid\n  m\n  next: s\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", ["--help", "--version"])
def test_help_that_a_full_disk_does_not_take_is_no_defect(words: str) -> None:
    program = "import sys; from turnpike.cli.main import main; main()"
    done = unread(program, words, output="/dev/full")
    assert done.returncode == 3
    assert "standard output: expected to" in done.stderr
    assert "No space left on device\n  next: " in done.stderr
    assert not {"Traceback", "defect"} & set(done.stderr.replace(":", " ").split())
