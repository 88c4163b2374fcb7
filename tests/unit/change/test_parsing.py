"""A file is read as what its path says it is; what does not parse becomes a fact."""

from __future__ import annotations

import pytest

from turnpike.change.parsing import Side, written_sections
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from unit.judge.deployed import BLOB, PATH, RELEASE, SETTINGS_PATH, settings
from unit.judge.examples import environment, model, organisation

MANIFEST = "models/oncology/triage/model.yaml"


def read(files: dict[str, bytes]) -> Side:
    side = Side("head")
    side.add_all(files)
    return side


def test_every_kind_of_document_is_found_by_its_path() -> None:
    side = read(
        {
            MANIFEST: canonical_document(model()),
            PATH: canonical_document(RELEASE),
            SETTINGS_PATH: canonical_document(settings(3)),
            "environments/dev/environment.yaml": canonical_document(environment("dev")),
            "policies/data/organisation.yaml": canonical_document(organisation()),
            "CODEOWNERS": b"* @a\n",
            "models/oncology/triage/card.md": b"## Use\n\nFor reading.\n",
        }
    )
    found = side.documents("github")
    assert side.unreadable == []
    assert found.models == {MANIFEST: model()}
    assert (found.releases, found.settings) == ({PATH: RELEASE}, {SETTINGS_PATH: settings(3)})
    assert found.environments == {"dev": environment("dev")}
    assert (found.organisation, found.codeowners) == (organisation(), "* @a\n")
    assert found.cards == {"models/oncology/triage/card.md": ("Use",)}


def test_every_file_is_known_by_its_digest_whatever_it_is() -> None:
    files = {"docs/a.md": b"text", MANIFEST: b"broken: ["}
    assert read(files).contents == {path: digest_of(c) for path, c in files.items()}


@pytest.mark.parametrize(
    "path",
    [MANIFEST, PATH, SETTINGS_PATH, "environments/dev/environment.yaml",
     "policies/data/organisation.yaml", "policies/keys/gate.yaml"],
)  # fmt: skip
@pytest.mark.parametrize("content", [b"", b"[]", b"a: 1\na: 2\n", b"\xff\xfe", b"kind: Unknown\n"])
def test_what_does_not_parse_is_told_with_its_path(path: str, content: bytes) -> None:
    side = read({path: content})
    assert {problem.path for problem in side.unreadable} == {path}
    assert {problem.side for problem in side.unreadable} == {"head"}
    found = side.documents("github")
    for documents in (found.models, found.releases, found.settings, found.environments):
        assert documents == {}
    assert found.organisation is None


def test_a_path_that_is_no_document_is_not_parsed() -> None:
    side = read({"docs/model.yaml": b"broken: [", "environments/dev/notes.yaml": b": :"})
    assert side.unreadable == []


def test_a_manifest_is_known_by_its_blob() -> None:
    side = Side("base")
    side.add_manifest(BLOB, canonical_document(model()))
    assert side.documents("github").model_blobs == {BLOB: model()}
    side.add_manifest(BLOB, b"broken")
    assert side.unreadable[0].path == f"manifest {BLOB[:12]}"


def test_only_sections_in_which_something_is_written_count() -> None:
    card = "# Card\n\n## Use\n\ntext\n\n## Empty\n\n   \n## Limits\nmore\nmore\n## Last\n"
    assert written_sections(card) == ("Use", "Limits")
    assert written_sections("text before any heading\n") == ()
