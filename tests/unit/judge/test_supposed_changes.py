"""What a change leaves out is gone from its facts altogether, and main has its own there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.identifiers import digest_of
from turnpike.judge.derivation import derivation
from turnpike.judge.facts import Facts, Leak, ManifestProblem, ProposedPolicies, Unreadable
from turnpike.judge.remedy import ClassRemedy, DerivationRemedy, FileRemedy, RenameRemedy
from turnpike.judge.subjects import changed_paths, class_of_change
from turnpike.judge.supposed_changes import (
    derived_anew,
    kept,
    left_out,
    of_one_class,
    renamed,
    with_file,
    without,
)
from unit.judge.deployed import (
    FACTS,
    KEY,
    MANIFESTS,
    PATH,
    SETTINGS_PATH,
    edited,
    settings,
    standing,
)
from unit.judge.examples import (
    RoleKey,
    added,
    deleted,
    environment,
    model,
    model_facts,
    organisation,
    with_changes,
)
from unit.judge.planned import AT, root

MANIFEST = "models/oncology/triage/model.yaml"
KEY_FILE = "policies/keys/gate-1.yaml"
POLICIES = ProposedPolicies(digest=digest_of(b"after"), problems=("a.rego:3: }",))
PATHS = (MANIFEST, "models/oncology/triage/BUILD", "docs/a.md", "CODEOWNERS", KEY_FILE,
         "policies/a/a.rego", f"{AT}/main.tf", MANIFESTS,
         "policies/data/organisation.yaml", "environments/dev/environment.yaml")  # fmt: skip


def everything() -> Facts:
    """Return the facts of a change of everything, in which something is said of each path."""
    facts = with_changes(model_facts(), *map(added, PATHS))
    head = facts.head.model_copy(
        update={
            "organisation": organisation().model_copy(update={"name": "Other"}),
            "codeowners": "* @oncology\n",
            "environments": {"dev": environment("dev", approvals=2)},
            "keys": {KEY_FILE: RoleKey("gate").public},
        }
    )
    return facts.model_copy(
        update={
            "head": head,
            "proposed_policies": POLICIES,
            "unreadable": tuple(
                Unreadable(path=path, side="head", line=1, field="", expected="", actual="")
                for path in PATHS
            ),
            "leaks": tuple(
                Leak.model_validate({"path": path, "line": 1, "secret": "a token"})
                for path in PATHS
            ),
            "manifest_problems": (ManifestProblem(path=MANIFESTS, problem="no"),),
            "roots": (root(),),
        }
    )


def said_of(facts: Facts) -> set[str]:
    """Return every path of which the facts say something that came with the change."""
    parts = (facts.changes, facts.unreadable, facts.leaks, facts.manifest_problems)
    found = {one.path for part in parts for one in part}
    found |= facts.head.models.keys() | facts.head.contents.keys() | facts.head.keys.keys()
    found |= {f"{one.path}/main.tf" for one in facts.roots}
    found |= {"policies/a/a.rego"} if facts.proposed_policies else set()
    found |= {"CODEOWNERS"} if facts.head.codeowners else set()
    found |= {"policies/data/organisation.yaml"} if facts.head.organisation else set()
    if facts.head.environments.get("dev") != facts.base.environments["dev"]:
        found |= {"environments/dev/environment.yaml"}
    return found


@given(st.sets(st.sampled_from(PATHS)))
def test_of_a_path_that_is_left_out_the_facts_say_nothing(gone: set[str]) -> None:
    rest = without(everything(), gone.__contains__)
    others = {"policies/a/a.rego", KEY_FILE, "policies/data/organisation.yaml"}
    policies = {"policies/a/a.rego"} if others - gone else set()
    assert said_of(rest) - policies == set(PATHS) - gone - policies


def test_a_change_that_leaves_out_nothing_is_the_change_itself() -> None:
    facts = everything()
    assert without(facts, lambda _: False) is facts
    assert left_out(facts, "docs/b.md") is facts
    assert left_out(facts, "") is facts


@pytest.mark.parametrize("under", ["models/oncology/triage", "models/oncology/triage/"])
def test_a_folder_is_left_out_and_no_neighbour_whose_name_begins_alike(under: str) -> None:
    near = "models/oncology/triage-2/model.yaml"
    facts = with_changes(model_facts(), added(MANIFEST), added(near))
    assert changed_paths(left_out(facts, under)) == {near}
    assert changed_paths(kept(facts, under)) == {MANIFEST}


def test_where_a_document_is_left_out_the_one_on_main_stands_again() -> None:
    before = model("high")
    facts = model_facts(manifest=model("low"))
    base = facts.base.model_copy(update={"models": {MANIFEST: before}})
    assert left_out(facts.model_copy(update={"base": base}), MANIFEST).head.models == {
        MANIFEST: before
    }
    assert left_out(facts, MANIFEST).head.models == {}


def test_a_mixture_is_kept_class_by_class_and_nothing_comes_twice() -> None:
    facts = with_changes(model_facts(), added(MANIFEST), added("docs/a.md"), added("pants.toml"))
    found = {}
    for name in ("model", "docs", "platform", "policy"):
        remedy = ClassRemedy.model_validate({"kind": "class", "class": name})
        found[name] = changed_paths(one := of_one_class(facts, remedy))
        assert class_of_change(one) == (name if found[name] else "none")
    assert [sorted(paths) for paths in found.values()] == [
        [MANIFEST], ["docs/a.md"], ["pants.toml"], [],
    ]  # fmt: skip


def test_a_file_takes_its_content_along_to_its_new_name() -> None:
    facts = model_facts()
    build = "models/oncology/triage/BUILD"
    wanted = RenameRemedy(kind="rename", path=build, to="models/oncology/triage/card.md")
    after = renamed(facts, wanted)
    assert changed_paths(after) == {MANIFEST, wanted.to}
    assert after.head.contents == {wanted.to: facts.head.contents[build]}


def test_what_is_deleted_cannot_be_called_otherwise() -> None:
    facts = with_changes(model_facts(), deleted(MANIFEST))
    wanted = RenameRemedy(kind="rename", path=MANIFEST, to="docs/a.md")
    assert renamed(facts, wanted).changes == facts.changes


def test_a_link_becomes_a_file_and_keeps_its_size() -> None:
    facts = with_changes(model_facts(), added(MANIFEST, mode="120000", size=7))
    (one,) = with_file(facts, FileRemedy(kind="file", path=MANIFEST, mode="100644")).changes
    assert one.new is not None
    assert (one.new.mode, one.new.size, one.plain) == ("100644", 7, True)


def test_a_file_that_the_change_did_not_touch_becomes_part_of_it_in_order() -> None:
    facts = standing(edited(SETTINGS_PATH))
    wanted = FileRemedy(kind="file", path=MANIFESTS, content=digest_of(b"anew"))
    after = with_file(facts, wanted)
    assert [one.path for one in after.changes] == sorted((MANIFESTS, SETTINGS_PATH))
    assert after.changes[0].old is not None, "it stands on main"
    assert after.head.contents[MANIFESTS] == digest_of(b"anew")


def test_settings_that_are_gone_are_no_documents_any_more() -> None:
    facts = standing(edited(SETTINGS_PATH), settings={SETTINGS_PATH: settings(3)})
    after = with_file(facts, FileRemedy(kind="file", path=SETTINGS_PATH, gone=True))
    assert (after.head.settings, after.changes[0].new) == ({}, None)


@pytest.mark.parametrize(
    "facts",
    [
        standing(edited(SETTINGS_PATH), settings={SETTINGS_PATH: settings(3)}),
        FACTS.model_copy(update={"head": FACTS.head.model_copy(update={"contents": {}})}),
    ],
    ids=["settings without manifests", "a release without derived files"],
)
def test_files_derived_anew_are_what_the_judge_derives_and_stay_so(facts: Facts) -> None:
    again = DerivationRemedy(kind="derivation", deployment=str(KEY))
    kind = class_of_change(facts)
    assert derivation(facts, kind)
    mended = derived_anew(facts, again)
    assert [one.code for one in derivation(mended, kind)] == []
    assert derived_anew(mended, again) == mended


@pytest.mark.parametrize("deployment", [str(KEY).replace("dev/", "nowhere/"), "dev/x/y/z"])
def test_nothing_is_derived_of_what_is_not_released(deployment: str) -> None:
    remedy = DerivationRemedy(kind="derivation", deployment=deployment)
    assert derived_anew(FACTS, remedy) is FACTS


def test_files_of_one_deployment_are_derived_and_of_no_other() -> None:
    other = PATH.replace("/triage/", "/other/")
    facts = with_changes(FACTS, added(PATH), added(other))
    remedy = DerivationRemedy(kind="derivation", deployment=str(KEY))
    assert other not in derived_anew(facts, remedy).head.contents
