"""``turnpike registry`` trusts no server that lacks what main names, and writes no secret down."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from unit.cli.calling import refused, told
from unit.instance.aurora import Aurora
from unit.registry.bad_server import Talk, answers, server

MODEL = "oncology/tumour-malignancy"


@pytest.fixture
def folder(aurora: Aurora, tmp_path: Path) -> Path:
    """Return an instance of its own, which a test may connect to something."""
    copy = tmp_path / "instance"
    shutil.copytree(aurora.instance.folder, copy, symlinks=True)
    return copy


@pytest.mark.parametrize("words", [("show",), ("show", MODEL), ("sync",), ("sync", "--check")])
def test_a_registry_that_is_not_there_yet_is_not_taken_for_an_empty_one(
    aurora: Aurora, words: tuple[str, ...]
) -> None:
    error = refused(aurora.instance.monorepo, "registry", *words)
    assert (error.code, error.exit_code) == ("registry.unavailable", 3)


def test_a_name_that_is_no_model_is_refused_before_anybody_is_asked(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    assert refused(clone, "registry", "show", "oncology").code == "input.model-name"


@pytest.mark.parametrize(
    "address",
    ["", "mlflow", "ftp://host", "https://maria:known-to-me-alone@host", "https://host/?a=b"],
)
def test_what_is_no_servers_address_is_refused_and_not_repeated_whole(
    folder: Path, address: str
) -> None:
    before = (folder / "instance.yaml").read_bytes()
    error = refused(folder, "registry", "connect", address)
    assert error.exit_code == 2
    assert "known-to-me-alone" not in str(error) + error.solution
    assert (folder / "instance.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "talk",
    [answers("<html>Sign in</html>", kind="text/html"), answers("[]"), answers("{}", "401 No")],
    ids=["a page", "another shape", "refused"],
)
def test_a_server_that_is_no_registry_is_not_connected(
    folder: Path, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNPIKE_MLFLOW_TOKEN", "known-to-me-alone")
    before = (folder / "instance.yaml").read_bytes()
    with server(talk) as address:
        error = refused(folder, "registry", "connect", address)
    assert error.exit_code == 3
    assert "known-to-me-alone" not in str(error) + error.solution
    assert (folder / "instance.yaml").read_bytes() == before


def test_a_connected_registry_that_is_away_is_not_taken_for_an_empty_one(folder: Path) -> None:
    with server(answers('{"model_versions": [], "registered_models": []}')) as address:
        told(folder, "registry", "connect", address)
    text = (folder / "instance.yaml").read_text()
    assert address in text
    assert "token" not in text.casefold()
    for words in (("show",), ("sync",), ("sync", "--check")):
        assert refused(folder, "registry", *words).exit_code == 3


def test_permissions_need_a_server(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "registry", "permissions", "--check")
    assert error.code == "registry.embedded"
