"""A change of who decides is judged as one: by main's owners, its own file, and what it opens."""

from __future__ import annotations

import json

import pytest

from end_to_end.verbs import Told
from end_to_end.world import World
from turnpike.documents.reading import read
from turnpike.rendering.access_files import access_files
from turnpike.topology.organisation import ORGANISATION as ORGANISATION_KIND

ORGANISATION = "policies/data/organisation.yaml"
STAGING = "platform/access/kubernetes/staging.yaml"
AUTHOR, OWNER, RISK = "sam-rivera", "ida-berg", "nora-smith"


@pytest.fixture(scope="module")
def world(made: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The instance of the genesis, in a copy of its own."""
    return made.copied(tmp_path_factory.mktemp("who-decides") / "instance")


def text(world: World, path: str) -> str:
    return world.git("show", f"{world.main}:{path}", at=world.host) + "\n"


def edited(world: World, path: str, old: str, new: str) -> dict[str, bytes]:
    before = text(world, path)
    assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times in {path}"
    return {path: before.replace(old, new).encode()}


def codes(told: Told) -> set[str]:
    return {finding["code"] for finding in told.json()["findings"]}


def test_a_line_that_keeps_its_meaning_is_allowed_with_both_owners(world: World) -> None:
    files = edited(world, "CODEOWNERS", "# This file itself.", "# This file itself:")
    told = world.gate(world.propose(files, AUTHOR, (OWNER, RISK)))
    assert (told.code, codes(told)) == (0, set())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("/models/oncology/ @maria-lopez @nobody", "codeowners.unknown-owner"),
        ("/models/oncology/", "codeowners.unowned"),
        ("!/models/ @oncology", "codeowners.negation-unsupported"),
        ("/models/[ab]/ @oncology", "codeowners.range-unsupported"),
        ("* @oncology", "codeowners.unreachable-pattern"),
    ],
)
def test_a_change_of_codeowners_that_lints_badly_is_refused(
    world: World, line: str, code: str
) -> None:
    files = {"CODEOWNERS": f"{text(world, 'CODEOWNERS')}{line}\n".encode()}
    told = world.gate(world.propose(files, AUTHOR, (OWNER, RISK, "maria-lopez", "grace-lee")))
    assert told.code == 1
    assert code in codes(told)


@pytest.mark.parametrize("path", [".github/CODEOWNERS", "docs/CODEOWNERS"])
def test_a_second_codeowners_that_shadows_is_refused(world: World, path: str) -> None:
    files = {path: text(world, "CODEOWNERS").encode()}
    told = world.gate(world.propose(files, AUTHOR, (OWNER, RISK)))
    assert told.code == 1
    assert "codeowners.shadowed" in codes(told)


def test_a_declaration_of_access_comes_with_what_programs_read_of_it(world: World) -> None:
    old = "  - {group: risk-quorum, role: viewer}\n"
    files = edited(world, ORGANISATION, old, old.replace("viewer", "operator"))
    told = world.gate(world.propose(files, AUTHOR, (OWNER,)))
    assert (told.code, codes(told)) == (1, {"access.differs"})
    organisation = read(ORGANISATION_KIND, files[ORGANISATION], ORGANISATION)
    derived = access_files(organisation, ("dev", "production", "staging"))
    kept = {path: content for path, content in derived.items() if path != STAGING}
    told = world.gate(world.propose({**files, **derived}, AUTHOR, (OWNER,)))
    assert (told.code, codes(told)) == (0, set())
    told = world.gate(world.propose({**files, **kept}, AUTHOR, (OWNER,)))
    assert [one["subject"] for one in told.json()["findings"]] == [STAGING]


def test_who_calls_models_comes_with_what_the_gateway_reads_of_it(world: World) -> None:
    gateway = {
        "environment": "production", "target": "local", "client": "models-production",
        "domain": "models.example.org", "ingress": "https://ingress.gateway.svc:8443",
        "image": f"registry.local/oauth2-proxy@sha256:{'a' * 64}",
    }  # fmt: skip
    sign_on = {
        "issuer": "https://sso.example.org", "host": "embedded",
        "clients": {"pages": {"id": "pages"}}, "gateways": [gateway],
    }  # fmt: skip
    old = "  - {group: risk-quorum, role: viewer}\n"
    more = f"{old}  - {{group: oncology, role: caller}}\n"
    files = edited(world, ORGANISATION, old, more)
    files[ORGANISATION] += f"signOn: {json.dumps(sign_on)}\n".encode()
    organisation = read(ORGANISATION_KIND, files[ORGANISATION], ORGANISATION)
    derived = access_files(organisation, ("dev", "production", "staging"))
    told = world.gate(world.propose({**files, **derived}, AUTHOR, (OWNER,)))
    assert (told.code, codes(told)) == (0, set())
    path = "platform/access/gateway/production/local.yaml"
    typed = derived[path].replace(b"- oncology", b"- everybody")
    assert typed != derived[path]
    told = world.gate(world.propose({**files, **derived, path: typed}, AUTHOR, (OWNER,)))
    assert [one["subject"] for one in told.json()["findings"]] == [path]
    files[ORGANISATION] = files[ORGANISATION].replace(b'"local"', b'"nowhere"')
    told = world.gate(world.propose({**files, **derived}, AUTHOR, (OWNER,)))
    assert "access.gateway-misplaced" in codes(told)


def test_a_group_that_a_root_lets_in_keeps_something_there(world: World) -> None:
    old = "  - {group: platform-owners, role: administrator}\n"
    files = edited(world, ORGANISATION, old, old.replace("administrator", "viewer"))
    organisation = read(ORGANISATION_KIND, files[ORGANISATION], ORGANISATION)
    derived = access_files(organisation, ("dev", "production", "staging"))
    told = world.gate(world.propose({**files, **derived}, AUTHOR, (OWNER,)))
    assert codes(told) == {"access.still-let-in"}
    at = "main.tf: module.mlflow_server.sign_on.administrators.0"
    assert [one["subject"] for one in told.json()["findings"]] == [
        f"terraform/environments/{environment}/{cloud}/{at}"
        for environment in ("dev", "production", "staging")
        for cloud in ("aws", "azure", "gcp")
    ]


def test_nobody_types_access_by_hand(world: World) -> None:
    path = "platform/argocd/access/argocd-rbac-cm.yaml"
    files = {path: f"{text(world, path)}    g, maria-lopez, role:admin\n".encode()}
    told = world.gate(world.propose(files, AUTHOR, (OWNER,)))
    assert (told.code, codes(told)) == (1, {"access.differs"})


def test_two_people_with_one_account_are_refused(world: World) -> None:
    old = "      embedded: tom-becker\n"
    more = f"{old}    otherAccounts:\n      embedded:\n        - maria-lopez\n"
    told = world.gate(world.propose(edited(world, ORGANISATION, old, more), AUTHOR, (OWNER,)))
    assert "organisation.contradicts-itself" in codes(told)


def test_a_group_that_lets_two_bring_high_risk_needs_an_owner_by_name(world: World) -> None:
    old = "      - nora-smith\n      - peter-novak\n"
    files = edited(world, ORGANISATION, old, f"{old}      - maria-lopez\n      - ida-berg\n")
    team = b"    members:\n      - maria-lopez\n"
    files = {p: text.replace(team, team + b"      - ida-berg\n") for p, text in files.items()}
    number = world.propose(files, AUTHOR, (OWNER,))
    told = world.gate(number)
    assert codes(told) == {"segregation.path-opened"}
    (finding,) = told.json()["findings"]
    assert "ida-berg" in finding["expected"]
    assert "of the platform owners: sam-rivera" in finding["expected"]


def test_a_quorum_left_unfillable_needs_the_platform_owners_by_name(world: World) -> None:
    files = edited(world, ORGANISATION, "      - grace-lee\n      - omar-haddad\n",
                   "      - grace-lee\n")  # fmt: skip
    number = world.propose(files, AUTHOR)
    assert codes(world.gate(number)) >= {"segregation.quorum-unfillable", "approvals-missing"}
    world.approve(number, OWNER)
    told = world.gate(number)
    assert (told.code, codes(told)) == (0, set())
    named = [one["reason"] for one in told.json()["requirements"]]
    assert any("environment production asks for 1 of release-managers" in one for one in named)


def test_a_commit_under_an_unknown_address_is_refused(world: World) -> None:
    message = "Say\n\nCo-authored-by: X <x@elsewhere.example>"
    head = world.commit({"docs/new.md": b"# New\n"}, AUTHOR, message=message)
    number = world.open(head, AUTHOR)
    world.approve(number, OWNER)
    assert codes(world.gate(number)) == {"approval.email-unknown"}


def test_an_earlier_pusher_of_the_head_does_not_approve(world: World) -> None:
    head = world.commit({"docs/pushed.md": b"# Pushed\n"}, AUTHOR)
    number = world.open(head, OWNER)
    world.done("pr", "push", str(number), "--head", head, "--as", AUTHOR)
    world.approve(number, OWNER)
    told = world.gate(number)
    assert codes(told) == {"approvals-missing"}
    notes = {(note["code"], note["subject"]) for note in told.json()["notes"]}
    assert ("approval.own-change", OWNER) in notes
