"""Verbs called as processes of their own, each with the token of whoever acts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from turnpike.cli.story.cast import BOT
from turnpike.errors import TurnpikeError
from turnpike.forge.web import Token

_LONGEST_SECONDS = 1800
_TIDYING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Verbs:
    """Calls verbs in a clone whose Git host knows people by tokens.

    A merge may bring another Turnpike to main, so no verb after it may run in this process.
    """

    clone: Path
    tokens: Mapping[str, Token]
    environ: Mapping[str, str]

    def __call__(self, words: tuple[str, ...]) -> tuple[int, str, TurnpikeError | None]:
        """Call a verb as the person whom ``--as`` names, else as the bot."""
        who = words[words.index("--as") + 1] if "--as" in words else BOT
        process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", *words],
            cwd=self.clone,
            env={**os.environ, **self.environ, "TURNPIKE_GITEA_TOKEN": self.tokens[who].secret},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with ExitStack() as unless_ended:
            unless_ended.callback(_end, process)
            output, said = process.communicate(timeout=_LONGEST_SECONDS)
            unless_ended.pop_all()
        failed = said if process.returncode not in (0, 1) else ""
        return process.returncode, output + failed, None


def _end(process: subprocess.Popen[str]) -> None:
    """End a verb and all that it started, with time to tidy up behind itself."""
    for how, seconds in ((signal.SIGINT, _TIDYING_SECONDS), (signal.SIGKILL, None)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
