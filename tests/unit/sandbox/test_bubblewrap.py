"""A bubblewrap that came to nothing is no run, and what it is told to show is what a job needs.

That it confines is tried with the real one, in ``contracts/test_sandbox.py``.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Unavailable
from turnpike.sandbox.bubblewrap import Bubblewrap, find_bubblewrap
from turnpike.sandbox.interface import Job, Mount, Program, Root

_SCRIPT = """\
import json, os, pathlib, sys
words = sys.argv[1:]
told = {"words": words, "environ": dict(os.environ)}
(pathlib.Path(__file__).parent / "told.json").write_text(json.dumps(told))
with os.fdopen(int(words[words.index("--json-status-fd") + 1]), "w") as status:
    status.write(STATUS)
print("said")
sys.exit(CODE)
"""
ENDED = '{"child-pid": 5}\n{"exit-code": 4}\n'
PROGRAM = Program("test", digest_of(b""), ("/usr/bin/python3", "x.py"))


def bubblewrap(folder: Path, status: str = ENDED, code: int = 4) -> Bubblewrap:
    """Return a stand-in that reports so, ends so, and writes down how it was called."""
    path = folder / "bwrap"
    script = _SCRIPT.replace("STATUS", repr(status)).replace("CODE", str(code))
    path.write_text(f"#!{sys.executable}\n{script}", "utf-8")
    path.chmod(0o755)
    return Bubblewrap(path)


def words(folder: Path) -> list[str]:
    found: list[str] = json.loads((folder / "told.json").read_text())["words"]
    return found


def test_a_program_that_ran_has_an_outcome(tmp_path: Path) -> None:
    outcome = bubblewrap(tmp_path).run(Job(PROGRAM))
    assert (outcome.exit_code, outcome.output, outcome.stopped) == (4, b"said\n", "")


@pytest.mark.parametrize("status", ["", '{"child-pid": 5}\n'])
@pytest.mark.parametrize("code", [0, 1])
def test_a_sandbox_that_never_came_to_be_is_no_outcome_whatever_it_printed(
    tmp_path: Path, status: str, code: int
) -> None:
    with pytest.raises(Unavailable) as failed:
        bubblewrap(tmp_path, status, code).run(Job(PROGRAM))
    assert failed.value.code == "sandbox.bubblewrap-failed"


def test_without_bwrap_the_command_that_helps_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable, match="PATH") as missing:
        find_bubblewrap()
    assert "apt-get install bubblewrap" in missing.value.solution


def test_a_bwrap_that_cannot_confine_is_found_out_before_anything_runs_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bubblewrap(tmp_path, status="", code=1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="could not confine"):
        find_bubblewrap()


def test_nothing_is_shown_but_the_system_the_program_and_its_inputs(tmp_path: Path) -> None:
    inputs, pex = tmp_path / "inputs", tmp_path / "pex"
    program = Program("test", digest_of(b""), ("x",), pex=pex)
    bubblewrap(tmp_path).run(Job(program, mounts=(Mount(inputs, "/inputs/a"),)))
    said = words(tmp_path)
    shown = {said[n + 1]: said[n + 2] for n, word in enumerate(said) if word == "--ro-bind"}
    assert (shown.pop(str(inputs)), shown.pop(str(pex))) == ("/inputs/a", "/program")
    system = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"}
    assert set(shown) <= system | {sys.base_prefix}
    assert not [word for word in said if word in {"--bind", "--dev-bind", "--share-net"}]
    assert {"--unshare-all", "--clearenv", "--new-session", "--die-with-parent"} <= set(said)


def test_a_file_system_of_ones_own_shows_nothing_of_this_machine(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr").mkdir(parents=True)
    (root / "bin").symlink_to("usr/bin")
    program = Program("test", digest_of(b""), ("x",), root=Root(root))
    bubblewrap(tmp_path).run(Job(program))
    said = words(tmp_path)
    shown = [said[n + 1] for n, word in enumerate(said) if word == "--ro-bind"]
    assert shown == [str(root / "usr")]
    assert ("usr/bin", "/bin") in pairwise(said)


def test_the_program_gets_its_own_environment_and_bwrap_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "secret")
    bubblewrap(tmp_path).run(Job(PROGRAM, environment={"OMP_NUM_THREADS": "1"}))
    assert "secret" not in (tmp_path / "told.json").read_text()
    said = words(tmp_path)
    names = [said[n + 1] for n, word in enumerate(said) if word == "--setenv"]
    assert names == ["PATH", "HOME", "OMP_NUM_THREADS"]


def test_a_path_or_value_that_looks_like_an_option_stays_a_value(tmp_path: Path) -> None:
    """What follows ``--`` is the program; before it, each word has its fixed place."""
    program = Program("test", digest_of(b""), ("--share-net", "--bind"))
    bubblewrap(tmp_path).run(Job(program, arguments=("--dev-bind",)))
    said = words(tmp_path)
    assert said[-3:] == ["--share-net", "--bind", "--dev-bind"]
    assert "--" in said[: said.index("--share-net")]
