"""What would turn a denial into an allow: the document that explains one decision."""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import DigestText
from turnpike.judge.remedy import Remedy


class Needed(Part):
    """One change that is needed: in words, about what, as it was tried, and the next step.

    ``tried`` is false where only the author of the change knows what is right: then nothing could
    be decided again, and the finding was taken as settled.
    """

    text: str
    subject: str
    remedy: Remedy
    tried: bool
    solution: str


class Explanation(Document):
    """An irredundant set of changes that would turn one denial into an allow.

    Found by deciding again: with all of ``needed`` carried out the decision is an allow (where
    ``flips`` says so), and with any one of them left out it is not. ``flips`` is false where some
    of them could not be tried: what those bring may ask for more. ``smallest`` tells that no
    smaller set of everything that was thought of would do; ``hypotheses`` counts the situations
    that were decided for this.
    """

    kind: Literal["Explanation"]
    facts: DigestText
    flips: bool
    smallest: bool
    hypotheses: int
    needed: tuple[Needed, ...]


EXPLANATION: TypeAdapter[Explanation] = TypeAdapter(Explanation)
