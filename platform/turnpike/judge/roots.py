"""The inputs of Terraform's roots: everything in Git that a plan of one can read.

A root is ``terraform/environments/<environment>/<cloud>``. Its inputs are its folder and each
folder of ``terraform/modules`` that a text of theirs names (``"../..."``), with all below it. A
plan is made from a checkout of the inputs and of nothing else: what this does not see, Terraform
does not find either, and there is no plan.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.layout import RootKey, root_of

FOLDER = "terraform"
LOCK = ".terraform.lock.hcl"
_MODULES = f"{FOLDER}/modules/"
_LOCAL = re.compile(r'"(\.{1,2}/[^"\n]*)"')
_READ = (".tf", ".tf.json")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file below ``terraform/``: its mode, its blob, and its text where it is Terraform's."""

    mode: str
    object: ObjectId
    text: str = ""


Files = Mapping[str, InputFile]
"""Files by their path from the top of the repository."""


def is_configuration(path: str) -> bool:
    """Tell whether a file is one in which Terraform looks for modules."""
    return path.endswith(_READ)


def roots_in(files: Files) -> tuple[RootKey, ...]:
    """Return the roots that have files, sorted."""
    return tuple(sorted({root for path in files if (root := root_of(path))}))


def inputs_of(root: RootKey, files: Files) -> tuple[str, ...]:
    """Return the paths of a root's inputs, sorted; none where there is no such root."""
    found: set[str] = set()
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        new = {path for path in files if path.startswith(f"{folder}/")} - found
        found |= new
        folders += [named for path in new for named in _named_in(path, files[path])]
    return tuple(sorted(found))


def digest_of_inputs(root: RootKey, files: Files) -> Digest | None:
    """Return the digest of a root's inputs, by path, mode and blob; None without any."""
    paths = inputs_of(root, files)
    listed = {path: f"{files[path].mode} {files[path].object}" for path in paths}
    return digest_of(canonical({**listed})) if paths else None


def _named_in(path: str, file: InputFile) -> Iterator[str]:
    """Yield the module folders that a file names; other folders hold nothing of a root's."""
    for match in _LOCAL.finditer(file.text):
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
        if f"{folder}/".startswith(_MODULES) and f"{folder}/" != _MODULES:
            yield folder
