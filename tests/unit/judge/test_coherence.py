"""Facts that were collected never contradict themselves; facts that were edited are found out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.evidence.statement import VALIDATION
from turnpike.judge.coherence import contradictions
from turnpike.judge.facts import Facts, PullRequest
from unit.change.monorepo import BUILD, FOLDER, MANIFEST, Monorepo
from unit.git.folder import real_git
from unit.judge.examples import (
    CODEOWNERS,
    NOW,
    environment,
    model,
    object_id,
    organisation,
    review,
    run_of,
)

Edit = Callable[[Facts], Facts]
CARD = f"{FOLDER}/card.md"
ORGANISATION = "policies/data/organisation.yaml"
DEV = "environments/dev/environment.yaml"
MODEL: dict[str, bytes | None] = {MANIFEST: canonical_document(model()), CARD: b"# x\n", **BUILD}


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Monorepo:
    return Monorepo(tmp_path_factory.mktemp("monorepo"))


@pytest.fixture(scope="module")
def facts(monorepo: Monorepo) -> Facts:
    """Return facts of a pull request that adds a model, with two statements about it."""
    view = digest_of(b"view")
    said = (run_of(view, NOW), run_of(view, NOW, isolated=False))
    stated = [monorepo.validator.state(VALIDATION, one) for one in said]
    found = monorepo.facts(monorepo.head(MODEL), *stated)
    return found.model_copy(update={"pull_request": asked(found.merge.head)})


def asked(head: ObjectId) -> PullRequest:
    return PullRequest(
        host="embedded", number=1, title="Add", author="maria", head=head, pushers=("maria",),
        reviews=(review("tom", commit=object_id("an earlier head")),),
    )  # fmt: skip


def fields(facts: Facts) -> set[str]:
    found = contradictions(facts, "facts.json")
    assert all(one.file == "facts.json" and one.expected != one.actual for one in found)
    return {one.field for one in found}


COLLECTED: dict[str, dict[str, bytes | None]] = {
    "a model": MODEL,
    "a model that does not parse": {MANIFEST: b"broken: [", **BUILD},
    "a model with a credential": {MANIFEST: b"key: AKIAIOSFODNN7EXAMPLE\n", **BUILD},
    "a file too large to be read": {**MODEL, f"{FOLDER}/train.py": b"#" * (256 * 1024 + 1)},
    "an organisation": {ORGANISATION: canonical_document(organisation()) + b"\n"},
    "owners": {"CODEOWNERS": CODEOWNERS.encode() + b"docs/ @oncology\n"},
    "no owners any more": {"CODEOWNERS": None, ".github/CODEOWNERS": b"* @platform-owners\n"},
    "no organisation any more": {ORGANISATION: None},
    "an environment": {DEV: canonical_document(environment("dev", approvals=1))},
    "an environment less": {DEV: None},
    "a key": {"policies/keys/mine.yaml": b"kind: none\n"},
    "a stop that is none": {"environments/stops/now.yaml": b"kind: none\n"},
    "a name that is no text": {"docs/a\udcff.md": b"x"},
    "nothing": {},
}


@pytest.mark.parametrize("name", COLLECTED)
def test_collected_facts_do_not_contradict_themselves(monorepo: Monorepo, name: str) -> None:
    assert contradictions(monorepo.facts(monorepo.head(COLLECTED[name])), "") == ()


def test_neither_do_those_of_a_conflict_or_of_what_main_has(monorepo: Monorepo) -> None:
    mine = monorepo.head({"README.md": b"mine\n"})
    theirs = monorepo.head({"README.md": b"theirs\n"})
    conflict = monorepo.facts(mine, base=theirs)
    assert conflict.merge.conflicts
    assert contradictions(conflict, "") == ()
    for head in (theirs, monorepo.base):
        assert contradictions(monorepo.facts(head, base=theirs), "") == ()


def test_neither_does_what_merges_main(tmp_path: Path) -> None:
    monorepo, bare = Monorepo(tmp_path), tmp_path / "host.git"
    first = monorepo.head({"docs/a.md": b"a"})
    theirs = monorepo.head({"docs/b.md": b"b"})
    tree = real_git(bare, "merge-tree", "--write-tree", first, theirs)
    words = ("commit-tree", tree, "-p", first, "-p", theirs, "-m", "Merge")
    merged = ObjectId(real_git(bare, *words))
    found = monorepo.facts(merged, base=theirs)
    assert len(found.commits) == 2
    assert contradictions(found, "") == ()


def test_the_approval_of_an_earlier_head_is_no_contradiction(facts: Facts) -> None:
    assert fields(facts) == set()


def of_merge(**bent: object) -> Edit:
    return lambda facts: facts.model_copy(update={"merge": facts.merge.model_copy(update=bent)})


def of_head(**bent: object) -> Edit:
    return lambda facts: facts.model_copy(update={"head": facts.head.model_copy(update=bent)})


def without_content(facts: Facts) -> Facts:
    return of_head(contents={p: d for p, d in facts.head.contents.items() if p != MANIFEST})(facts)


def of_change(**bent: object) -> Edit:
    """Bend the first change of all: the BUILD file's."""

    def edit(facts: Facts) -> Facts:
        first = facts.changes[0].model_copy(update=bent)
        return facts.model_copy(update={"changes": (first, *facts.changes[1:])})

    return edit


