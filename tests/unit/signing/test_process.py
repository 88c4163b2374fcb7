from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from turnpike.errors import InputError, Unavailable
from turnpike.evidence.envelope import is_signed_by
from turnpike.evidence.statement import DECISION, VALIDATION, statement_about
from turnpike.signing.keys import private_file_of
from turnpike.signing.process import SigningProcess
from turnpike.signing.ssh import ssh_line_of, verify_ssh
from unit.auditing.small_instance import ARTIFACT, InProcessSigner, new_signer

SAID = statement_about("m", ARTIFACT, DECISION, {"a": 1})


@pytest.fixture
def gate(tmp_path: Path) -> InProcessSigner:
    return new_signer("gate", tmp_path)


@pytest.fixture
def file(tmp_path: Path, gate: InProcessSigner) -> Path:
    return private_file_of(tmp_path, gate.key.name)


def test_what_the_child_signs_verifies_with_the_public_key(
    gate: InProcessSigner, file: Path
) -> None:
    with SigningProcess(gate.key, file) as process:
        assert is_signed_by(process.sign(SAID), gate.key)
        assert verify_ssh(ssh_line_of(gate.key), "git", b"tree x", process.sign_commit(b"tree x"))


def test_a_refusal_is_told_and_the_child_goes_on(gate: InProcessSigner, file: Path) -> None:
    with SigningProcess(gate.key, file) as process:
        with pytest.raises(InputError, match="may not issue"):
            process.sign(statement_about("m", ARTIFACT, VALIDATION, {"a": 1}))
        assert is_signed_by(process.sign(SAID), gate.key)


def test_a_large_statement_passes_the_channel_whole(gate: InProcessSigner, file: Path) -> None:
    said = statement_about("m", ARTIFACT, DECISION, {"a": "x" * 3_000_000})
    with SigningProcess(gate.key, file) as process:
        assert is_signed_by(process.sign(said), gate.key)


def test_the_environment_of_the_child_is_empty(
    gate: InProcessSigner, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with SigningProcess(gate.key, file) as process:
        process.sign(SAID)
        environment = Path(f"/proc/{process._child.pid}/environ")
        try:
            content = environment.read_bytes()
        except PermissionError:
            content = b""  # not dumpable: not even its owner may look
        assert b"hunter2" not in content


def test_a_key_that_others_can_read_is_not_used(gate: InProcessSigner, file: Path) -> None:
    file.chmod(0o644)
    with (
        SigningProcess(gate.key, file) as process,
        pytest.raises(InputError, match="owner alone"),
    ):
        process.sign(SAID)


def test_the_private_half_of_another_key_is_noticed(gate: InProcessSigner, tmp_path: Path) -> None:
    new_signer("gate", tmp_path, "other")
    with (
        SigningProcess(gate.key, private_file_of(tmp_path, "other")) as process,
        pytest.raises(InputError, match="is not that of the public key"),
    ):
        process.sign(SAID)


def test_a_missing_key_is_named(gate: InProcessSigner, tmp_path: Path) -> None:
    with (
        SigningProcess(gate.key, tmp_path / "none.key") as process,
        pytest.raises(InputError, match=r"none\.key"),
    ):
        process.sign(SAID)


def test_a_killed_child_is_unavailable(gate: InProcessSigner, file: Path) -> None:
    with SigningProcess(gate.key, file) as process:
        process.sign(SAID)
        os.kill(process._child.pid, signal.SIGKILL)
        process._child.wait()
        with pytest.raises(Unavailable, match="did not answer"):
            process.sign(SAID)


def test_a_child_that_hangs_is_given_up(gate: InProcessSigner, file: Path) -> None:
    with SigningProcess(gate.key, file, seconds=0.5) as process:
        os.kill(process._child.pid, signal.SIGSTOP)
        with pytest.raises(Unavailable, match="did not answer"):
            process.sign(SAID)
