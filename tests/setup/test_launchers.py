"""The shell of the launchers and the Python of the set-up name the same places."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from turnpike_setup.environments import environment_path
from turnpike_setup.layout import CHECKOUT, Layout, cache_folder

SOURCED = '. "$1/tools/setup/find.sh"; locate "$1"; printf "%s\n" "$cache" "$core" "$TURNPIKE_OPA"'
PATH = "/usr/local/bin:/usr/bin:/bin"


def in_shell(environ: dict[str, str], folder: Path) -> list[str]:
    done = subprocess.run(
        ["bash", "-euc", SOURCED, "bash", str(CHECKOUT)],
        env={"PATH": PATH, **environ}, cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/home/someone"},
        {"HOME": "/home/someone", "XDG_CACHE_HOME": "/var/cache/some one"},
        {"HOME": "/home/someone", "TURNPIKE_CACHE": "/elsewhere"},
    ],
    ids=["home", "xdg", "named"],
)
def test_both_name_the_same_cache_environment_and_opa(
    environ: dict[str, str], tmp_path: Path
) -> None:
    layout = Layout.of(environ)
    expected = [layout.cache, environment_path(layout, "core"), layout.opa()]
    assert in_shell(environ, tmp_path) == [str(path) for path in expected]


def test_a_relative_cache_is_relative_to_the_working_folder_in_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": "/home/someone", "TURNPIKE_CACHE": "here"}
    assert in_shell(environ, tmp_path)[0] == str(tmp_path / "here") == str(cache_folder(environ))


def test_without_home_the_account_says_where_the_cache_is(tmp_path: Path) -> None:
    expected = str(Path(pwd.getpwuid(os.getuid()).pw_dir, ".cache", "turnpike"))
    assert in_shell({}, tmp_path)[0] == in_shell({"HOME": ""}, tmp_path)[0] == expected
