"""The one decision file of a deployment: ``environments/<env>/<target>/<team>/<model>/``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import (
    Digest,
    DigestText,
    Label,
    Name,
    ObjectId,
    ObjectIdText,
    ShortText,
)
from turnpike.documents.moment import Moment
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument

What = tuple[Digest, ObjectId]
"""Which bytes, by which manifest: as long as both stay, a release has only another share."""


class Emergency(Part):
    """Why a release cannot wait: its incident, the one commander, and until when it may go in."""

    reason: ShortText
    incident: ShortText
    commander: Name
    expires_at: Moment


class Rest(Part):
    """What serves the rest of the traffic while a release has only a share of it."""

    version: Label
    artifact: DigestText
    manifest: ObjectIdText
    decision: DigestText


class Release(Document):
    """Which bytes an environment's target serves, and why it may.

    ``manifest`` is the Git blob of the ``model.yaml`` that was judged, ``decision`` the digest of
    the decision that admitted it, ``promoted_from`` the environment it was promoted from (null for
    an environment that promotes from none). ``version`` is a label; ``artifact`` decides.
    ``traffic`` is the percentage that this artifact receives, and ``rest`` what serves the rest of
    it; null where nothing else serves. ``emergency`` stands only in what went in past approvals and
    times, and leaves a debt.
    """

    kind: Literal["Release"]
    team: Name
    model: Name
    version: Label
    artifact: DigestText
    manifest: ObjectIdText
    decision: DigestText
    promoted_from: Name | None
    traffic: int = Field(ge=0, le=100)
    emergency: Emergency | None = None
    rest: Rest | None = None

    @property
    def what(self) -> What:
        """Return what goes in, whatever its share: the bytes and their manifest."""
        return self.artifact, self.manifest

    @property
    def served(self) -> tuple[What, ...]:
        """Return all that may serve: what goes in, and what serves the rest beside it, if any."""
        rest = self.rest
        return (self.what, (rest.artifact, rest.manifest)) if rest else (self.what,)

    def as_rest(self) -> Rest:
        """Return what this release is where it serves the rest beside another one."""
        return Rest(
            version=self.version,
            artifact=self.artifact,
            manifest=self.manifest,
            decision=self.decision,
        )


RELEASE: TypeAdapter[Release] = TypeAdapter(Release)


def former_release(content: bytes, path: str) -> Release | InvalidDocument:
    """Return a release of main's past, or what is wrong with it where today's schema differs.

    Nobody can mend the past: one release of it that cannot be read must not stop what looks at all.
    """
    try:
        return read(RELEASE, content, path)
    except InvalidDocument as error:
        return error
