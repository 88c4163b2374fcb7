"""The policies that decide, as one document: with facts, all that a decision is made from."""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter

from turnpike.documents.document import Document


class PolicyBundle(Document):
    """Rules, library, gate, data, schemas and capabilities: the text of each file by its path."""

    kind: Literal["PolicyBundle"]
    files: dict[str, str]


POLICY_BUNDLE: TypeAdapter[PolicyBundle] = TypeAdapter(PolicyBundle)
