"""A genesis holds what the product has, without its samples, and what makes the company one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from turnpike.approvals.github import GitHub
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError, InvalidDocument
from turnpike.instance.plan import NEEDED, GenesisPlan, plan_instance
from turnpike.judge.layout import ORGANISATION_PATH, is_access_file, is_key
from turnpike.rendering.access_files import access_files
from turnpike.signing.keys import create_key
from turnpike.topology.key import KEY, Key
from turnpike.topology.organisation import ORGANISATION
from unit.instance.aurora import ROOT
from unit.instance.small_organisation import ORGANISATION_TEXT

PRODUCT = ObjectId("a" * 40)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LINES = {name: f"ssh-ed25519 AAAA{name}" for name in ("ann", "ben", "bot")}


def planned(text: str = ORGANISATION_TEXT, *files: str, **bent: object) -> GenesisPlan:
    arguments: dict[str, object] = {"ssh_keys": LINES, "role_keys": ()}
    arguments |= bent
    return plan_instance(PRODUCT, (*NEEDED, *files), text.encode(), **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [
    "models/oncology/tumour/model.yaml", "models/oncology/tumour/checks/a.py",
    "environments/dev/local/oncology/tumour/release.yaml",
])  # fmt: skip
def test_samples_stay_behind(path: str) -> None:
    assert planned(ORGANISATION_TEXT, path).changes[path] is None


@pytest.mark.parametrize("path", [
    "models/BUILD", "models/README.md", "environments/dev/environment.yaml", "policies/a/a.rego",
])  # fmt: skip
def test_everything_else_comes_along_unchanged(path: str) -> None:
    assert path not in planned(ORGANISATION_TEXT, path).changes


@pytest.mark.parametrize("missing", NEEDED)
def test_a_tree_that_is_not_the_product_is_refused(missing: str) -> None:
    files = [path for path in NEEDED if path != missing]
    with pytest.raises(InputError, match=missing):
        plan_instance(PRODUCT, files, ORGANISATION_TEXT.encode(), LINES, ())


def test_the_organisation_is_written_with_everybodys_keys() -> None:
    plan = planned()
    content = plan.changes[ORGANISATION_PATH]
    assert content
    assert read(ORGANISATION, content, "organisation.yaml") == plan.organisation
    assert plan.organisation.holder_of_key(LINES["ben"]) == "ben"


def test_the_keys_of_the_roles_stand_where_the_judge_looks_for_them(tmp_path: Path) -> None:
    keys = tuple(
        create_key(role, role, tmp_path, NOW, NOW + timedelta(days=1))
        for role in ("gate", "validator")
    )
    changes = planned(role_keys=keys).changes
    found: list[Key] = [
        read(KEY, content, path) for path, content in changes.items() if is_key(path) and content
    ]
    assert sorted(found, key=lambda key: key.name) == list(keys)


def test_somebody_who_could_not_sign_is_named() -> None:
    with pytest.raises(InputError, match="none for ben") as error:
        planned(ssh_keys={"ann": LINES["ann"]})
    assert "--with-personas" in error.value.solution
    elsewhere = ORGANISATION_TEXT.replace("embedded: ann", "github: ann")
    with pytest.raises(InputError, match="none for ann"):
        planned(elsewhere)


@pytest.mark.parametrize(("old", "new", "field"), [
    ("id: ben", "id: ann", "people"),
    ("email: ben@", "email: ANN@", "people.email"),
    ("embedded: ben", "embedded: ann", "people.accounts"),
    ("id: bot", "id: ann", "people"),
    ("members: [ann, ben]", "members: [ann, eve]", "groups.0.members"),
    ("members: [ann, ben]", "members: [ann, bot]", "groups.0.members"),
    ("group: all", "group: none", "teams.0.group"),
    ("risk: all", "risk: nobody", "roles.risk"),
])  # fmt: skip
def test_an_organisation_that_contradicts_itself_is_refused(old: str, new: str, field: str) -> None:
    assert old in ORGANISATION_TEXT
    with pytest.raises(InvalidDocument) as error:
        planned(ORGANISATION_TEXT.replace(old, new))
    assert field in {problem.field for problem in error.value.problems}


def test_one_key_is_one_persons() -> None:
    with pytest.raises(InvalidDocument, match="more than once"):
        planned(ssh_keys={"ann": LINES["ann"], "ben": LINES["ann"]})


def test_the_message_names_the_product() -> None:
    assert planned().message.endswith(f"\nTurnpike-Product: {PRODUCT}\n")


# --- what the product ships ---------------------------------------------------------------------


def test_the_shipped_codeowners_gives_every_path_owners_that_exist() -> None:
    shipped = (ROOT / ORGANISATION_PATH).read_bytes()
    organisation = read(ORGANISATION, shipped, ORGANISATION_PATH)
    owners = GitHub().parse((ROOT / "CODEOWNERS").read_text())
    groups = {group.name for group in organisation.groups}
    paths = [f"models/{team.name}/some/model.yaml" for team in organisation.teams]
    paths += ["README.md", "policies/a/a.rego", ORGANISATION_PATH, "CODEOWNERS", "terraform/x.tf"]
    paths += ["environments/production/environment.yaml", "policies/keys/gate.yaml"]
    for path in paths:
        (owned,) = owners.entries_of(path)
        assert owned.owners, path
        assert {owner.removeprefix("@") for owner in owned.owners} <= groups, path


def test_each_shipped_team_owns_its_models_and_settings() -> None:
    shipped = (ROOT / ORGANISATION_PATH).read_bytes()
    organisation = read(ORGANISATION, shipped, ORGANISATION_PATH)
    owners = GitHub().parse((ROOT / "CODEOWNERS").read_text())
    for team in organisation.teams:
        for path in (f"models/{team.name}/m/model.yaml",
                     f"environments/production/aws/{team.name}/m/settings.yaml"):  # fmt: skip
            (owned,) = owners.entries_of(path)
            assert owned.owners == (f"@{team.group}",)


def test_everybody_can_be_replaced_as_an_approver() -> None:
    shipped = (ROOT / ORGANISATION_PATH).read_bytes()
    organisation = read(ORGANISATION, shipped, ORGANISATION_PATH)
    assert all(len(group.members) >= 2 for group in organisation.groups)
    assert not any(person.ssh_keys for person in organisation.people)


def test_what_programs_are_told_of_access_is_that_of_the_company_and_no_other() -> None:
    stray = "platform/argocd/access/left.yaml"
    kept = "platform/access/kubernetes/dev.yaml"
    plan = planned(ORGANISATION_TEXT, stray, kept, "environments/dev/environment.yaml")
    told = {path: content for path, content in plan.changes.items() if is_access_file(path)}
    assert told == {stray: None, **access_files(plan.organisation, ("dev",))}
