"""A document is believed only where it agrees with the place that it stands in."""

from __future__ import annotations

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.judge.consistency import consistency
from turnpike.judge.facts import Documents, Facts, Unreadable
from turnpike.manifest.model import GenerativeModel, Route, RouteArtifact
from unit.judge.deployed import BLOB, FACTS, PATH, RELEASE, released, with_release
from unit.judge.examples import added, deleted, environment, model, model_facts, with_changes

MANIFEST = "models/oncology/triage/model.yaml"


def codes(facts: Facts) -> list[str]:
    return [one.code for one in consistency(facts)]


def head(facts: Facts, **documents: object) -> Facts:
    return facts.model_copy(update={"head": facts.head.model_copy(update=documents)})


def test_a_sound_model_and_a_sound_release_pass() -> None:
    assert codes(model_facts()) == []
    assert codes(FACTS) == []


def test_a_manifest_that_names_another_model_is_refused() -> None:
    facts = head(model_facts(), models={MANIFEST: model(name="other")})
    assert codes(facts) == ["document.path-and-name-disagree"]


def test_a_model_without_manifest_or_build_is_incomplete() -> None:
    facts = model_facts().model_copy(update={"head": Documents()})
    assert codes(facts) == ["document.missing", "document.missing"]


def test_a_broken_manifest_is_told_as_broken_and_not_as_missing() -> None:
    problem = Unreadable(
        path=MANIFEST, side="head", line=3, field="name", expected="text", actual="7"
    )
    facts = head(model_facts(), models={}).model_copy(update={"unreadable": (problem,)})
    (found,) = consistency(facts)
    assert (found.code, found.subject) == ("document.invalid", f"{MANIFEST}:3")
    assert (found.expected, found.actual) == ("name: text", "7")


def test_a_build_file_may_hold_the_one_macro_only() -> None:
    build = "models/oncology/triage/BUILD"
    facts = head(model_facts(), contents={build: digest_of(b"python_sources()\n")})
    assert codes(facts) == ["change.build-differs"]


def test_a_route_that_is_not_the_registered_one_is_refused() -> None:
    route = Route(
        provider="bedrock", model="small", revision="1", temperature=0.0, max_tokens=10,
        system_prompt="Be brief.", tokens_per_minute=100,
    )  # fmt: skip
    fields = model().model_dump(exclude={"kind", "artifact", "signature", "data", "validation"})
    bare = GenerativeModel(kind="generative", route=route, **fields)
    artifact = RouteArtifact(
        registry_model="oncology.triage", version="1", digest=bare.route_digest(), format="route"
    )
    honest = bare.model_copy(update={"artifact": artifact})
    edited = route.model_copy(update={"system_prompt": "Be long."})
    assert codes(head(model_facts(), models={MANIFEST: honest})) == []
    facts = head(model_facts(), models={MANIFEST: honest.model_copy(update={"route": edited})})
    assert codes(facts) == ["artifact.route-differs"]


def test_a_release_of_another_model_is_refused() -> None:
    foreign = RELEASE.model_copy(update={"model": "other"})
    found = codes(with_release(foreign))
    assert "document.path-and-name-disagree" in found
    assert "release.foreign-manifest" in found


def test_a_release_whose_bytes_are_not_the_manifests_is_refused() -> None:
    other = RELEASE.model_copy(update={"artifact": digest_of(b"other bytes")})
    assert codes(with_release(other)) == ["release.artifact-differs"]


def test_a_release_of_a_draft_is_refused() -> None:
    draft = model().model_copy(update={"artifact": None})
    assert codes(head(FACTS, model_blobs={BLOB: draft})) == ["release.artifact-differs"]


def test_a_release_that_names_no_manifest_of_main_is_refused() -> None:
    assert codes(head(FACTS, model_blobs={})) == ["release.manifest-unknown"]


def test_a_release_to_a_place_that_main_does_not_have_is_refused() -> None:
    for path in (PATH.replace("/dev/", "/test/"), PATH.replace("/local/", "/moon/")):
        assert codes(released(path)) == ["release.unknown-target"]


def test_an_environment_that_the_change_itself_brings_is_no_place_to_release_to() -> None:
    """The base judges the head: a target exists once it is on main."""
    facts = head(
        released(PATH.replace("/dev/", "/test/")), environments={"test": environment("test")}
    )
    assert codes(facts) == ["release.unknown-target"]


def test_an_environment_promotes_from_what_exists_and_stands_in_its_folder() -> None:
    facts = with_changes(model_facts(), added("environments/test/environment.yaml"))
    bare = facts.model_copy(update={"head": Documents()})
    sound = head(bare, environments={"test": environment("test", ("dev",))})
    assert codes(sound) == []
    lost = head(bare, environments={"test": environment("test", ("nowhere",))})
    assert codes(lost) == ["environment.unknown-source"]
    misnamed = head(bare, environments={"other": environment("test")})
    assert codes(misnamed) == ["document.path-and-name-disagree"]


@pytest.mark.parametrize(
    "path",
    [
        "environments/production/aws-eu/oncology/Triage/manifests.yaml",
        "environments/production/aws-eu/oncology/triage.v2/manifests.yaml",
        "environments/production/aws-eu/oncology/triage/notes.txt",
        "environments/production/aws-eu/oncology/triage/more/manifests.yaml",
        "environments/{{x}}/a/b/c/manifests.yaml",
        "environments/README.md",
    ],
)
def test_nothing_unknown_comes_below_environments(path: str) -> None:
    """Argo CD would deploy it, with neither evidence nor the environment's approvals."""
    assert codes(with_changes(model_facts(), added(path))) == ["environment.stray-file"]


def test_what_is_known_below_environments_is_no_stray_file_and_any_may_go() -> None:
    known = ("environment.yaml", "aws-eu/oncology/triage/settings.yaml")
    for path in ("schedule.yaml", "clouds.yaml", "stops/halt.yaml", "debts/one.yaml"):
        assert "environment.stray-file" not in codes(
            with_changes(model_facts(), added(f"environments/{path}"))
        )
    for path in known:
        facts = with_changes(model_facts(), added(f"environments/production/{path}"))
        assert "environment.stray-file" not in codes(facts)
    gone = deleted("environments/README.md")
    assert "environment.stray-file" not in codes(with_changes(model_facts(), gone))
