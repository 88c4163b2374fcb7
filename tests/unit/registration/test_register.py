"""The manifest is written last: whatever fails before leaves it as it was, to be run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, TurnpikeError, Unavailable
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.registration.manifest_file import read_manifest
from turnpike.registration.register import Edges, Registered, register
from turnpike.registry.interface import RegisteredVersion
from turnpike.registry.store import ArtifactStore
from unit.judge.examples import NOW, RoleKey
from unit.registration.manifests import ROUTE_MANIFEST, route_folder

REGISTRAR = RoleKey("registrar")


@dataclass
class MemoryRegistry:
    """A registry that keeps versions in memory, one for each digest; ``fails`` when it is told."""

    kept: list[RegisteredVersion] = field(default_factory=list)
    fails: bool = False

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        return next((v for v in self.versions(name) if v.version == version), None)

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        return tuple(one for one in self.kept if one.name == name)

    def every_version(self) -> tuple[RegisteredVersion, ...]:
        return tuple(self.kept)

    def aliases(self) -> Mapping[str, Mapping[str, str]]:
        return {}

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        raise Unavailable(f"{version.name} to {into}: the test's registry keeps no bytes")

    def register(
        self, name: str, folder: Path, digest: Digest, tags: Mapping[str, str]
    ) -> RegisteredVersion:
        if self.fails:
            raise Unavailable("the registry is away")
        for one in self.versions(name):
            if one.digest == digest:
                return one
        number = str(len(self.versions(name)) + 1)
        self.kept.append(RegisteredVersion(name, number, digest, str(folder), tags))
        return self.kept[-1]

    def set_alias(self, name: str, alias: str, version: str) -> None:
        raise Unavailable(f"{name} {alias} {version}: not in this test")

    def remove_alias(self, name: str, alias: str) -> None:
        raise Unavailable(f"{name} {alias}: not in this test")


@dataclass
class Home:
    """Where a test registers to."""

    root: Path
    registry: MemoryRegistry = field(default_factory=MemoryRegistry)
    sign: Callable[[Statement], Envelope] = REGISTRAR.sign

    @property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.root / "store")

    def register(self, *folders: Path) -> tuple[Registered, ...]:
        edges = Edges(self.registry, self.store, self.sign, lambda: NOW, lambda _: None)
        return register(folders, edges)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def named(folder: Path, name: str) -> Path:
    """Return a copy of the route's folder under another name, with other words in it."""
    other = folder.parent / name
    other.mkdir()
    text = ROUTE_MANIFEST.replace("tasting-notes", name).replace("Describe", f"For {name} describe")
    (other / "model.yaml").write_text(text)
    return other


def cannot_sign(_: Statement) -> Envelope:
    raise InputError("the registrar's key is not here", code="signing.no-key")


def test_models_are_answered_in_the_order_in_which_they_were_named(home: Home) -> None:
    first = route_folder(home.root)
    folders = (named(first, "b-notes"), first, named(first, "a-notes"))
    found = home.register(*folders)
    assert [one.key for one in found] == [
        "cellar/b-notes",
        "cellar/tasting-notes",
        "cellar/a-notes",
    ]
    assert len({one.version.digest for one in found}) == 3


def test_what_the_manifest_names_lies_in_the_store_and_is_testified(home: Home) -> None:
    folder = route_folder(home.root)
    (found,) = home.register(folder)
    block = read_manifest(folder).model.artifact
    assert block is not None
    assert (block.digest, block.version) == (found.version.digest, found.version.version)
    home.store.verify(block.digest)
    assert len(found.envelopes) == 2


@pytest.mark.parametrize("breaks", ["registry", "key"])
def test_what_fails_on_the_way_leaves_the_manifest_and_is_finished_by_the_next_run(
    home: Home, breaks: str
) -> None:
    folder = route_folder(home.root)
    if breaks == "registry":
        home.registry.fails = True
    else:
        home.sign = cannot_sign
    with pytest.raises(TurnpikeError):
        home.register(folder)
    assert (folder / "model.yaml").read_text() == ROUTE_MANIFEST
    home.registry.fails, home.sign = False, REGISTRAR.sign
    (found,) = home.register(folder)
    assert found.version.version == "1"
    assert read_manifest(folder).model.artifact is not None


def test_one_bad_manifest_among_many_registers_nothing(home: Home) -> None:
    good = route_folder(home.root)
    bad = named(good, "bad-notes")
    (bad / "model.yaml").write_text("kind: generative\n")
    with pytest.raises(InputError):
        home.register(good, bad)
    assert home.registry.kept == []
    assert not home.store.root.exists()
    assert (good / "model.yaml").read_text() == ROUTE_MANIFEST


def test_a_manifest_that_calls_itself_by_another_place_is_not_registered_there(home: Home) -> None:
    folder = route_folder(home.root)
    (folder / "model.yaml").write_text(ROUTE_MANIFEST.replace("team: cellar", "team: oncology"))
    with pytest.raises(InputError):
        home.register(folder)
    assert home.registry.kept == []


def test_registering_again_is_the_same_version_and_says_so(home: Home) -> None:
    folder = route_folder(home.root)
    (first,) = home.register(folder)
    text = (folder / "model.yaml").read_bytes()
    (second,) = home.register(folder)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert (second.version, (folder / "model.yaml").read_bytes()) == (first.version, text)


def test_another_word_of_the_route_is_another_version(home: Home) -> None:
    folder = route_folder(home.root)
    home.register(folder)
    text = (folder / "model.yaml").read_text()
    (folder / "model.yaml").write_text(text.replace("Describe the wine", "Praise the wine"))
    (second,) = home.register(folder)
    assert (second.version.version, second.unchanged) == ("2", False)
    block = read_manifest(folder).model.artifact
    assert block is not None
    assert (block.version, block.digest) == ("2", second.version.digest)
