"""Where Terraform works: a folder with the inputs of one root out of Git, and with nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.infrastructure.arguments import Configuration, configuration_of
from turnpike.infrastructure.configuration import require_plain_configuration
from turnpike.infrastructure.lock import require_known_providers
from turnpike.judge.layout import RootKey
from turnpike.judge.roots import LOCK, Files, digest_of_inputs, inputs_of
from turnpike.topology.plan_table import PlanTable

_OWN = ".terraform"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A root's own folder, the digest of all that stands in and around it, and of its lock.

    ``files`` are the inputs by path, ``configuration`` is what they give each argument, as they are
    written.
    """

    files: Mapping[str, bytes]
    folder: Path
    inputs: Digest
    lock: Digest
    configuration: Configuration


@contextmanager
def workplace(
    git: Repository, tree: str, root: RootKey, files: Files, table: PlanTable
) -> Iterator[Workplace]:
    """Lay out the inputs of a root, whose providers must all be known.

    ``files`` are those below ``terraform/`` in the tree. Raises InputError for a root that is not
    there, a file that is no regular one, and a lock that is missing or names another provider;
    InvalidDocument for a configuration that says what main does not let it say.
    """
    inputs = digest_of_inputs(root, files)
    if inputs is None:
        raise InputError(
            f"{root}: expected a root with files, found none",
            code="terraform.no-root",
            solution="Name a folder terraform/environments/<environment>/<cloud> of main.",
        )
    paths = inputs_of(root, files)
    _require_nothing_of_terraforms_own(paths)
    blobs = git.blobs(files[path].object for path in paths)
    contents = {path: blobs[files[path].object] for path in paths}
    require_plain_configuration(contents, table)
    with TemporaryDirectory(prefix="turnpike-terraform-") as name:
        git.materialise(tree, paths, Path(name))
        folder = Path(name) / str(root)
        lock = _lock_of(folder / LOCK, f"{root}/{LOCK}", table)
        yield Workplace(contents, folder, inputs, lock, configuration_of(contents))


def _require_nothing_of_terraforms_own(paths: Iterable[str]) -> None:
    """What `terraform init` writes says where modules and providers lie: it is never taken in."""
    found = next((path for path in paths if f"/{_OWN}/" in path), None)
    if found:
        raise InputError(
            f"{found}: expected nothing in a folder {_OWN}, found a file",
            code="terraform.own-folder",
            solution=f"Remove the folder {_OWN} from the change; `terraform init` makes it anew.",
        )


def _lock_of(file: Path, path: str, table: PlanTable) -> Digest:
    content = file.read_bytes() if file.exists() else b""
    require_known_providers(content.decode("utf-8", "replace"), path, table)
    return digest_of(content)
