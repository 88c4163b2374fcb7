"""What must not come from Git: the name, the genesis and the first keys of one instance."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, TypeAdapter, model_validator

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import DigestText, Name, ObjectIdText, ShortText
from turnpike.topology.server_address import ServerAddress

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+")


def _of_a_repository(value: str) -> str:
    if not _REPOSITORY.fullmatch(value):
        raise ValueError("expected OWNER/NAME")
    return value


RepositoryPath = Annotated[ShortText, AfterValidator(_of_a_repository)]


class HostAddress(Part):
    """Where the monorepo is hosted, when that is not the embedded host.

    ``repository`` is ``OWNER/NAME`` at ``address``, at GitLab with all its groups; ``bot`` is the
    only account that moves main. Tokens are never written down here: they come from the environment
    of whoever acts.
    """

    host: Literal["gitea", "github", "gitlab"]
    address: ServerAddress
    repository: RepositoryPath
    bot: Name

    @model_validator(mode="after")
    def _has_one_owner(self) -> HostAddress:
        if self.host != "gitlab" and self.repository.count("/") > 1:
            raise ValueError("expected OWNER/NAME: only GitLab has groups in groups")
        return self


class RegistryAddress(Part):
    """Where models are registered, when not in the embedded registry: an MLflow server.

    A token is never written down here: it comes from the environment of whoever acts.
    """

    address: ServerAddress


class InstanceDocument(Document):
    """``instance.yaml``: what an instance is called and which genesis it grew from.

    ``genesis`` and ``root_key`` (a public SSH key) are pinned here, outside Git, because no clone
    can prove by itself that it is the right one. ``gate_key`` is the id of the gate's first key.
    """

    kind: Literal["Instance"]
    name: ShortText
    created_at: datetime
    genesis: ObjectIdText
    root_key: ShortText
    gate_key: DigestText
    forge: HostAddress | None = None
    registry: RegistryAddress | None = None


INSTANCE: TypeAdapter[InstanceDocument] = TypeAdapter(InstanceDocument)
