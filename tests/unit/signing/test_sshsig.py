from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.signing.sshsig import (
    armoured_signature,
    parse_signature,
    public_line,
    public_of_line,
)

PUBLIC = bytes(range(32))
ARMOURED = armoured_signature(PUBLIC, "git", b"message", lambda _: b"s" * 64)


@given(public=st.binary(min_size=32, max_size=32), namespace=st.text(min_size=1, max_size=20))
def test_what_is_armoured_is_read_back(public: bytes, namespace: str) -> None:
    found = parse_signature(armoured_signature(public, namespace, b"m", lambda _: b"s" * 64))
    assert (found.public, found.namespace, found.signature) == (public, namespace, b"s" * 64)


def test_the_signed_bytes_bind_the_namespace_and_the_message() -> None:
    found = parse_signature(ARMOURED)
    assert found.signed_bytes(b"message") != found.signed_bytes(b"other")
    other = parse_signature(armoured_signature(PUBLIC, "file", b"message", lambda _: b"s" * 64))
    assert found.signed_bytes(b"message") != other.signed_bytes(b"message")


@given(position=st.integers(0, 1000), byte=st.integers(0, 255))
def test_damage_is_refused_or_seen(position: int, byte: int) -> None:
    blob = bytearray(base64.b64decode("".join(ARMOURED.splitlines()[1:-1])))
    position %= len(blob)
    same = blob[position] == byte
    blob[position] = byte
    text = base64.b64encode(bytes(blob)).decode()
    lines = ARMOURED.splitlines()
    try:
        found = parse_signature("\n".join([lines[0], text, lines[-1]]))
    except ValueError:
        assert not same
    else:
        assert same or found != parse_signature(ARMOURED) or _in_reserved(position)


def _in_reserved(position: int) -> bool:
    # magic 6, version 4, key 55, namespace 7: then 4 bytes that tell the length of what is unused
    return 72 <= position < 76


@pytest.mark.parametrize(
    "text",
    ["", "x", ARMOURED.replace("BEGIN", "START"), ARMOURED.replace("U1NI", "!!!!"), ARMOURED[:80]],
)
def test_what_is_no_armour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_signature(text)


def test_a_public_line_gives_the_key_back_whatever_its_comment() -> None:
    assert public_of_line(public_line(PUBLIC, "ann@example.com, laptop")) == PUBLIC
    assert public_of_line(public_line(PUBLIC)) == PUBLIC


@pytest.mark.parametrize("line", ["", "ssh-rsa AAAA", "ssh-ed25519", "ssh-ed25519 AAAA x"])
def test_a_line_that_is_no_ed25519_key_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        public_of_line(line)
