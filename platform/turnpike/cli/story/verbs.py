"""Verbs called as processes of their own, each with the token of whoever acts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from turnpike.cli.story.cast import BOT
from turnpike.errors import TurnpikeError
from turnpike.forge.web import Token

_LONGEST_SECONDS = 600


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
        done = subprocess.run(
            [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", *words],
            cwd=self.clone,
            env={**os.environ, **self.environ, "TURNPIKE_GITEA_TOKEN": self.tokens[who].secret},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_SECONDS,
        )
        failed = done.stderr if done.returncode not in (0, 1) else ""
        return done.returncode, done.stdout + failed, None
