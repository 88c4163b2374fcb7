"""What an attacker writes by hand: odd tree entries, statements and reviews that lie."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from end_to_end.people import AUTHORS
from end_to_end.world import World
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.evidence.envelope import Envelope, Signature, encode_for_signing
from turnpike.evidence.statement import PAYLOAD_TYPE, Statement, payload_of
from turnpike.forge.atomic_push import Move, push_atomically
from turnpike.forge.event import NAMESPACE, Event, EventKind, EventState, encode
from turnpike.forge.refs import event_ref
from turnpike.git.repository import Repository
from turnpike.signing.ssh import sign_ssh

REGULAR, EXECUTABLE, LINK, SUBMODULE = "100644", "100755", "120000", "160000"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """A tree entry as no work tree would have it; a submodule's content is a commit's id."""

    path: bytes
    content: bytes
    mode: str = REGULAR


def raw_commit(world: World, by: str, entry: RawEntry) -> ObjectId:
    """Commit an entry on main by plumbing alone, which looks at no name and no mode."""
    world.git("fetch", "--quiet", "origin")
    main = world.main
    tree = _tree_with(world.monorepo, main, entry.path.split(b"/"), entry)
    who = AUTHORS[by]
    with Repository(world.monorepo) as clone:
        return clone.write_commit(ObjectId(tree), (main,), who, who, "Odd\n", datetime.now(UTC))


def _tree_with(clone: Path, treeish: str, steps: list[bytes], entry: RawEntry) -> str:
    """Write a tree in which the entry stands below the steps; return its id."""
    name, *inner = steps
    listed = _plumbing(clone, b"", "ls-tree", "-z", treeish) if treeish else b""
    lines = [line for line in listed.split(b"\0") if line]
    before = [line for line in lines if line.partition(b"\t")[2] == name]
    if inner:
        below = before[0].split()[2].decode() if before else ""
        new = f"040000 tree {_tree_with(clone, below, inner, entry)}"
    else:
        new = _line_of(clone, entry)
    lines = [line for line in lines if line not in before]
    lines.append(new.encode() + b"\t" + name)
    made = _plumbing(clone, b"\0".join(lines) + b"\0", "mktree", "-z", "--missing")
    return made.decode().strip()


def _line_of(clone: Path, entry: RawEntry) -> str:
    if entry.mode == SUBMODULE:
        return f"{entry.mode} commit {entry.content.decode()}"
    blob = _plumbing(clone, entry.content, "hash-object", "-w", "--stdin").decode().strip()
    return f"{entry.mode} blob {blob}"


def _plumbing(clone: Path, stdin: bytes, *words: str) -> bytes:
    done = subprocess.run(
        ["git", *words], cwd=clone, input=stdin, capture_output=True, check=True, timeout=300
    )
    return done.stdout


# --- statements -----------------------------------------------------------------------------------

Forge = Callable[[World, Statement], Envelope]


def signed_with_the_key_of(role: str) -> Forge:
    """Sign as somebody would who has stolen the key of another role."""

    def forged(world: World, statement: Statement) -> Envelope:
        raw = base64.b64decode((world.folder / "keys" / f"{role}.key").read_bytes())
        return _envelope(payload_of(statement), raw)

    return forged


def signed_with_a_key_of_ones_own(world: World, statement: Statement) -> Envelope:
    """Sign with a key that nobody has heard of."""
    return _envelope(payload_of(statement), sha256(b"a key of one's own").digest())


def signed_for_somebody_else(world: World, statement: Statement) -> Envelope:
    """Name the validator's key, and sign with another."""
    honest = signed_with_the_key_of("validator")(world, statement)
    forged = signed_with_a_key_of_ones_own(world, statement)
    named = Signature(keyid=honest.signatures[0].keyid, sig=forged.signatures[0].sig)
    return forged.model_copy(update={"signatures": (named,)})


def unsigned(world: World, statement: Statement) -> Envelope:
    """Name the validator's key, and leave the signature empty."""
    honest = signed_with_the_key_of("validator")(world, statement)
    named = Signature(keyid=honest.signatures[0].keyid, sig="")
    return honest.model_copy(update={"signatures": (named,)})


def edited_after_signing(world: World, statement: Statement) -> Envelope:
    """Change the statement's words below an honest signature."""
    honest = signed_with_the_key_of("validator")(world, statement)
    edited = payload_of(statement).replace(b'"passed":true', b'"passed":true ', 1)
    return honest.model_copy(update={"payload": base64.b64encode(edited).decode()})


def spelt_otherwise(world: World, statement: Statement) -> Envelope:
    """Let the validator's own key sign bytes that are no canonical statement."""
    raw = base64.b64decode((world.folder / "keys" / "validator.key").read_bytes())
    return _envelope(payload_of(statement) + b" ", raw)


def _envelope(body: bytes, raw: bytes) -> Envelope:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(raw)
    signature = key.sign(encode_for_signing(PAYLOAD_TYPE, body))
    named = Signature(
        keyid=digest_of(key.public_key().public_bytes_raw()),
        sig=base64.b64encode(signature).decode(),
    )
    payload = base64.b64encode(body).decode()
    return Envelope(payload=payload, payload_type=PAYLOAD_TYPE, signatures=(named,))


# --- events of pull requests ----------------------------------------------------------------------


def say(
    world: World, number: int, account: str, key: Path, kind: EventKind = "reviewed",
    state: EventState = "approved",
) -> None:  # fmt: skip
    """Push an event in the name of an account, signed with any key."""
    head = world.ref(f"refs/pull/{number}/head")
    event = Event(
        kind=kind,
        genesis=world.house.instance.genesis,
        pull_request=number,
        commit=head,
        account=account,
        at=datetime.now(UTC),
        state=state,
    )
    content = encode(event, sign_ssh(key, NAMESPACE, event.signed_bytes()))
    with Repository(world.monorepo) as clone:
        ref = event_ref(number, sha256(content).hexdigest())
        push_atomically(clone, str(world.host), Move(ref, clone.write_blob(content), None))
