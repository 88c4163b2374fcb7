"""Somebody speaks with their own key."""

from __future__ import annotations

from pathlib import Path

from turnpike.forge.speaker import SshSpeaker
from turnpike.signing.ssh import create_ssh_key, verify_ssh


def test_a_speaker_signs_for_one_purpose_with_their_own_key(tmp_path: Path) -> None:
    public = create_ssh_key(tmp_path / "key", "maria")
    signature = SshSpeaker("maria", tmp_path / "key").sign("purpose", b"message")
    assert verify_ssh(public, "purpose", b"message", signature)
    assert not verify_ssh(public, "other", b"message", signature)
    assert not verify_ssh(public, "purpose", b"another", signature)
