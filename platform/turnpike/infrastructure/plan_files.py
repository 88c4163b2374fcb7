"""The files of plans, by digest: what ``terraform apply`` takes is what was judged.

They hold values that nobody but the planner may see, so they stay on its machine.
"""

from __future__ import annotations

import os
from pathlib import Path

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import InputError, IntegrityError


def keep_plan(store: Path, content: bytes) -> Digest:
    """Keep a plan's file, readable by its owner alone, and return its digest."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = digest_of(content)
    file = _file(store, digest)
    written = file.with_suffix(".new")
    written.unlink(missing_ok=True)
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    written.replace(file)
    return digest


def kept_plan(store: Path, digest: Digest) -> bytes:
    """Return a plan's file; raises where it is not there, or has other bytes by now."""
    file = _file(store, digest)
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{file}: expected the file of the plan {digest}, found none",
            code="terraform.plan-file-missing",
            solution="Apply where it was planned, or plan again on a new pull request.",
        ) from error
    if digest_of(content) != digest:
        raise IntegrityError(
            f"{file}: expected the plan {digest}, found {digest_of(content)}",
            code="terraform.plan-file-differs",
            solution="Find out who changed it. Plan again on a new pull request.",
        )
    return content


def _file(store: Path, digest: Digest) -> Path:
    return store / f"{digest.removeprefix('sha256:')}.tfplan"
