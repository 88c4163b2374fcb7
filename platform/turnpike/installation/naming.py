"""What an installation is called: only the standard library, since every gate asks this first."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

CONTENT = ("platform", "tools", "turnpike", "pants", "pants.toml", "BUILD", "pyproject.toml")
"""What an installation holds of a commit: the code, the locks and what builds the containers."""


def cache_folder() -> Path:
    """Return the folder for everything that can be made again."""
    named = os.environ.get("TURNPIKE_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "turnpike"


def folder_for(content: Mapping[str, str]) -> Path:
    """Return the folder of the installation with this content: object ids by path."""
    listed = "\n".join(f"{path} {content[path]}" for path in CONTENT if path in content)
    return cache_folder() / "installations" / hashlib.sha256(listed.encode()).hexdigest()[:32]


def folder_at(host: Path, ref: str) -> Path | None:
    """Return the installation of a ref in a bare repository; None where it must be written first.

    One question to git; where anything is odd, the answer is None, and the slow way says why.
    """
    questions = "".join(f"{ref}:{path}\n" for path in CONTENT)
    asked = subprocess.run(
        ["git", "--git-dir", str(host), "cat-file", "--batch-check"],
        input=questions,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": os.environ.get("PATH", os.defpath), "GIT_CONFIG_NOSYSTEM": "1"},
    )
    answers = asked.stdout.splitlines()
    if len(answers) != len(CONTENT):
        return None
    pairs = zip(CONTENT, (answer.split() for answer in answers), strict=True)
    content = {path: words[0] for path, words in pairs if len(words) == 3}
    folder = folder_for(content)
    return folder if content and folder.is_dir() else None
