"""An instance's document is read back as it was written, and its parts lie in its folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.instance.instance import ROLES, Instance, instance_yaml
from turnpike.topology.instance import INSTANCE, InstanceDocument

DOCUMENT = InstanceDocument(
    api_version="turnpike.dev/v1",
    kind="Instance",
    name='Müller & "Söhne": no',
    created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    genesis=ObjectId("1" * 40),
    root_key="ssh-ed25519 AAAA root",
    gate_key=digest_of(b"key"),
)


def test_the_document_is_read_back_as_it_was_written() -> None:
    assert read(INSTANCE, instance_yaml(DOCUMENT), "instance.yaml") == DOCUMENT


def test_every_part_has_a_place_of_its_own_in_the_folder(tmp_path: Path) -> None:
    instance = Instance(tmp_path, DOCUMENT)
    places = [
        instance.host, instance.pins, instance.monorepo, instance.registry, instance.installation,
        instance.store(), instance.store("aws"), instance.person_key("ann"), instance.key("root"),
        *(instance.key(role) for role in ROLES),
    ]  # fmt: skip
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert instance.genesis == DOCUMENT.genesis
