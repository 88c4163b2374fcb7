from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.evidence.statement import DECISION, ISSUED_BY, payload_of, statement_about
from turnpike.signing.keys import private_file_of
from turnpike.signing.service import RoleKey, load, serve
from turnpike.topology.key import Role
from unit.auditing.small_instance import ARTIFACT, new_signer

ROLES: tuple[Role, ...] = ("registrar", "validator", "observer", "planner", "gate")


def _payload(predicate_type: str) -> bytes:
    return payload_of(statement_about("m", ARTIFACT, predicate_type, {"a": 1}))


def _key(folder: Path, role: Role) -> RoleKey:
    return new_signer(role, folder).private


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signs_its_own_predicates_and_no_others(tmp_path: Path, role: Role) -> None:
    key = _key(tmp_path, role)
    for predicate_type, issuer in ISSUED_BY.items():
        if issuer == role:
            assert key.sign_statement(_payload(predicate_type))
        else:
            with pytest.raises(InputError, match="may not issue"):
                key.sign_statement(_payload(predicate_type))


@pytest.mark.parametrize("role", [role for role in ROLES if role != "gate"])
def test_no_role_but_the_gate_signs_commits(tmp_path: Path, role: Role) -> None:
    with pytest.raises(InputError, match="as a commit"):
        _key(tmp_path, role).sign_commit(b"tree x")


def test_the_gate_signs_nothing_as_a_commit_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="as a commit"):
        _key(tmp_path, "gate").sign_commit(b"I approve")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"_type": "x"}',
        _payload(DECISION) + b" ",
        _payload(DECISION).replace(b"Statement/v1", b"Statement/v0"),
        _payload(DECISION).replace(b'{"_type"', b'{"_type":"x","_type"', 1),
        b"[" * 100_000,
    ],
)
def test_nothing_but_a_canonical_statement_is_signed(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(InputError):
        _key(tmp_path, "gate").sign_statement(body)


def _answers(key: RoleKey, *requests: bytes) -> list[dict[str, str]]:
    out = io.BytesIO()
    serve(key, requests, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_refusal_is_answered_and_the_next_request_is_served(tmp_path: Path) -> None:
    good = json.dumps({"statement": base64.b64encode(_payload(DECISION)).decode()}).encode()
    odd = (b"\n", b"[]\n", b'{"statement": 1}\n', b'{"statement": "!"}\n', b'{"commit": "AA=="}\n')
    greeting, *refused, signed = _answers(_key(tmp_path, "gate"), *odd, good)
    assert set(greeting) == {"public"}
    assert all(set(answer) == {"refused"} for answer in refused)
    assert len(refused) == len(odd)
    assert set(signed) == {"signature"}


@pytest.mark.parametrize("content", [b"", b"AA==", b"not base64!", b"A" * 100])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "k"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(InputError, match="32 bytes"):
        load("gate", file)


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    signer = new_signer("gate", tmp_path)
    with pytest.raises(InputError, match="Expected a role among"):
        load("root", private_file_of(tmp_path, signer.key.name))
