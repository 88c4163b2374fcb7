from __future__ import annotations

from pathlib import Path

from turnpike.evidence.envelope import is_signed_by
from turnpike.evidence.statement import SCAN, statement_about
from turnpike.signing.interface import CommitSigner, Signer
from turnpike.signing.keys import private_file_of
from turnpike.signing.process import SigningProcess
from unit.auditing.small_instance import ARTIFACT, InProcessSigner, new_signer


def _sign(signer: Signer) -> bool:
    envelope = signer.sign(statement_about("m", ARTIFACT, SCAN, {}))
    return is_signed_by(envelope, signer.key)


def _signs_commits(signer: CommitSigner) -> bool:
    return signer.sign_commit(b"tree x").startswith("-----BEGIN SSH SIGNATURE-----")


def test_a_process_is_a_signer_like_any_other(tmp_path: Path) -> None:
    here: InProcessSigner = new_signer("validator", tmp_path)
    with SigningProcess(here.key, private_file_of(tmp_path, here.key.name)) as there:
        assert _sign(here)
        assert _sign(there)


def test_a_gate_signs_commits_too(tmp_path: Path) -> None:
    gate = new_signer("gate", tmp_path)
    with SigningProcess(gate.key, private_file_of(tmp_path, gate.key.name)) as there:
        assert _signs_commits(gate)
        assert _signs_commits(there)
