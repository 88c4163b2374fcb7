"""The policies that decide as one JSON file, whose SHA-256 is the digest that facts name.

Canonical JSON (RFC 8785), so the same policies have the same bytes on every machine; with it and
facts alone a decision is made again anywhere (``turnpike gate --facts F --bundle B``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pydantic import ValidationError

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import InputError, InvalidDocument, Problem
from turnpike.judge.policy_bundle import POLICY_BUNDLE

_PATH = re.compile(r"policies(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")


def packed(deciding: Mapping[str, bytes]) -> bytes:
    """Return the bytes of the file; what is no UTF-8 stays as it is, and is no bundle to load."""
    files = {path: content.decode("utf-8", "surrogateescape") for path, content in deciding.items()}
    document = {"apiVersion": "turnpike.dev/v1", "files": files, "kind": "PolicyBundle"}
    # Names are plain and all values are text: for these, sorted JSON is the canonical form.
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogateescape")


def require_text(deciding: Mapping[str, bytes]) -> None:
    """Raise InvalidDocument where a file that decides is no UTF-8."""
    for path, content in deciding.items():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise InvalidDocument((Problem(path, line, "", "UTF-8", "other bytes"),)) from error


def unpacked(content: bytes, expected: Digest, name: str) -> dict[str, bytes]:
    """Return the policies in a bundle's file, by path; ``name`` is what messages call the file.

    Raises InputError unless the bytes have the expected digest: nothing else is even parsed.
    """
    found = digest_of(content)
    if found != expected:
        raise InputError(
            f"{name}: expected the bundle that the facts name in tools.policies, {expected},"
            f" found {found}",
            code="bundle.other",
            solution="Write it with `turnpike policy bundle --revision BASE -o FILE`, where BASE"
            " is the facts' merge.base.",
        )
    try:
        bundle = POLICY_BUNDLE.validate_json(content)
    except ValidationError as error:
        problem = Problem(name, 0, "", "a document of kind PolicyBundle", "other JSON")
        raise InvalidDocument((problem,)) from error
    odd = next((path for path in bundle.files if not _PATH.fullmatch(path)), None)
    if odd is not None:
        raise InvalidDocument((Problem(name, 0, f"files.{odd}", "a plain path in policies/", odd),))
    return {path: text.encode() for path, text in bundle.files.items()}
