"""The SSH signature format, written and read with nothing but a hash and an encoding.

Source: OpenSSH, PROTOCOL.sshsig ("Armored format", "Blob format", "Signed Data"); RFC 4251,
section 5 (string), and RFC 8709 (ssh-ed25519).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

_MAGIC = b"SSHSIG"
_KEY_TYPE = b"ssh-ed25519"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_WIDTH = 70
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class SshSignature:
    """What an armoured signature claims: raw public key, namespace, hash and raw signature."""

    public: bytes
    namespace: str
    hash_name: bytes
    signature: bytes

    def signed_bytes(self, message: bytes) -> bytes:
        """Return the bytes over which the signature must have been made."""
        return _signed_bytes(self.namespace, message, self.hash_name)


def armoured_signature(
    public: bytes, namespace: str, message: bytes, sign: Callable[[bytes], bytes]
) -> str:
    """Return the armoured signature of a message; ``sign`` is raw Ed25519, ``public`` its key."""
    signature = sign(_signed_bytes(namespace, message, b"sha512"))
    blob = (
        _MAGIC
        + struct.pack(">L", 1)
        + _string(_string(_KEY_TYPE) + _string(public))
        + _string(namespace.encode())
        + _string(b"")
        + _string(b"sha512")
        + _string(_string(_KEY_TYPE) + _string(signature))
    )
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def parse_signature(armoured: str) -> SshSignature:
    """Return what an armoured Ed25519 signature says; raises ValueError for anything else."""
    reader = _Reader(_unarmoured(armoured))
    if reader.take(len(_MAGIC)) != _MAGIC or reader.take(4) != struct.pack(">L", 1):
        raise ValueError("not an SSH signature of version 1")
    public = _ed25519_part(reader.string())
    namespace, _reserved = reader.string().decode(), reader.string()
    hash_name = reader.string()
    signature = _ed25519_part(reader.string())
    reader.require_end()
    if hash_name not in _HASHES or not namespace:
        raise ValueError("an unknown hash, or no namespace")
    return SshSignature(public, namespace, hash_name, signature)


def public_line(public: bytes, comment: str = "") -> str:
    """Return a raw Ed25519 public key as it stands in an ``authorized_keys`` file."""
    blob = base64.b64encode(_string(_KEY_TYPE) + _string(public)).decode()
    return f"{_KEY_TYPE.decode()} {blob} {comment}".rstrip()


def public_of_line(line: str) -> bytes:
    """Return the raw Ed25519 public key of such a line; raises ValueError for anything else."""
    kind, _, rest = line.strip().partition(" ")
    if kind != _KEY_TYPE.decode() or not rest:
        raise ValueError(f"expected an ssh-ed25519 public key, got {line[:40]!r}")
    return _ed25519_part(_decoded(rest.split()[0]))


def _signed_bytes(namespace: str, message: bytes, hash_name: bytes) -> bytes:
    digest = _HASHES[hash_name](message).digest()
    parts = (namespace.encode(), b"", hash_name, digest)
    return _MAGIC + b"".join(map(_string, parts))


def _string(content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + content


def _unarmoured(text: str) -> bytes:
    lines = text.strip().splitlines()
    if len(lines) < 3 or lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise ValueError("not an armoured SSH signature")
    return _decoded("".join(line.strip() for line in lines[1:-1]))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _ed25519_part(blob: bytes) -> bytes:
    reader = _Reader(blob)
    kind, content = reader.string(), reader.string()
    reader.require_end()
    if kind != _KEY_TYPE:
        raise ValueError(f"expected an Ed25519 key, got {kind!r}")
    return content


class _Reader:
    """Takes strings off the front of a blob; raises ValueError where it is too short."""

    def __init__(self, blob: bytes) -> None:
        self._rest = blob

    def take(self, size: int) -> bytes:
        if size > len(self._rest):
            raise ValueError("cut short")
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def string(self) -> bytes:
        (size,) = struct.unpack(">L", self.take(4))
        return self.take(size)

    def require_end(self) -> None:
        if self._rest:
            raise ValueError("more than expected")
