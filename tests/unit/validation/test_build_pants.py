"""What is built is built by the tree's own launcher, in a home without keys or tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.validation.build_pants import package

TELLS = """\
mkdir -p dist
env -0 > dist/environ
printf '%s\\n' "$@" > dist/words
pwd > dist/place
"""
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "secret-1",
    "TURNPIKE_GITEA_TOKEN": "secret-2",
    "DOCKER_CONFIG": "/home/ann/.docker",
    "SSH_AUTH_SOCK": "/tmp/agent",
    "PYTHONPATH": "/somewhere",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "pants").write_text(TELLS)
    return folder


def environ(results: Path) -> dict[str, str]:
    pairs = (results / "environ").read_text().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def test_no_secret_of_this_process_and_no_home_of_this_person_reaches_the_build(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/certs/company.pem")
    cache = tmp_path / "cache"
    found = environ(package(source, cache, ["a:b"], {"DOCKER_HOST": "unix:///x"}))
    assert not SECRETS.keys() & found.keys()
    assert (found["HOME"], found["DOCKER_HOST"]) == (str(cache / "build-home"), "unix:///x")
    assert found["SSL_CERT_FILE"] == "/etc/ssl/certs/company.pem"
    assert list((cache / "build-home").iterdir()) == []


def test_the_targets_are_packaged_in_the_tree_without_a_daemon_that_outlives_it(
    source: Path, tmp_path: Path
) -> None:
    results = package(source, tmp_path / "cache", ["a:b", "c:d"], {}, ("--option=1",))
    assert results == source / "dist"
    assert (results / "place").read_text().strip() == str(source)
    words = (results / "words").read_text().split()
    assert words[-3:] == ["package", "a:b", "c:d"]
    assert {"--no-pantsd", "--option=1"} <= set(words)


def test_a_build_that_fails_tells_the_end_of_its_log_and_how_to_see_all_of_it(
    source: Path, tmp_path: Path
) -> None:
    script = (
        "head -c 9000 /dev/zero | tr '\\0' 'x' >&2\nprintf '\\377 no such target' >&2\nexit 1\n"
    )
    (source / "pants").write_text(script)
    with pytest.raises(InputError, match="no such target") as failed:
        package(source, tmp_path / "cache", ["a:b"], {})
    assert failed.value.code == "build.failed"
    assert len(failed.value.message) < 3000
    assert "./pants package a:b" in failed.value.solution


def test_a_tree_without_a_launcher_is_not_built(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(InputError):
        package(tmp_path / "source", tmp_path / "cache", ["a:b"], {})
