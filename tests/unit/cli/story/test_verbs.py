"""A verb of the story runs in a process of its own, as whoever acts, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import turnpike
from turnpike.cli.story.cast import BOT
from turnpike.cli.story.verbs import Verbs
from turnpike.forge.web import Token

SOURCES = Path(turnpike.__file__).parents[1]
TOKENS = {BOT: Token("of-the-bot"), "maria-lopez": Token("of-maria")}
SAYS = """\
import json, os, sys
given = [os.environ[name] for name in ("TURNPIKE_GITEA_TOKEN", "STORY")]
print(json.dumps([sys.argv[1:], *given, os.getcwd()]))
print(".. training", file=sys.stderr)
sys.exit(int(os.environ["ENDS"]))
"""
CALLS = """\
import sys
from pathlib import Path
from turnpike.cli.story.verbs import Verbs
from turnpike.forge.web import Token

Verbs(Path(sys.argv[1]), {"turnpike-bot": Token("x")}, {"PYTHONPATH": sys.argv[1]})(("serve",))
"""
LASTS = """\
import os, pathlib, subprocess, sys
child = subprocess.Popen(["sleep", "600"])
pathlib.Path("started").write_text(f"{os.getpid()} {child.pid}")
child.wait()
"""


def verbs(folder: Path, ends: int = 0, program: str = SAYS) -> Verbs:
    """Return verbs of another Turnpike, which says how it was called."""
    (folder / "turnpike.py").write_text(program)
    environ = {"PYTHONPATH": str(folder), "STORY": "told", "ENDS": str(ends)}
    return Verbs(folder, TOKENS, environ)


@pytest.mark.parametrize(
    ("words", "token"),
    [
        (("pr", "merge", "1"), "of-the-bot"),
        (("pr", "open", "--as", "maria-lopez"), "of-maria"),
        (("promote", "--as", BOT, "--json"), "of-the-bot"),
    ],
)
def test_a_verb_has_the_token_of_who_acts_and_no_other(
    tmp_path: Path, words: tuple[str, ...], token: str
) -> None:
    code, output, failure = verbs(tmp_path)(words)
    assert (code, failure) == (0, None)
    assert json.loads(output) == [list(words), token, "told", str(tmp_path)]


@pytest.mark.parametrize(("ends", "is_told"), [(0, False), (1, False), (2, True), (3, True)])
def test_progress_is_left_out_and_what_failed_is_told(
    tmp_path: Path, ends: int, is_told: bool
) -> None:
    code, output, _ = verbs(tmp_path, ends)(("gate",))
    assert (code, ".. training" in output) == (ends, is_told)


def is_gone(process: int) -> bool:
    """Tell whether a process ends within a minute; one that waits to be buried has ended."""
    stat = Path(f"/proc/{process}/stat")
    for _ in range(600):
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_an_interrupted_story_ends_the_verb_and_all_that_it_started(tmp_path: Path) -> None:
    (tmp_path / "turnpike.py").write_text(LASTS)
    story = tmp_path / "story.py"
    story.write_text(CALLS)
    process = subprocess.Popen(
        [sys.executable, str(story), str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "PYTHONSAFEPATH": "1"},
        stderr=subprocess.DEVNULL,
    )
    started = tmp_path / "started"
    ends = time.monotonic() + 300
    while not (started.is_file() and started.read_text()):
        assert time.monotonic() < ends
        time.sleep(0.05)
    process.send_signal(2)
    process.wait(300)
    assert all(is_gone(int(one)) for one in started.read_text().split())
