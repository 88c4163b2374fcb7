"""A commit object's bytes, read and written; source: git's commit object and signature formats.

See gitformat-signature(5): the signature stands in the header ``gpgsig``, its further lines
indented by one space, and covers the commit without that header.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.git.objects import CommitObject, Identity, Stamp

_IDENTITY = re.compile(
    r"(?P<name>[^<>]*?) ?<(?P<email>[^<>]*)> (?P<time>-?\d+) (?P<zone>[-+]\d{4})"
)
_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*): *(?P<value>.*)")
_CO_AUTHOR = re.compile(
    r"^[\s>]*co-(?:authored|developed)-by\s*:\s*(?P<who>.*?)\s*$", re.IGNORECASE | re.MULTILINE
)
_ADDRESS = re.compile(r"<(?P<email>[^<>]*)>")


def commit_text(
    tree: ObjectId,
    parents: tuple[ObjectId, ...],
    author: Identity,
    committer: Identity,
    message: str,
    when: datetime,
    signature: str | None = None,
) -> bytes:
    """Return the bytes of a commit object; both stamps carry the same moment."""
    headers = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    headers.append(f"author {_stamp_text(author, when)}")
    headers.append(f"committer {_stamp_text(committer, when)}")
    if signature is not None:
        headers.append("gpgsig " + signature.rstrip("\n").replace("\n", "\n "))
    if "\0" in message:
        raise InputError("A commit message may not contain a NUL byte.", solution="Remove it.")
    return ("\n".join(headers) + "\n\n" + message.rstrip("\n") + "\n").encode()


def _stamp_text(who: Identity, when: datetime) -> str:
    if any(c in text for text in (who.name, who.email) for c in "<>\n\0"):
        raise InputError(
            f"A name or address of a commit may not hold <, > or a line break: {who!r}.",
            solution="Correct the name or address.",
        )
    offset = when.utcoffset()
    if offset is None:
        raise InputError(
            "A commit's time needs an offset from UTC.", solution="Pass an aware time."
        )
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{who.name} <{who.email}> {int(when.timestamp())} {sign}{hours:02}{rest:02}"


def parse_commit(commit: ObjectId, content: bytes) -> CommitObject:
    """Return what a commit object says; raises IntegrityError where it is malformed."""
    head, _, body = content.partition(b"\n\n")
    headers = _headers(head.decode("utf-8", "replace"))
    message = body.decode("utf-8", "replace")
    signatures = [value for key, value in headers if key == "gpgsig"]
    return CommitObject(
        id=commit,
        tree=ObjectId(_one(commit, headers, "tree")),
        parents=tuple(ObjectId(value) for key, value in headers if key == "parent"),
        author=_stamp(commit, _one(commit, headers, "author")),
        committer=_stamp(commit, _one(commit, headers, "committer")),
        message=message,
        co_authors=_co_authors(message),
        trailers=_trailers(message),
        signature=signatures[0] + "\n" if len(signatures) == 1 else None,
        signed=_without_signature(head) + b"\n\n" + body,
    )


def _headers(text: str) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if line.startswith(" ") and headers:
            key, value = headers[-1]
            headers[-1] = (key, value + "\n" + line[1:])
        else:
            key, _, value = line.partition(" ")
            headers.append((key, value))
    return headers


def _without_signature(head: bytes) -> bytes:
    kept: list[bytes] = []
    inside = False
    for line in head.split(b"\n"):
        inside = line.startswith(b"gpgsig ") or (inside and line.startswith(b" "))
        if not inside:
            kept.append(line)
    return b"\n".join(kept)


def _one(commit: ObjectId, headers: list[tuple[str, str]], wanted: str) -> str:
    values = [value for key, value in headers if key == wanted]
    if len(values) != 1:
        raise _malformed(commit, f"one {wanted} header", f"{len(values)} of them")
    return values[0]


def _stamp(commit: ObjectId, text: str) -> Stamp:
    match = _IDENTITY.fullmatch(text)
    if match is None:
        raise _malformed(commit, "name, address, time and offset", repr(text))
    zone = match["zone"]
    offset = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    try:
        time = datetime.fromtimestamp(int(match["time"]), UTC).astimezone(timezone(offset))
    except (ValueError, OverflowError, OSError) as error:
        raise _malformed(commit, "a time within the calendar", match["time"] + zone) from error
    return Stamp(match["name"], match["email"], time)


def _malformed(commit: ObjectId, expected: str, actual: str) -> IntegrityError:
    return IntegrityError(
        f"Commit {commit} is malformed: expected {expected}, found {actual}.",
        solution="Nothing honest writes such a commit: write it again with git.",
        code="git.malformed-commit",
    )


def _co_authors(message: str) -> tuple[str, ...]:
    # Read anywhere and in any case: naming one person too many only makes approval stricter.
    found = (match["who"] for match in _CO_AUTHOR.finditer(message))
    return tuple(one for who in found for one in _ADDRESS.findall(who) or (who,))


def _trailers(message: str) -> dict[str, str]:
    paragraphs = message.strip("\n").split("\n\n")
    lines = paragraphs[-1].split("\n") if len(paragraphs) > 1 else []
    found: dict[str, str] = {}
    for match in map(_TRAILER.fullmatch, lines):
        if match is None:
            return {}
        key, value = match["key"], match["value"].strip()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
