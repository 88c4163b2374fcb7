"""What excuses one subject from one demand, for a time: ``policies/waivers/<name>.yaml``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Document
from turnpike.documents.identifiers import Name, ShortText
from turnpike.documents.moment import Moment

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=80)]
SubjectText = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*){1,3}$", max_length=165)
]


class Waiver(Document):
    """Excuses a subject from the findings of one code until it expires.

    ``subject`` is ``team/model``, or ``environment/target/team/model``; ``approver`` is the person
    who answers for it, and must have approved the change that brought it. Only rules that say so
    of themselves yield to a waiver.
    """

    kind: Literal["Waiver"]
    name: Name
    code: Code
    subject: SubjectText
    reason: ShortText
    approver: Name
    expires_at: Moment

    def excuses(self, code: str, subject: str, at: datetime) -> bool:
        """Tell whether a finding of that code about that subject is excused at a moment."""
        return (self.code, self.subject) == (code, subject) and at < self.expires_at


WAIVER: TypeAdapter[Waiver] = TypeAdapter(Waiver)