EDITS: dict[str, tuple[Edit, set[str]]] = {
    "no commits": (lambda f: f.model_copy(update={"commits": ()}), {"commits"}),
    "another last commit": (
        lambda f: f.model_copy(update={"commits": (f.commits[0].model_copy(
            update={"id": object_id("x")}),)}), {"commits"}),
    "the base among the commits": (
        lambda f: f.model_copy(update={"commits": (f.commits[0].model_copy(
            update={"id": f.merge.base}), *f.commits)}), {"commits"}),
    "a commit twice": (lambda f: f.model_copy(update={"commits": f.commits * 2}), {"commits"}),
    "a path twice": (lambda f: f.model_copy(update={"changes": f.changes * 2}), {"changes"}),
    "neither side of a path": (of_change(new=None), {"changes.0", f"head.contents.{FOLDER}/BUILD"}),
    "a file that main would have": (
        lambda f: of_change(old=f.changes[0].new, new=None)(f),
        {f"head.contents.{FOLDER}/BUILD", f"base.contents.{FOLDER}/BUILD"}),
    "the base's tree": (
        lambda f: of_merge(merge_tree=f.merge.base_tree)(f), {"merge.mergeTree"}),
    "no merge tree": (of_merge(merge_tree=None), {"merge.mergeTree"}),
    "a conflict that was merged": (of_merge(conflicts=("a",)), {"merge.mergeTree"}),
    "a pull request of another head": (
        lambda f: f.model_copy(update={"pull_request": asked(object_id("x"))}),
        {"pullRequest.head"}),
    "a document left out": (of_head(models={}), {f"head.contents.{MANIFEST}"}),
    "a card left out": (of_head(cards={}), {f"head.contents.{CARD}"}),
    "a file and its document left out": (
        lambda f: of_head(models={})(without_content(f)), {f"head.contents.{MANIFEST}"}),
    "main's organisation left out": (
        lambda f: f.model_copy(update={"base": f.base.model_copy(update={"organisation": None})}),
        {f"base.contents.{ORGANISATION}"}),
    "main's owners left out": (
        lambda f: f.model_copy(update={"base": f.base.model_copy(
            update={"codeowners": None, "codeowners_path": None})}), {"base.contents.CODEOWNERS"}),
    "the text of main's owners left out": (
        lambda f: f.model_copy(update={"base": f.base.model_copy(update={"codeowners": None})}),
        {"base.contents.CODEOWNERS"}),
    "an environment left out": (
        lambda f: f.model_copy(update={"base": f.base.model_copy(update={"environments": {
            name: one for name, one in f.base.environments.items() if name != "dev"}})}),
        {f"base.contents.{DEV}"}),
    "a statement twice": (lambda f: f.model_copy(update={"evidence": f.evidence * 2}),
                          {"evidence"}),
    "statements in another order": (
        lambda f: f.model_copy(update={"evidence": f.evidence[::-1]}), {"evidence"}),
    "recorded evidence left out": (
        lambda f: f.model_copy(update={"recorded": (digest_of(b"a failing run"),)}),
        {"recorded"}),
    "the record's clock left out": (
        lambda f: f.model_copy(update={"record": f.record.model_copy(
            update={"previous": digest_of(b"d")})}), {"record"}),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_each_contradiction_is_named_by_its_field(facts: Facts, name: str) -> None:
    edit, named = EDITS[name]
    assert fields(edit(facts)) == named


def test_a_clock_and_an_approval_are_anybodys_to_edit(facts: Facts) -> None:
    """They contradict nothing; the decision names other facts, which nobody has recorded."""
    request = asked(facts.merge.head).model_copy(update={"reviews": (review("tom"),)})
    later = {"clock": NOW + timedelta(days=1), "pull_request": request}
    assert fields(facts.model_copy(update=later)) == set()
