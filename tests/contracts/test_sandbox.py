"""What every sandbox promises, tried in each of them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache as once
from pathlib import Path

import pytest

from contracts.sandboxes import NAMES, REPOSITORY, Confined, confined
from turnpike.errors import Unavailable
from turnpike.sandbox.container import Container
from turnpike.sandbox.engine import Engine
from turnpike.sandbox.interface import Job, Limits, Mount
from turnpike.sandbox.leftovers import OWNER, remove_leftovers
from turnpike.validation.bait import planted

PROBE = (REPOSITORY / "tools/runner/probe.py").read_text()


@once
def _confined(name: str) -> Confined:
    return confined(name)


@pytest.fixture(params=NAMES)
def inside(request: pytest.FixtureRequest) -> Confined:
    return _confined(request.param)


def test_every_attempt_of_the_probe_to_get_out_fails(inside: Confined) -> None:
    with planted() as bait:
        asked = bait.bait.model_dump_json()
        outcome = inside.run(f"{PROBE}\nimport json\nprint(json.dumps(probe({asked})))")
        results = json.loads(outcome.output)
        assert [result for result in results if not result["refused"]] == []
        assert not bait.was_reached()
        listeners = [result for result in results if result["name"] == "platform listener"]
        assert len(listeners) == len(bait.listeners) > 0


def test_the_probe_itself_notices_a_machine_that_is_not_confined() -> None:
    with planted() as bait:
        code = f"{PROBE}\nimport json\nprint(json.dumps(probe({bait.bait.model_dump_json()})))"
        done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True)
        allowed = {r["name"] for r in json.loads(done.stdout) if not r["refused"]}
        assert {"platform listener", "planted key"} <= allowed
        assert bait.was_reached()


def test_a_key_outside_of_the_inputs_cannot_be_seen(inside: Confined, tmp_path: Path) -> None:
    key = tmp_path / "signing.key"
    key.write_text("secret")
    outcome = inside.run(f"print(open({str(key)!r}).read())")
    assert outcome.exit_code == 1
    assert b"secret" not in outcome.output
    assert "FileNotFoundError" in outcome.log


def test_inputs_are_there_and_read_only(inside: Confined, tmp_path: Path) -> None:
    folder = tmp_path / "artifact"
    folder.mkdir(mode=0o700)
    (folder / "model").write_text("bytes")
    (folder / "model").chmod(0o600)
    code = (
        "import os\nprint(open('/inputs/a/model').read())\n"
        "print(os.statvfs('/inputs/a').f_flag & os.ST_RDONLY)\n"
        "open('/inputs/a/model', 'a').write('x')"
    )
    outcome = inside.run(code, mounts=(Mount(folder, "/inputs/a"),))
    assert outcome.output == b"bytes\n1\n"
    assert outcome.exit_code == 1
    assert (folder / "model").read_text() == "bytes"


def test_only_the_scratch_folder_can_be_written_and_it_is_small(inside: Confined) -> None:
    code = "open('/tmp/a', 'w').write('x')\nopen('/tmp/b', 'wb').write(b'x' * 9_000_000)"
    outcome = inside.run(code, Limits(scratch_mebibytes=8))
    assert outcome.exit_code == 1
    assert "OSError" in outcome.log


def test_the_environment_of_this_process_does_not_get_in(
    inside: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNING_TOKEN", "secret")
    outcome = inside.run("import os; print(sorted(os.environ))")
    assert b"SIGNING_TOKEN" not in outcome.output
    assert b"PATH" in outcome.output


def test_one_process_that_eats_memory_is_stopped(inside: Confined) -> None:
    # Slowly enough that whoever watches sees it in time, however busy the machine is.
    eats = "held.append(bytearray(2_000_000)); time.sleep(0.005)"
    code = f"import time\nheld = []\nwhile True: {eats}"
    outcome = inside.run(code, Limits(memory_mebibytes=200, seconds=300))
    assert outcome.stopped == "memory"
    assert outcome.peak_memory_mebibytes < 1500


def test_many_processes_that_eat_memory_together_are_stopped(inside: Confined) -> None:
    code = (
        "import os, time\n"
        "for _ in range(5):\n"
        "    if os.fork() == 0:\n"
        "        held = bytearray(100_000_000); time.sleep(300)\n"
        "time.sleep(300)"
    )
    assert inside.run(code, Limits(memory_mebibytes=300, seconds=300)).stopped == "memory"


def test_a_fork_bomb_is_stopped(inside: Confined) -> None:
    code = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    limits = Limits(processes=20, seconds=300, memory_mebibytes=8000)
    assert inside.run(code, limits).stopped == "processes"


def test_a_hanging_program_is_stopped_with_its_children(inside: Confined) -> None:
    mark = f"100{time.time_ns() % 10**9}"
    code = f"import os\nif os.fork() == 0: os.execv('/usr/bin/sleep', ['sleep', '{mark}'])\n"
    outcome = inside.run(code + "import time; time.sleep(600)", Limits(seconds=3))
    assert outcome.stopped == "time"
    assert _alive(mark) == []


def test_a_child_that_outlives_the_program_is_gone_with_it(inside: Confined) -> None:
    mark = f"100{time.time_ns() % 10**9}"
    code = f"import os\nif os.fork() == 0: os.execv('/usr/bin/sleep', ['sleep', '{mark}'])"
    outcome = inside.run(code, Limits(seconds=300))
    assert (outcome.exit_code, outcome.stopped) == (0, "")
    assert _alive(mark) == []


def test_flooded_output_is_stopped_and_cut(inside: Confined) -> None:
    outcome = inside.run("while True: print('x' * 10_000)", Limits(output_bytes=100_000))
    assert outcome.stopped == "output"
    assert len(outcome.output) == 100_000


def test_the_exit_code_and_all_of_the_output_come_out(inside: Confined) -> None:
    outcome = inside.run("import sys; print('x' * 2_000_000); sys.exit(3)")
    assert (outcome.exit_code, outcome.stopped) == (3, "")
    assert outcome.output == b"x" * 2_000_000 + b"\n"


def test_a_program_that_does_not_exist_is_no_outcome_that_looks_good(inside: Confined) -> None:
    try:
        outcome = inside.sandbox.run(Job(inside.program("/nowhere")))
    except Unavailable:
        return
    assert outcome.exit_code != 0


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupt_leaves_nothing_running(name: str) -> None:
    inside = _confined(name)
    mark = f"100{time.time_ns() % 10**9}"
    script = f"""
