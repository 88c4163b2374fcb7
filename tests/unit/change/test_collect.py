"""What the judge is told is what stands in Git, in the registry and on the pull request."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import IntegrityError
from turnpike.evidence.statement import VALIDATION
from turnpike.judge.facts import FACTS, Documents
from turnpike.judge.hygiene import MOST_PATHS, hygiene
from turnpike.registry.interface import RegisteredVersion
from unit.change.gates import SmallRegistry
from unit.change.monorepo import BUILD, FOLDER, MANIFEST, Monorepo
from unit.evidence.observations import observation, stated
from unit.git.folder import real_git
from unit.judge.deployed import PATH, RELEASE
from unit.judge.examples import (
    ARTIFACT,
    CODEOWNERS,
    RoleKey,
    environment,
    model,
    organisation,
    statement,
)

MODEL: dict[str, bytes | None] = {MANIFEST: canonical_document(model()), **BUILD}


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path)


def test_the_company_is_read_from_the_base_whatever_changes(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({"docs/a.md": b"a\n"}))
    assert facts.base.organisation == organisation()
    assert facts.base.codeowners == CODEOWNERS
    assert facts.base.environments["dev"] == environment("dev")
    assert facts.keys == (monorepo.validator.public,)
    assert [change.path for change in facts.changes] == ["docs/a.md"]


def test_what_a_head_says_of_who_approves_stays_on_the_heads_side(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({"CODEOWNERS": b"* @intruder\n"}))
    assert (facts.base.codeowners, facts.head.codeowners) == (CODEOWNERS, "* @intruder\n")


def test_keys_of_a_head_verify_nothing(monorepo: Monorepo) -> None:
    mine = canonical_document(monorepo.validator.public)
    facts = monorepo.facts(monorepo.head({"policies/keys/mine.yaml": mine}))
    assert len(facts.keys) == 1


@pytest.mark.parametrize(
    ("changes", "twin"),
    [
        ({"readme.md": b"x\n"}, "README.md"),
        ({"readme.md": b"x\n", "README.md": None}, None),
        ({"Models/x.md": b"x\n", "models/y.md": b"y\n"}, "models"),
        ({"docs/new.md": b"x\n"}, None),
    ],
)
def test_a_name_that_main_has_in_another_case_is_told(
    monorepo: Monorepo, changes: dict[str, bytes | None], twin: str | None
) -> None:
    facts = monorepo.facts(monorepo.head(changes))
    assert next(c.twin for c in facts.changes if c.path == next(iter(changes))) == twin


def test_nothing_is_read_of_a_change_of_too_many_paths(monorepo: Monorepo) -> None:
    many: dict[str, bytes | None] = {f"docs/{n}.md": b"x\n" for n in range(MOST_PATHS + 2)}
    facts = monorepo.facts(monorepo.head({MANIFEST: MODEL[MANIFEST], **many}))
    assert len(facts.changes) == MOST_PATHS + 1
    assert facts.head == Documents()
    assert [one.code for one in hygiene(facts, "docs")] == ["change.too-many-paths"]


def test_a_folder_of_many_names_is_compared_in_one_go(monorepo: Monorepo) -> None:
    """Each name against each other one would be 16 million comparisons."""
    many: dict[str, bytes | None] = {f"docs/{n}.md": b"x\n" for n in range(4_000)}
    facts = monorepo.facts(monorepo.head({**many, "docs/A.md": b"x\n", "docs/a.md": b"x\n"}))
    twins = {c.path: c.twin for c in facts.changes if c.twin}
    assert twins == {"docs/A.md": "docs/a.md", "docs/a.md": "docs/A.md"}


def test_a_rename_is_a_deletion_and_an_addition(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({"README.md": None, "docs/read.md": b"read\n"}))
    assert [(c.path, c.old is None, c.new is None) for c in facts.changes] == [
        ("README.md", False, True),
        ("docs/read.md", True, False),
    ]


def test_a_conflict_is_a_fact_with_its_paths(monorepo: Monorepo) -> None:
    head = monorepo.head({"README.md": b"mine\n"})
    base = monorepo.head({"README.md": b"theirs\n"})
    facts = monorepo.facts(head, base=base)
    assert (facts.merge.merge_tree, facts.merge.conflicts) == (None, ("README.md",))
    assert facts.changes == ()


def test_what_main_got_meanwhile_is_no_change_of_the_head(monorepo: Monorepo) -> None:
    head = monorepo.head({"docs/a.md": b"a\n"})
    base = monorepo.head({"docs/b.md": b"b\n"})
    assert [c.path for c in monorepo.facts(head, base=base).changes] == ["docs/a.md"]


def test_a_document_that_does_not_parse_is_a_fact(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({MANIFEST: b"kind: predictive\n"}))
    assert {problem.path for problem in facts.unreadable} == {MANIFEST}
    assert facts.head.models == {}


def test_a_base_that_does_not_parse_is_broken(monorepo: Monorepo) -> None:
    base = monorepo.head({"policies/data/organisation.yaml": b"kind: Organisation\n"})
    with pytest.raises(IntegrityError) as error:
        monorepo.facts(monorepo.head({"docs/a.md": b"a\n"}, base), base=base)
    assert error.value.code == "base.unreadable"


def test_files_too_large_to_be_documents_are_not_read(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({MANIFEST: b"#" * (256 * 1024 + 1)}))
    assert facts.changes[0].new is not None
    assert facts.changes[0].new.size == 256 * 1024 + 1
    assert MANIFEST not in facts.head.contents


def test_a_symbolic_link_is_a_fact_and_is_not_followed(monorepo: Monorepo) -> None:
    bare = monorepo.repository.path
    blob = monorepo.repository.write_blob(b"../../../CODEOWNERS")
    inner = real_git(bare, "mktree", stdin=f"120000 blob {blob}\tmodel.yaml\n".encode())
    for name in ("triage", "oncology", "models"):
        inner = real_git(bare, "mktree", stdin=f"040000 tree {inner}\t{name}\n".encode())
    words = ("commit-tree", inner, "-p", monorepo.base, "-m", "Link")
    facts = monorepo.facts(ObjectId(real_git(bare, *words)))
    (link,) = [change for change in facts.changes if change.path == MANIFEST]
    assert link.new is not None
    assert link.new.mode == "120000"
    assert facts.head.models == {}


def test_the_registry_is_asked_about_the_manifests_artifact(monorepo: Monorepo) -> None:
    known = RegisteredVersion("oncology.triage", "1", digest_of(b"other"), "file:///nowhere")
    head = monorepo.head(MODEL)
    registry = SmallRegistry({("oncology.triage", "1"): known})
    (answer,) = monorepo.facts(head, registry=registry).registry
    assert (answer.model, answer.version, answer.digest) == ("oncology.triage", "1", known.digest)
    assert monorepo.facts(head).registry[0].digest is None


def test_attached_evidence_is_carried_once(monorepo: Monorepo) -> None:
    envelope = monorepo.validator.sign(statement(VALIDATION, {}))
    facts = monorepo.facts(monorepo.head(MODEL), envelope, envelope)
    assert facts.evidence == (envelope,)


def test_what_a_change_leaves_alone_of_a_model_belongs_to_the_head(monorepo: Monorepo) -> None:
    base = monorepo.head(MODEL)
    facts = monorepo.facts(monorepo.head({f"{FOLDER}/card.md": b"## Use\nx\n"}, base), base=base)
    assert facts.head.models == {MANIFEST: model()}
    gone = monorepo.facts(monorepo.head({MANIFEST: None}, base), base=base)
    assert gone.head.models == {}


def test_a_release_brings_the_manifest_that_it_names_and_what_stood_before(
    monorepo: Monorepo,
) -> None:
    base = monorepo.head(MODEL)
    blob = monorepo.repository.blob_id(base, MANIFEST)
    assert blob is not None
    first = RELEASE.model_copy(update={"manifest": blob})
    released = monorepo.head({PATH: canonical_document(first)}, base)
    newer = first.model_copy(update={"version": "2", "artifact": Digest(digest_of(b"newer"))})
    facts = monorepo.facts(
        monorepo.head({PATH: canonical_document(newer)}, released), base=released
    )
    assert facts.head.model_blobs == {blob: model()}
    assert (facts.base.releases, facts.head.releases) == ({PATH: first}, {PATH: newer})
    assert [(one.commit, one.release) for one in facts.earlier] == [(released, first)]
    assert facts.earlier[0].at == monorepo.repository.commit(released).committer.time


def test_what_was_seen_of_a_released_artifact_is_evidence(monorepo: Monorepo) -> None:
    observer = RoleKey("observer")
    mine = observer.sign(stated(observation(), Digest(ARTIFACT)))
    other = observer.sign(stated(observation(), digest_of(b"another artifact")))
    release = monorepo.head({PATH: canonical_document(RELEASE)})
    assert monorepo.facts(release, observed=(mine, other)).evidence == (mine,)
    assert monorepo.facts(monorepo.head(MODEL), observed=(mine, other)).evidence == ()


def test_a_release_that_names_what_is_nowhere_is_still_collected(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head({PATH: canonical_document(RELEASE)}))
    assert facts.head.model_blobs == {}
    assert facts.admissions == ()
    assert facts.head.releases[PATH].artifact == ARTIFACT


def test_facts_survive_being_written_and_read(monorepo: Monorepo) -> None:
    facts = monorepo.facts(monorepo.head(MODEL))
    assert FACTS.validate_json(canonical_document(facts)) == facts
