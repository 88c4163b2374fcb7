"""What programs are told of access follows its declaration, in the same change."""

from __future__ import annotations

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.judge.access_files import misrendered_access
from turnpike.judge.decide import decide
from turnpike.judge.facts import Change, Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.judge.policy_input import Answer
from turnpike.rendering.access_files import access_files
from turnpike.rendering.argocd_access import ACCESS_FILE
from turnpike.rendering.new_namespaces import NEW_NAMESPACES_FILE
from turnpike.topology.organisation import Access, Organisation, SignOn
from unit.judge.examples import (
    added,
    deleted,
    environment,
    model_facts,
    organisation,
    with_changes,
)  # fmt: skip
from unit.rendering.test_gateway_sign_on import gateway

ONE = (Access(group="oncology", role="viewer"),)
ENVIRONMENT = "environments/moon/environment.yaml"


def company(access: tuple[Access, ...] = ()) -> Organisation:
    return organisation().model_copy(update={"access": access})


def digests(company_: Organisation, names: tuple[str, ...]) -> dict[str, str]:
    files = access_files(company_, names)
    return {path: digest_of(content) for path, content in files.items()}


def names(facts: Facts) -> tuple[str, ...]:
    return tuple(sorted(facts.base.environments))


def before(*changes: Change) -> Facts:
    """Return facts of a change on a main whose derived files are what they must be."""
    facts = model_facts()
    base = facts.base.model_copy(update={"organisation": company()})
    contents = {**base.contents, **digests(company(), names(facts))}
    base = base.model_copy(update={"contents": contents})
    head = facts.head.model_copy(update={"contents": {}})
    return with_changes(facts.model_copy(update={"base": base, "head": head}), *changes)


def after(facts: Facts, **head: object) -> Facts:
    return facts.model_copy(update={"head": facts.head.model_copy(update=head)})


def found(facts: Facts) -> set[tuple[str, str]]:
    return {(one.code, one.subject) for one in misrendered_access(facts)}


def test_a_change_that_leaves_access_alone_is_asked_for_nothing() -> None:
    facts = after(before(added(ORGANISATION_PATH)), organisation=company())
    assert found(facts) == set()


def test_a_declaration_without_its_files_is_refused() -> None:
    facts = after(before(added(ORGANISATION_PATH)), organisation=company(ONE))
    assert ("access.differs", ACCESS_FILE) in found(facts)
    assert ("access.differs", "platform/access/mlflow.yaml") in found(facts)
    decision = decide(facts, Answer(results=()))
    assert decision.change_class == "organisation"
    assert decision.verdict == "deny"


def test_a_declaration_with_its_files_passes() -> None:
    wanted = digests(company(ONE), names(before()))
    facts = before(added(ORGANISATION_PATH), *(added(path) for path in wanted))
    assert found(after(facts, organisation=company(ONE), contents=wanted)) == set()


def test_a_file_that_somebody_typed_is_refused_whoever_it_was() -> None:
    facts = after(before(added(ACCESS_FILE)), contents={ACCESS_FILE: digest_of(b"g, me, admin")})
    assert found(facts) == {("access.differs", ACCESS_FILE)}


def test_a_file_that_is_deleted_is_missed() -> None:
    assert found(before(deleted(ACCESS_FILE))) == {("access.differs", ACCESS_FILE)}


@pytest.mark.parametrize("path", [
    "platform/argocd/access/more.yaml", "platform/access/kubernetes/moon.yaml",
])  # fmt: skip
def test_a_file_that_nothing_derives_to_is_refused(path: str) -> None:
    facts = after(before(added(path)), contents={path: digest_of(b"anything")})
    assert found(facts) == {("access.left-over", path)}


def test_a_new_environment_brings_its_clusters_files_along_in_the_same_class() -> None:
    new = {"moon": environment("moon")}
    paths = ("platform/access/kubernetes/moon.yaml", NEW_NAMESPACES_FILE)
    alone = after(before(added(ENVIRONMENT)), environments=new)
    assert found(alone) == {("access.differs", path) for path in paths}
    wanted = digests(company(), (*names(alone), "moon"))
    both = before(added(ENVIRONMENT), *(added(path) for path in paths))
    both = after(both, environments=new, contents={path: wanted[path] for path in paths})
    assert found(both) == set()
    assert decide(both, Answer(results=())).change_class == "environment"


def test_an_environment_that_goes_takes_its_clusters_file_along() -> None:
    first, *rest = names(before())
    path = f"platform/access/kubernetes/{first}.yaml"
    gone = deleted(f"environments/{first}/environment.yaml")
    assert found(before(gone)) == {
        ("access.left-over", path), ("access.differs", NEW_NAMESPACES_FILE),
    }  # fmt: skip
    wanted = digests(company(), tuple(rest))[NEW_NAMESPACES_FILE]
    both = before(gone, deleted(path), added(NEW_NAMESPACES_FILE))
    assert found(after(both, contents={NEW_NAMESPACES_FILE: wanted})) == set()


def test_a_main_from_before_a_derived_file_was_one_goes_on_until_the_file_is_asked_for() -> None:
    facts = before(added(ORGANISATION_PATH))
    contents = {p: c for p, c in facts.base.contents.items() if p != NEW_NAMESPACES_FILE}
    base = facts.base.model_copy(update={"contents": contents})
    facts = facts.model_copy(update={"base": base})
    assert found(after(facts, organisation=company())) == set()


def with_gateway(**changes: str) -> Organisation:
    environment_, target = next(
        (name, one.targets[0].name) for name, one in before().base.environments.items()
    )
    one = {**gateway(environment_, target), **changes}
    value = {"issuer": "https://sso.example.org", "host": "embedded",
             "clients": {"pages": {"id": "p"}}, "gateways": (one,)}  # fmt: skip
    return company(ONE).model_copy(update={"sign_on": SignOn.model_validate(value)})


def brought(company_: Organisation) -> Facts:
    """Return facts of a change that declares a company and brings what is derived of it."""
    wanted = digests(company_, names(before()))
    facts = before(added(ORGANISATION_PATH), *(added(path) for path in wanted))
    return after(facts, organisation=company_, contents=wanted)


def test_a_gateway_comes_with_its_file() -> None:
    facts = brought(with_gateway())
    (path,) = [path for path in facts.head.contents if path.startswith("platform/access/gateway/")]
    assert found(facts) == set()
    contents = {**facts.head.contents, path: digest_of(b"allowedGroups: []")}
    assert found(after(facts, contents=contents)) == {("access.differs", path)}
    del contents[path]
    assert found(after(facts, contents=contents)) == {("access.differs", path)}


@pytest.mark.parametrize("changes", [
    {"target": "nowhere"}, {"environment": "nowhere"}, {"namespace": "beside"},
])  # fmt: skip
def test_a_gateway_that_could_be_passed_by_is_refused(changes: dict[str, str]) -> None:
    subject = f"{ORGANISATION_PATH}: signOn.gateways.0"
    assert found(brought(with_gateway(**changes))) == {("access.gateway-misplaced", subject)}


def test_what_a_newer_renderer_would_write_is_not_asked_of_another_change() -> None:
    facts = before(added(ORGANISATION_PATH))
    stale = {**facts.base.contents, ACCESS_FILE: digest_of(b"as an older renderer wrote it")}
    base = facts.base.model_copy(update={"contents": stale})
    facts = after(facts.model_copy(update={"base": base}), organisation=company())
    assert found(facts) == set()
