"""Stands in for Terraform where only what is done around it is tested; end to end it is real."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pydantic import JsonValue

from turnpike.terraform.program import Terraform, find_terraform

_SCRIPT = """\
import json, os, pathlib, sys
words = sys.argv[1:]
if words[0] == "version":
    print(json.dumps({{"terraform_version": "1.11.4"}}))
elif words[0] == "plan":
    out = next(word for word in words if word.startswith("-out=")).removeprefix("-out=")
    pathlib.Path(out).write_bytes(b"the plan's file")
elif words[0] == "show":
    print({said!r})
elif words[0] == "apply":
    print("Apply complete! " + pathlib.Path(words[-1]).read_text())
elif words[0] == "environ":
    print(json.dumps(dict(os.environ)))
elif words[0] == "fail":
    sys.exit("the cloud said no")
"""


def terraform(folder: Path, said: JsonValue = None, **environ: str) -> Terraform:
    """Return a program that plans a file, shows ``said``, and applies what it is given."""
    path = folder / "terraform"
    path.write_text(f"#!{sys.executable}\n{_SCRIPT.format(said=json.dumps(said))}", "utf-8")
    path.chmod(0o755)
    return find_terraform("1.11.4", {"PATH": f"{folder}:{os.environ['PATH']}", **environ})
