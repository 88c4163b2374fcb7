"""Only an ``opa`` that runs, at the pinned version, is ever asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from turnpike.errors import Defect, Unavailable
from turnpike.opa.program import find_program, pinned_version, program_at, start, version_of
from unit.opa.small_policies import program


def script(folder: Path, body: str) -> Path:
    path = folder / "opa"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "require github.com/open-policy-agent/opa v1.2.3\n",
        "require (\n\tgithub.com/open-policy-agent/opa v1.2.3 // indirect\n)\n",
    ],
)
def test_the_pin_is_read_from_the_module_file(text: str) -> None:
    assert pinned_version(text) == "1.2.3"


def test_a_module_file_without_a_pin_is_a_defect() -> None:
    with pytest.raises(Defect):
        pinned_version("require github.com/open-policy-agent/opa-other v1.2.3\n")


def test_the_named_program_comes_before_the_one_on_path(tmp_path: Path) -> None:
    named = script(tmp_path, "")
    assert find_program({"TURNPIKE_OPA": str(named), "PATH": "/nowhere"}) == named


def test_the_program_on_path_is_found(tmp_path: Path) -> None:
    on_path = script(tmp_path, "")
    assert find_program({"PATH": str(tmp_path)}) == on_path


def test_no_program_at_all_is_unavailable_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        find_program({"TURNPIKE_OPA": str(tmp_path / "opa"), "PATH": str(tmp_path)})
    assert caught.value.code == "opa.missing"
    assert caught.value.solution


def test_the_real_program_has_a_version() -> None:
    real = program()
    assert program_at(real.path, real.version) == real


def test_another_version_is_refused() -> None:
    with pytest.raises(Unavailable, match=r"expected OPA 0\.1\.0") as caught:
        program_at(program().path, "0.1.0")
    assert caught.value.code == "opa.wrong-version"


@pytest.mark.parametrize("body", ["print('<html>')", "raise SystemExit(3)"])
def test_a_program_that_says_no_version_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(Unavailable) as caught:
        program_at(script(tmp_path, body), "1.2.3")
    assert caught.value.code == "opa.wrong-version"


def test_a_file_that_cannot_run_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "opa"
    path.write_bytes(b"no program")
    with pytest.raises(Unavailable) as caught:
        version_of(path)
    assert caught.value.code == "opa.missing"


def test_starting_a_program_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        start([str(tmp_path / "opa")], stdin=-3, stdout=-3, stderr=-3)
    assert caught.value.code == "opa.missing"


def test_no_variable_of_the_caller_reaches_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_LOG_LEVEL", "debug")
    show = script(tmp_path, "import os; print('OPA_LOG_LEVEL' in os.environ)")
    with start(
        [str(show)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.communicate()[0] == b"False\n"


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells of a parent's end"
)
def test_the_program_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    child = script(tmp_path, "import time; time.sleep(600)")
    parent = (
        "import subprocess, sys, time; from turnpike.opa.program import start\n"
        f"child = start([{str(child)!r}], stdin=-3, stdout=-3, stderr=-3)\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    assert is_gone(pid)


def is_gone(pid: int) -> bool:
    import time

    for _ in range(6000):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return True
        if state[0] == "Z":
            return True
        time.sleep(0.02)
    return False
