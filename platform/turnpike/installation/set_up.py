"""The product's own set-up, called on first use: what a verb needs is built when it is missed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from turnpike.errors import Unavailable

PRODUCT = Path(__file__).resolve().parents[3]
_SET_UP = PRODUCT / "tools" / "setup"


def can_set_up() -> bool:
    """Say whether this code lies in a checkout that brings its set-up along."""
    return (_SET_UP / "__main__.py").is_file()


def set_up(part: str) -> Path:
    """Make sure that a part is there, with progress on stderr; return its path.

    ``part`` is one that ``./turnpike set-up --help`` lists; ``all`` returns the first one's path.
    Costs a process of 0.1 s where it is there already. Raises Unavailable, with the code
    ``PART.missing``, where the set-up does not end well; it has said why on stderr.
    """
    words = [sys.executable, "-I", str(_SET_UP), part, "--json"]
    asked = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    try:
        return Path(json.loads(asked.stdout)[0]["path"])
    except (ValueError, LookupError, TypeError) as error:
        raise Unavailable(
            f"{part}: expected its set-up to end well, got exit code {asked.returncode}",
            code=f"{part}.missing",
            solution=f"Run it by hand: ./turnpike set-up {part}",
        ) from error
