"""Who signs for the gate, as Git and Argo CD are told: ``allowed_signers``, and key ids.

Source: ssh-keygen(1), ALLOWED SIGNERS. Argo CD knows keys by sixteen hexadecimal digits, as GnuPG
does; ``platform/argocd/signatures/gate-signature`` gives it those of a key's fingerprint.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime

from turnpike.signing.ssh import ssh_line_of
from turnpike.topology.key import Key

_ID_BYTES = 8


def gate_signers(keys: Iterable[Key], moment: datetime) -> tuple[Key, ...]:
    """Return the keys with which the gate signs commits at a moment."""
    return tuple(key for key in keys if key.role == "gate" and key.is_valid_at(moment))


def allowed_signers(keys: Iterable[Key]) -> str:
    """Return Git's file of keys that may sign commits: a line for each, after one with its id."""
    return "".join(
        f'# {key_id(key)}\n{key.name} namespaces="git" {ssh_line_of(key)}\n' for key in keys
    )


def key_id(key: Key) -> str:
    """Return the first eight bytes of a key's SHA-256 fingerprint in SSH, in hexadecimal."""
    blob = base64.b64decode(ssh_line_of(key).split()[1])
    return hashlib.sha256(blob).digest()[:_ID_BYTES].hex().upper()
