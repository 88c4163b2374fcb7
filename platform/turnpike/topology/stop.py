"""What stops the line: ``environments/stops/<name>.yaml``.

While the file stands on main, no promotion that it speaks of goes in: whatever windows allow, and
whatever was approved before. Rollbacks and retirements go on, for they take risk away.
"""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText
from turnpike.topology.window import ModelKeyText

SuspectKind = Literal["data", "base-model", "signer", "package"]


class Recalled(Part):
    """What an incident found to be bad; ``name`` is what ``turnpike recall`` calls it by."""

    kind: SuspectKind
    name: ShortText


class Stop(Document):
    """Why the line stands still, by which incident, and for whom: an empty list limits nothing.

    With ``recalls``, what that reached goes out of service without waiting for its consumers.
    """

    kind: Literal["Stop"]
    name: Name
    reason: ShortText
    incident: ShortText
    environments: tuple[Name, ...] = ()
    clouds: tuple[Name, ...] = ()
    teams: tuple[Name, ...] = ()
    models: tuple[ModelKeyText, ...] = ()
    recalls: Recalled | None = None

    def speaks_of(self, environment: str, cloud: str, team: str, model: str) -> bool:
        """Tell whether it stops a model, ``team/model``, on its way into an environment."""
        lists = (
            (self.environments, environment),
            (self.clouds, cloud),
            (self.teams, team),
            (self.models, model),
        )
        return all(not named or one in named for named, one in lists)


STOP: TypeAdapter[Stop] = TypeAdapter(Stop)
