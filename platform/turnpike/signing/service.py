"""The process of one role: reads requests, one JSON object a line, and answers each with another.

Run as ``python -m turnpike.signing.service --role ROLE --key FILE``. Requests: ``{"statement":
base64}`` of a canonical in-toto statement, or, for the gate, ``{"commit": base64}``. Answers:
``{"public": base64}`` once at the start, then ``{"signature": text}`` or ``{"refused": why}``.
Only this process holds the key; it signs nothing that its role may not say.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from turnpike.errors import InputError, TurnpikeError
from turnpike.signing.duties import (
    COMMIT_NAMESPACE,
    COMMIT_SIGNERS,
    DUTIES,
    PAYLOAD_TYPE,
    STATEMENT_TYPE,
)
from turnpike.signing.private_file import read_private
from turnpike.signing.sshsig import armoured_signature

LONGEST_REQUEST = 32 * 1024 * 1024


class RoleKey:
    """A private key that says only what its role may say."""

    def __init__(self, role: str, private: Ed25519PrivateKey) -> None:
        """Hold the key of a role."""
        self._role = role
        self._private = private

    @property
    def public(self) -> bytes:
        """Return the 32 raw bytes of the public half."""
        return self._private.public_key().public_bytes_raw()

    def sign_statement(self, body: bytes) -> str:
        """Return the base64 signature of a statement's DSSE encoding; raises InputError."""
        _require_statement(self._role, body)
        encoded = b"DSSEv1 %d %s %d %s" % (
            len(PAYLOAD_TYPE),
            PAYLOAD_TYPE.encode(),
            len(body),
            body,
        )
        return base64.b64encode(self._private.sign(encoded)).decode()

    def sign_commit(self, signed: bytes) -> str:
        """Return the armoured SSH signature of a commit's bytes; raises InputError."""
        if self._role not in COMMIT_SIGNERS or not signed.startswith(b"tree "):
            raise _refusal(f"A {self._role} may not sign these bytes as a commit.")
        return armoured_signature(self.public, COMMIT_NAMESPACE, signed, self._private.sign)


def load(role: str, file: Path) -> RoleKey:
    """Return the key in a private file; raises InputError for an unusable file or role."""
    if role not in DUTIES:
        raise _refusal(f"Expected a role among {', '.join(DUTIES)}, got {role!r}.")
    try:
        raw = base64.b64decode(read_private(file), validate=True)
        return RoleKey(role, Ed25519PrivateKey.from_private_bytes(raw))
    except (ValueError, binascii.Error) as error:
        raise _refusal(f"Expected 32 bytes of a private key in base64 in {file}.") from error


def _require_statement(role: str, body: bytes) -> None:
    import rfc8785

    try:
        statement = json.loads(body)
        canonical = rfc8785.dumps(statement) == body
        kind, predicate = statement["_type"], statement["predicateType"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _refusal("Expected an in-toto statement.") from error
    if not canonical or kind != STATEMENT_TYPE:
        raise _refusal("Expected the canonical JSON of an in-toto Statement v1.")
    if predicate not in DUTIES[role]:
        raise _refusal(f"A {role} may not issue the predicate {predicate!r}.")


def _refusal(why: str) -> InputError:
    return InputError(
        why,
        solution="Ask the process of the role that may sign this.",
        code="signing.refused",
    )


def serve(key: RoleKey, requests: Iterable[bytes], answers: IO[bytes]) -> None:
    """Answer each request until there are no more."""
    _say(answers, {"public": base64.b64encode(key.public).decode()})
    for line in requests:
        try:
            _say(answers, {"signature": _signature(key, line)})
        except InputError as error:
            _say(answers, {"refused": error.message})


def _signature(key: RoleKey, line: bytes) -> str:
    try:
        match json.loads(line):
            case {"statement": str(body)}:
                return key.sign_statement(base64.b64decode(body, validate=True))
            case {"commit": str(body)}:
                return key.sign_commit(base64.b64decode(body, validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise _refusal(f"Expected one JSON object a line, with base64 inside: {error}.") from error
    raise _refusal("Expected a request with `statement` or `commit`.")


def _say(answers: IO[bytes], what: dict[str, str]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


def _isolate() -> None:
    """Give up the environment, core dumps and being traced by others of the same user."""
    os.environ.clear()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        not_dumpable = 4  # PR_SET_DUMPABLE, prctl(2)
        ctypes.CDLL(None).prctl(not_dumpable, 0, 0, 0, 0)


def main(arguments: list[str]) -> int:
    """Serve one role until the standard input ends."""
    parser = argparse.ArgumentParser(prog="turnpike.signing.service")
    parser.add_argument("--role", required=True)
    parser.add_argument("--key", required=True, type=Path)
    options = parser.parse_args(arguments)
    _isolate()
    try:
        key = load(options.role, options.key)
    except TurnpikeError as error:
        _say(sys.stdout.buffer, {"refused": error.message})
        return error.exit_code
    requests = iter(lambda: sys.stdin.buffer.readline(LONGEST_REQUEST), b"")
    serve(key, requests, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
