"""Call verbs in this process, in the clone of an instance, as the command line would."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from pydantic import JsonValue

from turnpike.cli.main import VERBS
from turnpike.errors import TurnpikeError


@contextmanager
def at(folder: Path) -> Iterator[None]:
    """Stand in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def told(folder: Path, verb: str, *words: str) -> str:
    """Return what a verb that succeeds prints for people."""
    command = importlib.import_module(f"turnpike.cli.{VERBS[verb][0]}").command
    with at(folder):
        result = CliRunner(catch_exceptions=False).invoke(command, words)
    assert result.exit_code == 0, result.output
    return result.output


def answered(folder: Path, verb: str, *words: str) -> JsonValue:
    """Return what a verb that succeeds prints for machines."""
    value: JsonValue = json.loads(told(folder, verb, *words, "--json"))
    return value


def refused(folder: Path, verb: str, *words: str) -> TurnpikeError:
    """Return the error with which a verb refuses."""
    command = importlib.import_module(f"turnpike.cli.{VERBS[verb][0]}").command
    with at(folder):
        result = CliRunner().invoke(command, words)
    assert isinstance(result.exception, TurnpikeError), (result.exception, result.output)
    return result.exception
