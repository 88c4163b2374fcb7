"""Where the model server's own Python is; set up on first use."""

from __future__ import annotations

from pathlib import Path

from turnpike.installation.set_up import set_up


def serving_python() -> Path:
    """Return the interpreter of the serving environment; raises Unavailable without one."""
    return set_up("serving") / "bin" / "python"
