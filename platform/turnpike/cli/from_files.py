"""Judging from files alone: facts, and the policies that they name."""

from __future__ import annotations

import sys
from pathlib import Path

from turnpike.change.gate import AskPolicies, Judged, judge_again
from turnpike.change.policies import asking_of
from turnpike.documents.strict_json import LARGEST, read_json
from turnpike.errors import InputError
from turnpike.installation.naming import cache_folder
from turnpike.judge.coherence import contradictions
from turnpike.judge.facts import FACTS


def read_file(name: str) -> bytes:
    """Return the bytes of a file, of ``-`` those of standard input; never many too many of them.

    Raises InputError where it cannot be read.
    """
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            f"{name}: expected a file that can be read, got: {said}",
            code="input.unreadable",
            solution="Name a file, or - for standard input.",
        ) from error


def judged_from(file: str, bundle: bytes, bundle_name: str) -> tuple[Judged, AskPolicies]:
    """Return the decision on the facts in a file by the policies in a bundle, and nothing else.

    Raises InputError for facts that contradict themselves: no change is like that.
    """
    name = "standard input" if file == "-" else file
    facts = read_json(FACTS, read_file(file), name)
    if found := contradictions(facts, name):
        raise InputError(
            "\n".join(map(str, found)),
            code="facts.contradictory",
            solution="Collect them anew: `turnpike gate --pr NUMBER --print-facts`.",
        )
    ask = asking_of(facts, bundle, bundle_name, cache_folder())
    return judge_again(facts, ask), ask
