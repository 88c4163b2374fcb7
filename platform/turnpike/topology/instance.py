"""What must not come from Git: the name, the genesis and the first keys of one instance."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from turnpike.documents.document import Document
from turnpike.documents.identifiers import DigestText, ObjectIdText, ShortText


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


INSTANCE: TypeAdapter[InstanceDocument] = TypeAdapter(InstanceDocument)
