"""The AWS modules for real: applied, planned clean, changed, planned clean and destroyed.

The provider is AWS' own; the cloud is moto on loopback. tools/terraform/moto is a root that wires
the modules that moto can play; docs/clouds.md says which it can't, and why. What moto doesn't read
back of a module stands in tools/terraform/moto/overrides, and is no change there.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from turnpike_terraform.modules import require_aws
from turnpike_terraform.programs import Programs
from turnpike_terraform.results import Failure
from turnpike_terraform.tree import CHECKOUT

ROOT = CHECKOUT / "tools" / "terraform" / "moto"
PATIENCE = 300  # seconds until the server answers
NO_CHANGES, CHANGES = 0, 2  # of `terraform plan -detailed-exitcode`


def run(programs: Programs, tree: Path, scratch: Path) -> str:
    """The whole life of the AWS modules; every step must say what is expected.

    A life that fails is lived once more, in a new cloud, and the result tells both: of many runs
    one failed, for a reason that was not found. What is wrong with a module fails each time.
    """
    require_aws(programs, "aws")
    try:
        return _life(programs, tree, scratch / "first")
    except Failure as first:
        return (
            f"{_life(programs, tree, scratch / 'second')}, at the second try; the first:\n{first}"
        )


def _life(programs: Programs, tree: Path, scratch: Path) -> str:
    scratch.mkdir()
    programs.write_settings(scratch)
    work = scratch / "life"
    shutil.copytree(tree / "modules", work / "modules")
    _spare_what_moto_forgets(work / "modules")
    root = work / "root"
    shutil.copytree(ROOT, root)
    with moto(scratch) as port:
        life = Life(programs, root, scratch, port)
        life.step("init", "-backend=false")
        life.step("apply", "-auto-approve")
        count = life.resources()
        life.plan(NO_CHANGES, "after the apply")
        life.change = True
        life.plan(CHANGES, "after the change")
        life.step("apply", "-auto-approve")
        life.plan(NO_CHANGES, "after the changed apply")
        life.step("destroy", "-auto-approve")
        if left := life.resources():
            raise Failure(f"expected nothing after destroy, the state has {left} resources")
    return f"{count} resources applied, planned clean, changed and destroyed"


def _spare_what_moto_forgets(modules: Path) -> None:
    """Lay overrides/<entity>.tf beside the copied modules; everything else of them is applied."""
    for file in sorted((ROOT / "overrides").glob("*.tf")):
        shutil.copy(file, modules / file.stem / "aws" / "moto_override.tf")


class Life:
    """One root against one server; `change` sets the variable of that name."""

    def __init__(self, programs: Programs, root: Path, scratch: Path, port: int) -> None:
        self.programs, self.root, self.scratch, self.change = programs, root, scratch, False
        self.environ = programs.settings(scratch, overriding=False) | {
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true", "TF_VAR_endpoint": f"http://127.0.0.1:{port}",
        }  # fmt: skip

    def step(self, *command: str) -> None:
        """Run one command, which must end with 0."""
        code, said = self._run(*command)
        if code != 0:
            raise Failure(
                f"terraform {command[0]}: expected exit code 0, got {code}\n{self._end_of(said)}"
            )

    def plan(self, expected: int, when: str) -> None:
        """Plan, and expect changes or none."""
        code, said = self._run("plan", "-detailed-exitcode")
        if code != expected:
            message = f"plan {when}: expected exit code {expected}, got {code}"
            raise Failure(f"{message}\n{self._end_of(said)}")

    def resources(self) -> int:
        """How many resources the state has, data apart."""
        _, said = self._run("state", "list")
        return len(
            [at for at in said.splitlines() if at.startswith("module.") and ".data." not in at]
        )

    def _end_of(self, said: str) -> str:
        """Return the end of what Terraform said, and what moto's log has beside good answers."""
        log = (self.scratch / "moto.log").read_text("utf-8", "replace").splitlines()
        odd = [line for line in log if not line.endswith((" 200 -", " 201 -", " 204 -", " 404 -"))]
        return "\n".join((said[-2500:].strip(), "moto's log:", *odd[-12:]))

    def _run(self, *command: str) -> tuple[int, str]:
        changed = {"TF_VAR_change": str(self.change).lower()}
        plain = () if command[0] == "state" else ("-no-color",)
        return self.programs.run([*command, *plain], self.root, **self.environ, **changed)


@contextmanager
def moto(scratch: Path) -> Iterator[int]:
    """A server that plays AWS on a free port of loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with (scratch / "moto.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "turnpike_terraform.moto", str(port)],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        )  # fmt: skip
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(120)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=60):
                return
        except OSError:
            time.sleep(0.2)
    raise Failure("expected moto to answer on loopback, it did not")
