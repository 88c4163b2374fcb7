from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from turnpike.delivery.verifying_step import VerifyingStep, run, verifying_step
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InvalidDocument
from unit.delivery.released import released, released_route

ARTIFACT = digest_of(b"artifact")
COMMAND = ["python", "-m", "turnpike.delivery.verify_artifact"]
ARGUMENTS = ["--digest", ARTIFACT, "--source", "/mnt/fetched", "--destination", "/mnt/models"]


def manifests(files: dict[str, bytes]) -> bytes:
    return next(content for path, content in files.items() if path.endswith("/manifests.yaml"))


def service(command: list[str], arguments: list[str], name: str = "verify-artifact") -> bytes:
    container = {"name": name, "command": command, "args": arguments}
    spec = {"predictor": {"initContainers": [container]}}
    return yaml.safe_dump({"kind": "InferenceService", "spec": spec}).encode()


@pytest.mark.parametrize("target", ["local", "other"])
def test_the_step_is_the_one_that_the_renderer_writes(target: str) -> None:
    content = manifests(released("one", ARTIFACT, target=target))
    step = verifying_step(content, "manifests.yaml")
    assert step is not None
    assert step.digest == ARTIFACT
    assert list(step.command) == COMMAND


def test_a_route_has_no_step() -> None:
    assert verifying_step(manifests(released_route("one")), "manifests.yaml") is None


def test_only_interpreter_and_folders_differ_on_this_machine() -> None:
    step = VerifyingStep(tuple(COMMAND), tuple(ARGUMENTS))
    command = step.with_folders(Path("/store/x"), Path("/served/x"))
    assert command == (
        sys.executable, *COMMAND[1:],
        "--digest", ARTIFACT, "--source", "/store/x", "--destination", "/served/x",
    )  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(service(["rm", "-rf", "/"], ARGUMENTS), id="another program"),
        pytest.param(service([*COMMAND, "--help"], ARGUMENTS), id="an argument in the command"),
        pytest.param(service(COMMAND, ARGUMENTS[2:]), id="no digest"),
        pytest.param(service(COMMAND, [*ARGUMENTS, "--digest", ARTIFACT]), id="an argument more"),
        pytest.param(service(COMMAND, ARGUMENTS, "other"), id="no step"),
        pytest.param(b"kind: InferenceService", id="no pod"),
        pytest.param(b"kind: [", id="not YAML"),
    ],
)
def test_a_service_without_exactly_the_step_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidDocument):
        verifying_step(content, "manifests.yaml")


def test_the_step_runs_as_a_process_and_its_verdict_is_kept(tmp_path: Path) -> None:
    step = VerifyingStep(tuple(COMMAND), tuple(ARGUMENTS))
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored" / "MLmodel").write_bytes(b"other bytes")
    said = run(step, tmp_path / "stored", tmp_path / "served")
    assert said.exit_code == 1
    assert f"expected the artifact {ARTIFACT}" in said.message
