"""OpenSSH Ed25519 keys of people and of the root: made, signed with, and checked against."""

from __future__ import annotations

import base64
from pathlib import Path

from turnpike.errors import InputError
from turnpike.signing.private_file import read_private, write_private
from turnpike.signing.sshsig import (
    armoured_signature,
    parse_signature,
    public_line,
    public_of_line,
)
from turnpike.topology.key import Key


def create_ssh_key(private_file: Path, comment: str) -> str:
    """Write a new OpenSSH private key (0600) and its ``.pub`` beside it; return the public line.

    Raises InputError where the file exists.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    write_private(private_file, text)
    line = public_line(private.public_key().public_bytes_raw(), comment)
    private_file.with_name(private_file.name + ".pub").write_text(line + "\n")
    return line


def sign_ssh(private_file: Path, namespace: str, message: bytes) -> str:
    """Return the armoured SSH signature of a message; raises InputError for an unusable key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    content = read_private(private_file)
    try:
        private = load_ssh_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(private_file, str(error)) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _unusable(private_file, type(private).__name__)
    public = private.public_key().public_bytes_raw()
    return armoured_signature(public, namespace, message, private.sign)


def verify_ssh(public: str, namespace: str, message: bytes, signature: str) -> bool:
    """Tell whether a public key (``ssh-ed25519 ...``) made the signature in that namespace."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        wanted = public_of_line(public)
        found = parse_signature(signature)
        if found.public != wanted or found.namespace != namespace:
            return False
        signed = found.signed_bytes(message)
        Ed25519PublicKey.from_public_bytes(wanted).verify(found.signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def signer_of(signature: str) -> str | None:
    """Return the public line of the key that an armoured signature names; None if malformed.

    A claim, until ``verify_ssh`` has checked it.
    """
    try:
        return public_line(parse_signature(signature).public)
    except ValueError:
        return None


def ssh_line_of(key: Key) -> str:
    """Return a role's public key as SSH writes it, under which its commits are checked."""
    return public_line(base64.b64decode(key.public), key.name)


def _unusable(private_file: Path, found: str) -> InputError:
    return InputError(
        f"Expected an OpenSSH Ed25519 private key without passphrase in {private_file}, "
        f"found {found}.",
        solution="Make one: ssh-keygen -t ed25519 -N ''",
        code="signing.unusable-key",
    )
