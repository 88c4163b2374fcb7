"""A part that is missing, wrong or dying blocks with exit code 3, and leaves nothing half done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.world import World

_SCRIPT = """#!/bin/sh
if [ "$1" = version ]; then exec {opa} "$@"; fi
{does}
"""

# A server that takes OPA's place and knows all that OPA was told, its secret as well.
_SERVER = """#!{python}
import hmac, json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

if sys.argv[1] == "version":
    os.execv("{opa}", sys.argv)
SECRET = json.loads(Path(sys.argv[-1], "data.json").read_text())["turnpike"]["server"]["secret"]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        proof = hmac.digest(SECRET.encode(), asked["nonce"].encode(), "sha256").hex()
        body = {body}.replace("PROOF", proof).encode()
        self.send_response({status})
        self.send_header("Content-Length", str(len(body) + {missing}))
        self.end_headers()
        self.wfile.write(body)

host, port = sys.argv[sys.argv.index("--addr") + 1].split(":")
HTTPServer((host, int(port)), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with a merged model."""
    return merged.copied()


@pytest.fixture(scope="module")
def number(bench: Bench) -> int:
    """A pull request that would be allowed if all parts were there."""
    return bench.proposed(bench.draft("diabetes").edited(DESCRIPTION))


def assert_blocked(world: World, number: int, code: str) -> None:
    """Neither the gate nor a merge decides, and both refs stay where they are."""
    before = world.main, world.record
    for told in (world.gate(number), world.merge(number)):
        assert told.code == 3, str(told)
        assert told.json()["error"] == code, str(told)
        assert told.json()["message"]
        assert told.json()["solution"]
    assert (world.main, world.record) == before


def opa(folder: Path, text: str) -> str:
    """Write a program that takes the place of OPA; return its path."""
    program = folder / "opa"
    program.write_text(text.replace("{opa}", os.environ["TURNPIKE_OPA"]))
    program.chmod(0o755)
    return str(program)


def test_a_missing_opa_blocks(
    bench: Bench, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = shutil.which("git")
    assert git
    (tmp_path / "git").symlink_to(git)
    monkeypatch.setenv("TURNPIKE_OPA", str(tmp_path / "opa"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert_blocked(bench.world, number, "opa.missing")


def test_opa_is_set_up_on_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from turnpike.change.policies import opa_program
    from turnpike.opa.program import version_of

    built, cache = Path(os.environ["TURNPIKE_OPA"]), tmp_path / "cache"
    named = cache / built.relative_to(os.environ["TURNPIKE_CACHE"])
    (tmp_path / "opa").symlink_to(built)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("TURNPIKE_CACHE", str(cache))
    monkeypatch.setenv("TURNPIKE_OPA", str(named))
    assert opa_program(version_of(built)).path == named


def test_an_opa_of_another_version_blocks(
    bench: Bench, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNPIKE_OPA", opa(tmp_path, "#!/bin/sh\necho Version: 0.1.0\n"))
    assert_blocked(bench.world, number, "opa.wrong-version")


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("kill -9 $$", "opa.stopped"),
        ('{opa} "$@" & kill -9 $! ; kill -9 $$', "opa.stopped"),
        ("echo '<html>'", "opa.stopped"),
        ("exit 2", "opa.stopped"),
    ],
    ids=["killed at once", "killed in the middle", "no server", "failing"],
)
def test_an_opa_that_does_not_serve_blocks(
    bench: Bench, number: int, does: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNPIKE_OPA", opa(tmp_path, _SCRIPT.replace("{does}", does)))
    assert_blocked(bench.world, number, code)


@pytest.mark.parametrize(
    ("body", "status", "missing", "code"),
    [
        ("{}", 200, 0, "opa.undefined"),
        ("<html>", 200, 0, "opa.not-json"),
        ('{"result": {"results": [], "proof": "PROOF"}}', 200, 0, "opa.incomplete"),
        ('{"result": {"results": true, "proof": "PROOF"}}', 200, 0, "opa.wrong-shape"),
        ('{"result": {"results": [], "proof": "00"}}', 200, 0, "opa.impostor"),
        ('{"result": {"results": [], "proof": "PROOF"}}', 500, 0, "opa.refused"),
        ('{"result": {"results": [], "pro', 200, 99, "opa.truncated"),
    ],
    ids=["undefined", "HTML", "no answers", "another shape", "no proof", "error", "truncated"],
)
def test_an_opa_that_does_not_answer_as_it_must_blocks(
    bench: Bench, number: int, body: str, status: int, missing: int, code: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    text = _SERVER.replace("{python}", sys.executable).replace("{body}", repr(body))
    text = text.replace("{status}", str(status)).replace("{missing}", str(missing))
    monkeypatch.setenv("TURNPIKE_OPA", opa(tmp_path, text))
    assert_blocked(bench.world, number, code)


def test_an_opa_that_is_killed_while_it_serves_many_blocks_all(
    bench: Bench, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNPIKE_OPA", opa(tmp_path, _SCRIPT.replace("{does}", "kill -9 $$")))
    told = bench.world.call("gate", "--pr", str(number), "--pr", str(number), "--json")
    assert (told.code, told.json()["error"]) == (3, "opa.stopped")


def emptied(database: Path) -> None:
    database.write_bytes(b"")


def corrupted(database: Path) -> None:
    database.write_bytes(b"<html>not a database</html>" * 100)


@pytest.mark.parametrize("broken", [Path.unlink, emptied, corrupted])
def test_a_registry_without_its_database_blocks(
    bench: Bench, number: int, broken: Callable[[Path], None]
) -> None:
    database = bench.world.folder / "registry" / "mlflow.db"
    whole = database.read_bytes()
    try:
        broken(database)
        assert_blocked(bench.world, number, "registry.unavailable")
    finally:
        database.write_bytes(whole)


def test_a_registry_that_somebody_keeps_locked_blocks(bench: Bench, number: int) -> None:
    database = bench.world.folder / "registry" / "mlflow.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert_blocked(bench.world, number, "registry.unavailable")
        writer.execute("ROLLBACK")


def test_a_record_that_is_gone_blocks(bench: Bench, number: int) -> None:
    own = bench.copied()
    own.world.git("update-ref", "-d", "refs/heads/turnpike/record", at=own.world.host)
    main = own.world.main
    for told in (own.world.gate(number), own.world.merge(number)):
        assert told.code == 3
    assert own.world.main == main


def test_a_git_object_that_is_corrupt_blocks(bench: Bench, number: int) -> None:
    world = bench.copied().world
    blob = world.git("rev-parse", "refs/heads/main:policies/data/organisation.yaml", at=world.host)
    for repository in (world.host, world.monorepo / ".git"):
        corrupt_object(repository, blob)
    assert_blocked(world, number, "git.corrupt-object")
    checked = world.call("check", "policies", "--json")
    assert (checked.code, checked.json()["error"]) == (3, "git.corrupt-object"), str(checked)


def corrupt_object(repository: Path, name: str) -> None:
    """Let a repository hold other bytes under an object's name."""
    file = repository / "objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(zlib.compress(b"blob 5\0wrong"))


def test_all_was_well_without_the_broken_part(bench: Bench, number: int) -> None:
    assert bench.world.gate(number).code == 0
