"""Answers of a server that are not MLflow's are no answers; the rest is a contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, IntegrityError, Unavailable
from turnpike.registry.interface import DIGEST_TAG, RegisteredVersion
from turnpike.registry.mlflow_rest import MlflowRestReader
from turnpike.registry.rest import RestServer
from unit.registry.bad_server import answers, server

_DIGEST = "sha256:" + "a" * 64


def _version(**changed: object) -> dict[str, object]:
    version: dict[str, object] = {
        "name": "t.m",
        "version": "1",
        "status": "READY",
        "source": "mlflow-artifacts:/1/r/artifacts/model",
        "tags": [{"key": DIGEST_TAG, "value": _DIGEST}],
        "a_field_of_a_newer_server": {},
    }
    return version | changed


def _find(body: object) -> RegisteredVersion | None:
    text = body if isinstance(body, str) else json.dumps(body)
    with server(answers(text)) as address:
        return MlflowRestReader(RestServer(address)).find("t.m", "1")


def test_a_version_is_read_and_what_newer_servers_add_is_ignored() -> None:
    found = _find({"model_version": _version()})
    assert found is not None
    assert found.digest == _DIGEST


@pytest.mark.parametrize(
    "body",
    [
        "<html>sign in</html>",
        "",
        "{",
        "[]",
        "{}",
        '{"model_version": null}',
        {"model_version": _version(version=1)},
        {"model_version": _version(status=None)},
        {"model_version": _version(tags=[{"key": 1}])},
        {"model_version": _version(tags="none")},
    ],
)
def test_an_answer_of_another_shape_is_unavailable(body: object) -> None:
    with pytest.raises(Unavailable) as failure:
        _find(body)
    assert failure.value.code == "registry.unavailable"


@pytest.mark.parametrize("changed", [{"name": "other.m"}, {"version": "2"}])
def test_an_answer_about_another_version_is_unavailable(changed: dict[str, object]) -> None:
    with pytest.raises(Unavailable, match="another version"):
        _find({"model_version": _version(**changed)})


@pytest.mark.parametrize("version", ["latest", "0", "1/../2", "1&name=x"])
def test_what_is_no_version_number_is_not_even_asked_for(version: str) -> None:
    assert MlflowRestReader(RestServer("http://127.0.0.1:1")).find("t.m", version) is None


def test_versions_of_another_model_in_a_search_are_left_out() -> None:
    page = {"model_versions": [_version(), _version(name="t.m-other", version="2")]}
    with server(answers(json.dumps(page))) as address:
        found = MlflowRestReader(RestServer(address)).versions("t.m")
    assert [version.version for version in found] == ["1"]


def test_a_name_that_could_end_the_filter_is_refused() -> None:
    with pytest.raises(InputError):
        MlflowRestReader(RestServer("http://127.0.0.1:1")).versions("x' OR name LIKE '%")


def test_a_listing_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    listing = json.dumps({"files": [{"path": "../../evil", "is_dir": False}]})
    version = RegisteredVersion("t.m", "1", Digest(_DIGEST), "mlflow-artifacts:/1/r/model")
    with server(answers(listing)) as address, pytest.raises(IntegrityError):
        MlflowRestReader(RestServer(address)).fetch(version, tmp_path / "into")
    assert list(tmp_path.iterdir()) == []


def test_an_artifact_that_the_server_does_not_hand_out_is_unavailable(tmp_path: Path) -> None:
    version = RegisteredVersion("t.m", "1", Digest(_DIGEST), "s3://bucket/model")
    with pytest.raises(Unavailable):
        MlflowRestReader(RestServer("http://127.0.0.1:1")).fetch(version, tmp_path / "into")
    assert not (tmp_path / "into").exists()
