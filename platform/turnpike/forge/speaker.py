"""Who speaks on the embedded host, and what signs in their name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from turnpike.signing.ssh import sign_ssh


@dataclass(frozen=True, slots=True)
class SshSpeaker:
    """A person or bot of organisation.yaml, by id, and the file of their private SSH key."""

    person: str
    private_file: Path

    def sign(self, namespace: str, message: bytes) -> str:
        """Return an armoured SSH signature of a message; raises InputError for an unusable key."""
        return sign_ssh(self.private_file, namespace, message)
