"""What pays the debt of an emergency: ``environments/debts/<name>.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from turnpike.documents.document import Document
from turnpike.documents.identifiers import Name, PlainText, ShortText


class Settlement(Document):
    """The review, afterwards, of what a team changed in an emergency; its incident names both."""

    kind: Literal["Settlement"]
    name: Name
    team: Name
    incident: ShortText
    review: PlainText


SETTLEMENT: TypeAdapter[Settlement] = TypeAdapter(Settlement)
