"""What Git and Argo CD are told of the gate's keys, held against OpenSSH and Git themselves."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.signing.allowed_signers import allowed_signers, gate_signers, key_id
from turnpike.signing.ssh import create_ssh_key
from turnpike.signing.sshsig import public_of_line
from turnpike.topology.key import Key
from unit.judge.examples import NOW, RoleKey

SIGNATURES = Path(__file__).resolve().parents[3] / "platform" / "argocd" / "signatures"


def key_of(line: str) -> Key:
    """Return a gate's key with the public half of an OpenSSH key."""
    raw = public_of_line(line)
    public = base64.b64encode(raw).decode()
    return RoleKey("gate").public.model_copy(update={"id": digest_of(raw), "public": public})


class Repository:
    """A repository whose commits are verified as Argo CD's repo-server does it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.allowed = folder / "allowed_signers"
        settings = (SIGNATURES / "gitconfig").read_text("utf-8")
        program = str(SIGNATURES / "gate-signature")
        settings = settings.replace("/app/config/turnpike/gate-signature", program)
        (folder / "gitconfig").write_text(settings.replace("/app/config/turnpike", str(folder)))
        self._environ = {
            **os.environ,
            "GIT_CONFIG_SYSTEM": str(folder / "gitconfig"),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self._environ.pop("GIT_CONFIG_NOSYSTEM", None)
        self.git("init", "--quiet", str(self.folder), inside=False)

    def git(self, *words: str, inside: bool = True) -> str:
        at = ["-C", str(self.folder)] if inside else []
        return subprocess.run(
            ["git", *at, *words], env=self._environ, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, key: Path | None) -> None:
        who = ("-c", "user.name=Gate", "-c", "user.email=gate@example.com")
        # What signs is OpenSSH's own program: only what verifies is ours.
        signed = ("-c", "gpg.format=ssh", "-c", "gpg.ssh.program=ssh-keygen",
                  "-c", f"user.signingkey={key}")  # fmt: skip
        sign = ["--gpg-sign"] if key else ["--no-gpg-sign"]
        self.git(*who, *signed, "commit", "--quiet", "--allow-empty", "--message", "m", *sign)

    def verification(self) -> str:
        """Return what `git verify-commit` says, which Argo CD's ApplicationSets read as well."""
        done = subprocess.run(
            ["git", "-C", str(self.folder), "verify-commit", "HEAD"],
            env=self._environ, check=False, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stderr

    def verdict(self) -> tuple[str, str]:
        """Return the two words by which Argo CD decides: Git's letter, and the key's id."""
        letter, _, key = self.git("log", "-1", "--pretty=format:%G?,%GK").partition(",")
        return letter, key


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_only_the_gates_keys_that_are_valid_sign() -> None:
    gate, ended = RoleKey("gate").public, RoleKey("gate", until=NOW).public
    others = [RoleKey(role).public for role in ("registrar", "validator", "observer", "planner")]
    assert gate_signers([gate, ended, *others], NOW) == (gate,)
    assert gate_signers([gate], NOW - timedelta(days=2)) == ()


def test_each_key_stands_under_its_id() -> None:
    key = RoleKey("gate").public
    told, line = allowed_signers([key]).splitlines()
    assert told == f"# {key_id(key)}"
    assert line.startswith('gate-1 namespaces="git" ssh-ed25519 AAAA')
    assert len(bytes.fromhex(key_id(key))) == 8


def test_a_commit_of_the_gate_is_good_under_the_keys_id(
    repository: Repository, tmp_path: Path
) -> None:
    key = key_of(create_ssh_key(tmp_path / "gate", "gate"))
    repository.allowed.write_text(allowed_signers([key]))
    repository.commit(tmp_path / "gate")
    assert repository.verdict() == ("G", key_id(key))
    # Argo CD, util/sourceintegrity/gpg.go: verificationStartMatch and what follows it.
    assert re.search(
        r"^gpg: Signature made [a-zA-Z0-9 :]+\n"
        rf"gpg:\s+using\s[A-Za-z]+\skey\s{key_id(key)}\n"
        r'gpg: Good signature from "[^"]+" \[full\]$',
        repository.verification(),
        re.MULTILINE,
    )


def test_a_commit_of_anybody_else_is_not_good(repository: Repository, tmp_path: Path) -> None:
    gate = key_of(create_ssh_key(tmp_path / "gate", "gate"))
    stranger = key_of(create_ssh_key(tmp_path / "stranger", "gate"))
    repository.allowed.write_text(allowed_signers([gate]))
    repository.commit(tmp_path / "stranger")
    assert repository.verdict() == ("U", key_id(stranger))
    assert "gpg:" not in repository.verification()
    repository.commit(None)
    assert repository.verdict() == ("N", "")


def test_without_a_list_of_signers_nothing_is_good(repository: Repository, tmp_path: Path) -> None:
    create_ssh_key(tmp_path / "gate", "gate")
    repository.commit(tmp_path / "gate")
    assert repository.verdict()[0] != "G"
