"""A container engine whose client is a script: it keeps containers and images as files.

What a real engine does with them is tested in ``contracts``; here it is how it is spoken to, and
what follows from its answers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from turnpike.sandbox.engine import Engine

_SCRIPT = """\
import json, os, pathlib, subprocess, sys
home = pathlib.Path(__file__).parent
words = sys.argv[1:]
def after(option):
    return words[words.index(option) + 1]
def kept(kind, name):
    return home / kind / name.replace("/", "_").replace(":", "_")
match words:
    case ["ps", *_]:
        for file in sorted((home / "containers").iterdir()):
            print(file.name, file.read_text())
    case ["rm", *_, name]:
        kept("containers", name).unlink(missing_ok=True)
    case ["image", "inspect", *_, name]:
        file = kept("images", name)
        if not file.exists():
            sys.exit("no such image")
        print(file.read_text())
    case ["tag", image, name]:
        file = kept("images", image)
        if not file.exists():
            sys.exit("no such image")
        kept("images", name).write_text(file.read_text())
    case ["import", archive, name]:
        kept("images", name).write_text("sha256:" + pathlib.Path(archive).read_text())
    case ["run", *_]:
        (home / "run.json").write_text(json.dumps({"words": words, "environ": dict(os.environ)}))
        (home / "state").write_text((home / "ends").read_text())
        print((home / "said").read_text(), end="")
        sys.exit(int((home / "code").read_text()))
    case ["info", *_]:
        print((home / "limits").read_text())
    case ["inspect", *_]:
        state = home / "state"
        print(state.read_text() if state.exists() and "Status" in after("--format") else "0")
"""


def engine(
    folder: Path,
    *,
    ends: str = "exited 0 false",
    said: str = "",
    code: int = 0,
    limits: bool = True,
) -> Engine:
    """Return an engine whose containers end so: status, exit code, and whether memory ran out.

    ``said`` and ``code`` are what its client prints and returns of a run, ``limits`` whether it can
    cap whole containers.
    """
    client = folder / "docker"
    client.write_text(f"#!{sys.executable}\n{_SCRIPT}", "utf-8")
    client.chmod(0o755)
    for name in ("containers", "images"):
        (folder / name).mkdir(exist_ok=True)
    told = "true true" if limits else "false false"
    for name, text in (("ends", ends), ("said", said), ("code", str(code)), ("limits", told)):
        (folder / name).write_text(text)
    return Engine(client, "unix:///nowhere")
