"""A host's hook is recognised as ours exactly as long as nobody has edited it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from turnpike.git.repository import Repository
from turnpike.instance.host import HOOK, SETTINGS, hook_python, hook_text, set_up_host
from unit.instance.aurora import git


@pytest.mark.parametrize("name", ["/usr/bin/python3", "/a folder/with 'quotes'/python", "/ü/$HOME"])
def test_the_hook_keeps_the_path_of_its_python(tmp_path: Path, name: str) -> None:
    hook = tmp_path / "hook"
    hook.write_text(hook_text(Path(name)))
    assert hook_python(hook) == Path(name)
    subprocess.run(["sh", "-n", str(hook)], check=True)


def test_an_edited_hook_is_not_ours(tmp_path: Path) -> None:
    hook = tmp_path / "hook"
    text = hook_text(Path("/usr/bin/python3"))
    for edited in (text + "exit 0\n", "exit 0\n", text.replace("exec ", "true "), ""):
        hook.write_text(edited)
        assert hook_python(hook) is None
    hook.write_bytes(b"\xff")
    assert hook_python(hook) is None
    assert hook_python(tmp_path / "none") is None


def test_a_host_has_its_settings_and_an_executable_hook(tmp_path: Path) -> None:
    Repository.create(tmp_path / "host.git").close()
    set_up_host(tmp_path / "host.git", Path("/usr/bin/python3"))
    for name, value in SETTINGS.items():
        assert git(tmp_path / "host.git", "config", "--local", name).stdout.strip() == value
    assert (tmp_path / "host.git" / HOOK).stat().st_mode & 0o111
