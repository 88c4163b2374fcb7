"""An instance: the folders beside a company's monorepo on this machine, and what it pins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import ObjectId
from turnpike.rendering.dump import dump
from turnpike.topology.instance import InstanceDocument
from turnpike.topology.key import Role

ROLES: tuple[Role, ...] = ("registrar", "validator", "observer", "planner", "gate")


@dataclass(frozen=True, slots=True)
class Instance:
    """Where the parts of an instance are; every path is absolute and below its folder."""

    folder: Path
    document: InstanceDocument

    @property
    def genesis(self) -> ObjectId:
        """Return the commit that everything grew from."""
        return self.document.genesis

    @property
    def host(self) -> Path:
        """Return the bare repository of the embedded Git host."""
        return self.folder / "host.git"

    @property
    def pins(self) -> Path:
        """Return the file from which the host's hook reads what it must not read from Git."""
        return self.folder / "host.json"

    @property
    def monorepo(self) -> Path:
        """Return the clone that people work in on this machine."""
        return self.folder / "monorepo"

    @property
    def registry(self) -> Path:
        """Return the home of the embedded model registry."""
        return self.folder / "registry"

    @property
    def installation(self) -> Path:
        """Return the source root from which the host's hook runs Turnpike."""
        return self.folder / "installation" / "platform"

    @property
    def keys(self) -> Path:
        """Return the folder of the roles' private keys, each by the name of its public half."""
        return self.folder / "keys"

    def key(self, role: Role | Literal["root"]) -> Path:
        """Return the first private key of a role: it has the role's name."""
        return self.keys / f"{role}.key"

    @property
    def plans(self) -> Path:
        """Return the folder of the files of Terraform's plans, by digest."""
        return self.folder / "plans"

    @property
    def people(self) -> Path:
        """Return the folder of the personas' and the bots' SSH keys."""
        return self.folder / "people"

    def person_key(self, person: str) -> Path:
        """Return the private SSH key of a persona, or of a bot."""
        return self.people / person / "id_ed25519"

    def store(self, target: str = "local") -> Path:
        """Return the content-addressed artifact store of a target."""
        return self.folder / "store" / target


def instance_yaml(document: InstanceDocument) -> bytes:
    """Return the bytes of ``instance.yaml``."""
    value = to_json(document)
    assert isinstance(value, dict)  # noqa: S101 - a document is a mapping
    return dump([value], "One instance of Turnpike; what must not come from Git is pinned here.")
