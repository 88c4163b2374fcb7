"""Set up the bare repository of the embedded host: its settings, its hook, and its pins."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from turnpike.git.process import Git
from turnpike.topology.instance import InstanceDocument

HOOK = "hooks/pre-receive"
SETTINGS = {
    # A setting of the machine or of whoever pushes could otherwise name other hooks.
    "core.hooksPath": "hooks",
    "core.logAllRefUpdates": "true",
    "receive.fsckObjects": "true",
    "receive.denyNonFastForwards": "true",
    "receive.maxInputSize": str(256 * 1024 * 1024),
    "receive.autogc": "false",
    "gc.auto": "0",
}

_HOOK_TEXT = """\
#!/bin/sh
# Written by `turnpike init`. Lets a push in or refuses it; see turnpike/cli/host_hook.py.
instance=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
PYTHONPATH=$instance/installation/platform PYTHONNOUSERSITE=1 PYDANTIC_DISABLE_PLUGINS=__all__
export PYTHONPATH PYTHONNOUSERSITE PYDANTIC_DISABLE_PLUGINS
unset PYTHONHOME PYTHONSTARTUP
if ! [ -x {python} ]; then
  echo "turnpike: host.no-python: expected Python at" {python} "- run turnpike doctor" >&2
  exit 1
fi
exec {python} -P -s -X utf8 -m turnpike.cli.host_hook "$instance"
"""


def set_up_host(host: Path, python: Path) -> None:
    """Write settings and hook into a bare repository; ``python`` runs the hook."""
    git = Git(host)
    for name, value in SETTINGS.items():
        git.run("config", name, value)
    hook = host / HOOK
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(hook_text(python))
    hook.chmod(0o755)


def hook_text(python: Path) -> str:
    """Return the hook; it finds its instance from where it lies, so that the folder may move."""
    return _HOOK_TEXT.format(python=shlex.quote(str(python)))


def hook_python(hook: Path) -> Path | None:
    """Return the Python that a hook of ours runs with; None where it is not ours, or was edited."""
    try:
        text = hook.read_text()
    except (OSError, UnicodeDecodeError):
        return None
    runs = [line for line in text.splitlines() if line.startswith("exec ")]
    words = shlex.split(runs[0]) if len(runs) == 1 else []
    python = Path(words[1]) if len(words) > 1 else None
    return python if python and hook_text(python) == text else None


def pins_of(document: InstanceDocument) -> dict[str, str]:
    """Return what the hook must not read from Git: the genesis and the first keys."""
    return {
        "genesis": document.genesis,
        "rootKey": document.root_key,
        "gateKey": document.gate_key,
    }


def write_pins(file: Path, document: InstanceDocument) -> None:
    """Write the pins."""
    file.write_text(json.dumps(pins_of(document), indent=2) + "\n")
