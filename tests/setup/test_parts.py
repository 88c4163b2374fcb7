"""The report names every part, in one shape, on a machine that has nothing."""

from pathlib import Path

from turnpike_setup.layout import Layout
from turnpike_setup.parts import State, survey


def test_on_an_empty_machine_every_part_but_python_is_missing_and_says_what_would_help(
    tmp_path: Path,
) -> None:
    layout = Layout(tmp_path / "cache", {"PATH": str(tmp_path), "HOME": str(tmp_path)})
    parts = {part.name: part for part in survey(layout)}
    ready = {name for name, part in parts.items() if part.state is State.READY}
    assert ready == {"python3.11"}
    assert all(part.fix for name, part in parts.items() if name not in ready)
    assert {"git", "opa", "pants", "docker", "podman", "bubblewrap", "rootfs"} <= set(parts)


def test_a_program_that_answers_is_ready_with_its_version(tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho git version 9.9.9\n", encoding="utf-8")
    program.chmod(0o755)
    layout = Layout(tmp_path / "cache", {"PATH": str(tmp_path), "HOME": str(tmp_path)})
    git = next(part for part in survey(layout) if part.name == "git")
    assert (git.state, git.version, git.path) == (State.READY, "9.9.9", str(program))


def test_an_engine_that_does_not_answer_is_unavailable_with_what_it_said(tmp_path: Path) -> None:
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho no daemon here >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    layout = Layout(tmp_path / "cache", {"PATH": str(tmp_path), "HOME": str(tmp_path)})
    docker = next(part for part in survey(layout) if part.name == "docker")
    assert (docker.state, docker.detail) == (State.UNAVAILABLE, "no daemon here")
