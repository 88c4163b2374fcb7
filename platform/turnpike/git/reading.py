"""Objects read through one lasting ``git cat-file --batch-command``; each is checked by its name.

git itself does not hash what it reads in a batch, so a changed byte on the disk would pass.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import IO, TypeVar

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError, Unavailable
from turnpike.git.commit_text import parse_commit
from turnpike.git.objects import CommitObject
from turnpike.git.pack import object_id
from turnpike.git.process import SECONDS, Git, end, pipes_of

T = TypeVar("T")
_NO_REPOSITORY = re.compile("not a git repository|No such file or directory")

# The requests of a round fit the 64 KiB of a pipe, so that writing them never blocks.
_ROUND = 64
_LONGEST_NAME = 900
_READ = 1 << 20
LARGEST = 64 * 1024 * 1024
"""As much as a JSON document may have: the facts of a train of 1,000 promotions take 22 MB."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an object is, without its content."""

    id: ObjectId
    kind: str
    size: int


class ObjectReader:
    """The lasting child; started when first asked, usable by several threads in turn."""

    def __init__(self, git: Git, *, seconds: float = SECONDS) -> None:
        """Read the objects of one git directory; ``seconds`` is how long one answer may take."""
        self._git = git
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._buffer = bytearray()

    def headers(self, names: Iterable[str]) -> Iterator[Header | None]:
        """Yield the header of each name (an id or ``commit:path``), in order; None if missing."""
        for requests in _rounds(f"info {name}" for name in names):
            yield from self._answers(requests, self._header)

    def contents(
        self, ids: Iterable[ObjectId], *, largest: int = LARGEST
    ) -> Iterator[tuple[Header, bytes]]:
        """Yield header and content of each object, in order.

        Raises IntegrityError for one whose content does not have its name, InputError for one that
        is missing or larger than ``largest`` bytes.
        """
        for requests in _rounds(f"contents {name}" for name in ids):
            yield from self._answers(requests, lambda request: self._content(request, largest))

    def close(self) -> None:
        """End the child, if there is one; the next request starts another."""
        if self._child is not None:
            end(self._child)
        if self._errors is not None:
            self._errors.close()
        self._child, self._errors = None, None
        self._buffer.clear()

    def _answers(self, requests: list[bytes], read: Callable[[bytes], T]) -> list[T]:
        """Ask one round and read all of it, so that no caller can leave half an answer behind."""
        with self._lock, ExitStack() as unless_whole:
            unless_whole.callback(self.close)
            self._send(requests)
            answers = [read(request) for request in requests]
            unless_whole.pop_all()
            return answers

    def _send(self, requests: list[bytes]) -> None:
        child = self._child or self._start()
        try:
            pipes_of(child).stdin.write(b"".join(requests))
        except BrokenPipeError:
            raise self._death(requests[0]) from None

    def _start(self) -> subprocess.Popen[bytes]:
        # A file, not a pipe: nobody reads what git complains about until it has died.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._child = self._git.start("cat-file", "--batch-command", stderr=self._errors)
        return self._child

    def _content(self, request: bytes, largest: int) -> tuple[Header, bytes]:
        header = self._header(request)
        name = _name_in(request)
        if header is None:
            raise _missing(name)
        if header.size > largest:
            raise InputError(
                f"Expected object {name} to have at most {largest} bytes, it has {header.size}.",
                solution="Keep large files out of Git; the registry is the place for artifacts.",
                code="git.large-object",
            )
        content = self._exactly(header.size + 1, request)[:-1]
        if name != header.id or object_id(header.kind, content) != header.id:
            raise corrupt(header.id, "its bytes do not have its name")
        return header, content

    def _header(self, request: bytes) -> Header | None:
        line = self._line(request).decode("utf-8", "surrogateescape")
        name = _name_in(request)
        if line in {f"{name} missing", f"{name} ambiguous"}:
            # git also says "missing" of an object that it can't read, and why on the other channel.
            if said := self._complaints():
                raise corrupt(name, said)
            return None
        match line.split(" "):
            case [found, kind, size] if size.isdigit():
                return Header(ObjectId(found), kind, int(size))
        raise corrupt(name, f"git says {line!r}")

    def _line(self, request: bytes) -> bytes:
        deadline = time.monotonic() + self._seconds
        while (end_of_line := self._buffer.find(b"\n")) < 0:
            self._fill(request, deadline)
        return self._take(end_of_line + 1)[:-1]

    def _exactly(self, size: int, request: bytes) -> bytes:
        deadline = time.monotonic() + self._seconds
        while len(self._buffer) < size:
            self._fill(request, deadline)
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _fill(self, request: bytes, deadline: float) -> None:
        output = pipes_of(self._child or self._start()).stdout
        ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise Unavailable(
                f"git cat-file did not answer within {self._seconds:g} s: {_name_in(request)}.",
                solution="Look for a stuck disk, then run the command again.",
                code="git.timeout",
            )
        more = os.read(output.fileno(), _READ)
        if not more:
            raise self._death(request)
        self._buffer += more

    def _complaints(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return "; ".join(self._errors.read(2000).decode("utf-8", "replace").splitlines())

    def _death(self, request: bytes) -> IntegrityError | Unavailable:
        said = self._complaints()
        if said and not _NO_REPOSITORY.search(said):
            return corrupt(_name_in(request), said)
        return Unavailable(
            f"git cat-file ended before it had answered: {said or 'something killed it'}.",
            solution="Run the command again; if that does not help: git fsck.",
            code="git.killed",
        )


def commit_of(header: Header, content: bytes) -> CommitObject:
    """Return the commit that an object is; raises IntegrityError where it is of another kind."""
    if header.kind != "commit":
        raise corrupt(header.id, f"it is a {header.kind}, not a commit")
    return parse_commit(header.id, content)


def corrupt(object_: str, said: str) -> IntegrityError:
    """Return the error for an object that is not what its name says."""
    return IntegrityError(
        f"Git object {object_} is corrupt: {said}.",
        solution="Fetch it again from the Git host, or restore the clone from a backup.",
        code="git.corrupt-object",
    )


def _missing(name: str) -> InputError:
    return InputError(
        f"Git object {name} is not in this clone.",
        solution="Fetch everything: git fetch --unshallow, or clone anew without --filter.",
        code="git.missing-object",
    )


def _name_in(request: bytes) -> str:
    return request.partition(b" ")[2].rstrip(b"\n").decode("utf-8", "surrogateescape")


def _rounds(requests: Iterable[str]) -> Iterator[list[bytes]]:
    waiting = map(_request, requests)
    while found := list(islice(waiting, _ROUND)):
        yield found


def _request(text: str) -> bytes:
    line = text.encode("utf-8", "surrogateescape")
    if b"\n" in line or b"\0" in line or len(line) > _LONGEST_NAME:
        raise InputError(
            f"Expected an object's name of at most {_LONGEST_NAME} plain bytes, got {text[:80]!r}.",
            solution="Name it by its 40 hexadecimal digits.",
            code="git.bad-name",
        )
    return line + b"\n"
