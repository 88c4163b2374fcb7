from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.signing.private_file import write_private
from turnpike.signing.ssh import create_ssh_key, sign_ssh, signer_of, verify_ssh

MESSAGE = b"reviewed"


def test_a_signature_counts_for_its_key_namespace_and_message_alone(tmp_path: Path) -> None:
    ann, bob = (create_ssh_key(tmp_path / name, name) for name in ("ann", "bob"))
    signature = sign_ssh(tmp_path / "ann", "review", MESSAGE)
    assert verify_ssh(ann, "review", MESSAGE, signature)
    assert not verify_ssh(bob, "review", MESSAGE, signature)
    assert not verify_ssh(ann, "git", MESSAGE, signature)
    assert not verify_ssh(ann, "review", MESSAGE + b".", signature)
    assert not verify_ssh(ann, "review", MESSAGE, "")
    assert not verify_ssh("no key", "review", MESSAGE, signature)


def test_a_signature_names_its_signer(tmp_path: Path) -> None:
    ann = create_ssh_key(tmp_path / "ann", "ann@example.com")
    signature = sign_ssh(tmp_path / "ann", "review", MESSAGE)
    assert signer_of(signature) == " ".join(ann.split()[:2])
    assert signer_of("nothing") is None


def test_a_forged_signer_is_named_and_does_not_verify(tmp_path: Path) -> None:
    ann = create_ssh_key(tmp_path / "ann", "ann")
    bob = create_ssh_key(tmp_path / "bob", "bob")
    signature = sign_ssh(tmp_path / "ann", "review", MESSAGE)
    body = "".join(signature.splitlines()[1:-1])
    forged = body.replace(ann.split()[1][24:60], bob.split()[1][24:60])
    lines = signature.splitlines()
    assert not verify_ssh(bob, "review", MESSAGE, "\n".join([lines[0], forged, lines[-1]]))


@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    write_private(tmp_path / "k", content)
    with pytest.raises(InputError, match="Ed25519"):
        sign_ssh(tmp_path / "k", "git", MESSAGE)


needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine"
)


@needs_ssh_keygen
def test_ssh_keygen_accepts_what_we_sign(tmp_path: Path) -> None:
    line = create_ssh_key(tmp_path / "ann", "ann")
    (tmp_path / "allowed").write_text(f"ann {line}\n")
    (tmp_path / "signature").write_text(sign_ssh(tmp_path / "ann", "git", MESSAGE))
    _keygen(tmp_path, "verify", "-f", "allowed", "-I", "ann", "-n", "git", "-s", "signature")


@needs_ssh_keygen
def test_we_accept_what_ssh_keygen_makes_and_signs(tmp_path: Path) -> None:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", "ann"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=30)
    line = (tmp_path / "ann.pub").read_text()
    signature = _keygen(tmp_path, "sign", "-f", "ann", "-n", "git")
    assert verify_ssh(line, "git", MESSAGE, signature)
    assert verify_ssh(line, "git", MESSAGE, sign_ssh(tmp_path / "ann", "git", MESSAGE))


def _keygen(folder: Path, verb: str, *arguments: str) -> str:
    done = subprocess.run(
        ["ssh-keygen", "-Y", verb, *arguments], cwd=folder, input=MESSAGE, check=True,
        capture_output=True, timeout=30,
    )  # fmt: skip
    return done.stdout.decode()
