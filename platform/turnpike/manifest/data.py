"""Where a model's data comes from, and under which terms it may be used."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, Name, ShortText

Classification = Literal["public", "internal", "confidential", "restricted"]


class DataSet(Part):
    """A set of records: ``source`` names it in the catalogue, ``digest`` pins its canonical bytes.

    ``residency`` lists the jurisdictions in which the records may be held (``EU``, ``US``, ...).
    """

    source: ShortText
    digest: DigestText | None = None
    licence: ShortText
    classification: Classification
    residency: tuple[ShortText, ...] = Field(min_length=1)


class Data(Part):
    """The set that the model is trained on, and the held-out set that it is judged on."""

    label: ShortText
    training: DataSet
    validation: DataSet
    validation_fraction: float = Field(gt=0.05, lt=0.95)
    split_seed: int = Field(ge=0, le=2**31 - 1)


class Contact(Part):
    """A person in the organisation file, by id, and what to ask them."""

    person: Name
    role: ShortText