import sys, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's child ignores it
sys.path[:0] = {[str(REPOSITORY / "platform"), str(REPOSITORY / "tests"), *sys.path]!r}
from contracts.sandboxes import confined
from turnpike.sandbox.interface import Job, Limits
inside = confined({name!r})
program = inside.program("/usr/bin/sleep", {mark!r})
inside.sandbox.run(Job(program, limits=Limits(seconds=600)))
"""
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)
    try:
        _await(lambda: bool(_alive(mark)), 300)
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=300)
    finally:
        process.kill()
    assert b"KeyboardInterrupt" in log
    _await(lambda: not _alive(mark), 300)
    assert _containers(inside, mark) == ""


def test_an_ended_container_is_removed_once_its_starter_is_dead() -> None:
    inside = _confined("container")
    assert isinstance(inside.sandbox, Container)
    assert inside.image is not None
    engine = inside.sandbox.engine
    gone = subprocess.Popen(["true"])
    gone.wait()
    for name, owner in (("turnpike-of-the-dead", gone.pid), ("turnpike-of-the-living", 1)):
        label = f"{OWNER}={owner}"
        options = ("--name", name, "--label", label, "--network", "none")
        limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
        done = engine.ask("run", *options, *limits, inside.image, "/bin/true")
        assert done.exit_code == 0, done.error
    try:
        _await(lambda: _ended(engine) == 2, 300)  # the engine may learn of it after its client
        remove_leftovers(engine)
        left = engine.ask("ps", "--all", "--format", "{{.Names}}").output.split()
        assert "turnpike-of-the-dead" not in left
        assert "turnpike-of-the-living" in left
    finally:
        engine.ask("rm", "--force", "turnpike-of-the-dead", "turnpike-of-the-living")


def _ended(engine: Engine) -> int:
    names = ("--filter", "name=turnpike-of-the-", "--filter", "status=exited")
    return len(engine.ask("ps", "--all", *names, "--format", "{{.Names}}").output.split())


def _alive(mark: str) -> list[int]:
    return [pid for pid in _pids() if mark.encode() in _command(pid) and b"sleep" in _command(pid)]


def _pids() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())


def _command(pid: int) -> bytes:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
    return b"" if b"import sys" in command else command


def _containers(inside: Confined, mark: str) -> str:
    if not isinstance(inside.sandbox, Container):
        return ""
    listed = inside.sandbox.engine.ask("ps", "--all", "--no-trunc", "--format", "{{.Command}}")
    return "\n".join(line for line in listed.output.splitlines() if mark in line)


def _await(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
