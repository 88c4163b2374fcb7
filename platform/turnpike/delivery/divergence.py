"""Object by object, where a cluster differs from the manifests that main has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml

from turnpike.delivery.fields import Difference, differences
from turnpike.delivery.snapshot import Reader
from turnpike.delivery.wanted import Wanted
from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Divergence:
    """An object of main's manifests that a cluster lacks, or has otherwise."""

    subject: str
    is_missing: bool
    fields: tuple[Difference, ...]


def divergences(
    repository: Repository, main: ObjectId, wanted: Wanted, reader: Reader
) -> Iterator[Divergence]:
    """Yield what of a deployment's manifests stands otherwise in its cluster."""
    content = repository.read(main, wanted.key.path("manifests.yaml")) or b""
    for one in yaml.load_all(content, Loader=yaml.CSafeLoader):
        kind, name = str(one["kind"]), str(one["metadata"]["name"])
        found = reader.find(cast("Any", kind), str(one["metadata"]["namespace"]), name)
        fields = tuple(differences(one, found)) if found is not None else ()
        if found is None or fields:
            yield Divergence(f"{kind}/{name}", found is None, fields)
