"""A role's signer, as the rest of Turnpike sees it: a child process that alone holds the key."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from turnpike.errors import InputError, Unavailable
from turnpike.evidence.envelope import Envelope, envelope_of
from turnpike.evidence.statement import Statement, payload_of
from turnpike.topology.key import Key

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0


class SigningProcess:
    """The child process of one role; starts at once, is used with ``with``, and may serve many.

    Raises InputError where the key is unusable or the role may not sign what it is asked to,
    Unavailable where the child died or is stuck.
    """

    def __init__(self, key: Key, private_file: Path, *, seconds: float = _SECONDS) -> None:
        """Start the process; it gets ready while the caller goes on."""
        self._key = key
        self._greeted = False
        self._buffer = b""
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(seconds)
        self._child = subprocess.Popen(
            [
                sys.executable, "-s", "-P", "-m", "turnpike.signing.service",
                "--role", key.role, "--key", str(private_file.absolute()),
            ],
            env={"PYTHONPATH": _search_path(), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the caller, who then closes it
        )  # fmt: skip
        theirs.close()

    @property
    def key(self) -> Key:
        """Return the public key."""
        return self._key

    def __enter__(self) -> SigningProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def sign(self, statement: Statement) -> Envelope:
        """Return the statement in an envelope, signed by the child."""
        signature = self._ask("statement", payload_of(statement))
        return envelope_of(statement, self._key.id, base64.b64decode(signature))

    def sign_commit(self, signed: bytes) -> str:
        """Return the armoured SSH signature of a commit's bytes; only the gate's child does."""
        return self._ask("commit", signed)

    def close(self) -> None:
        """End the child."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        self._channel.close()

    def _ask(self, kind: str, content: bytes) -> str:
        self._greet()
        request = json.dumps({kind: base64.b64encode(content).decode()}).encode() + b"\n"
        try:
            self._channel.sendall(request)
        except OSError:
            raise self._dead() from None
        return self._answer("signature")

    def _greet(self) -> None:
        """Check once that the child holds the private half of this very key."""
        if self._greeted:
            return
        if self._answer("public") != self._key.public:
            raise InputError(
                f"The private key of {self._key.role} is not that of the public key "
                f"{self._key.name} ({self._key.id}).",
                solution="Name the private file that belongs to the key in policies/keys/.",
                code="signing.wrong-key",
            )
        self._greeted = True

    def _answer(self, wanted: str) -> str:
        match json.loads(self._line()):
            case {"refused": str(why)}:
                raise InputError(
                    why,
                    solution="Use the key, and the role, that may sign this.",
                    code="signing.refused",
                )
            case answer if isinstance(answer, dict) and isinstance(answer.get(wanted), str):
                return str(answer[wanted])
        raise self._dead()

    def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            self._buffer += self._more()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _more(self) -> bytes:
        try:
            more = self._channel.recv(65536)
        except OSError:
            raise self._dead() from None
        if not more:
            raise self._dead()
        return more

    def _dead(self) -> Unavailable:
        self.close()
        return Unavailable(
            f"The signing process of the role {self._key.role} did not answer as it must.",
            solution="Run the command again; nothing was signed.",
            code="signing.unavailable",
        )


def _search_path() -> str:
    """Return where the child finds this package and what it needs, wherever those came from."""
    return os.pathsep.join([str(_ROOT), *(entry for entry in sys.path if entry)])
