"""A new rendering goes environment by environment, and nobody renders two of them at once."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.facts import Change, Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.render_order import render_order
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from unit.judge.deployed import BLOB, RELEASE, edited
from unit.judge.examples import base_documents, environment, model, model_facts

STAGES = {"dev": (), "staging": ("dev",), "production": ("staging",)}
OLD = digest_of(b"as an older renderer wrote it")


def path(name: str, file: str = "manifests.yaml") -> str:
    return DeploymentKey(name, "local", "oncology", "triage").path(file)


def now(name: str) -> Digest:
    """Return the digest of the model's manifests in a stage, as they are rendered now."""
    stage = environment(name, STAGES[name])
    files = derived_files(Deployment(model(), RELEASE, stage, stage.targets[0]))
    return digest_of(files[path(name)])


def facts(stands: dict[str, Digest], *changes: Change) -> Facts:
    """Return the facts of a change of manifests, while main has these of the model."""
    main = {
        "releases": {path(name, "release.yaml"): RELEASE for name in stands},
        "contents": {path(name): digest for name, digest in stands.items()},
        "environments": {name: environment(name, before) for name, before in STAGES.items()},
    }
    example = model_facts()
    return example.model_copy(
        update={
            "changes": changes,
            "base": base_documents().model_copy(update=main),
            "head": example.head.model_copy(update={"model_blobs": {BLOB: model()}}),
        }
    )


def codes(found: Facts) -> list[str]:
    return [one.code for one in render_order(found, "render")]


def test_the_first_environment_waits_for_nobody() -> None:
    assert codes(facts({"dev": OLD, "staging": OLD}, edited(path("dev")))) == []


def test_the_next_one_waits_until_the_stage_before_has_it() -> None:
    change = edited(path("staging"))
    assert codes(facts({"dev": OLD, "staging": OLD}, change)) == ["render.out-of-order"]
    assert codes(facts({"dev": now("dev"), "staging": OLD}, change)) == []


def test_only_the_stages_directly_before_are_looked_at() -> None:
    stands = {"dev": OLD, "staging": now("staging"), "production": OLD}
    assert codes(facts(stands, edited(path("production")))) == []


def test_a_stage_that_does_not_serve_the_model_holds_nobody_up() -> None:
    assert codes(facts({"staging": OLD}, edited(path("staging")))) == []


def test_what_a_stage_has_and_nobody_could_read_is_not_as_rendered() -> None:
    unread = facts({"dev": now("dev"), "staging": OLD}, edited(path("staging")))
    blind = unread.model_copy(update={"head": unread.head.model_copy(update={"model_blobs": {}})})
    assert codes(blind) == ["render.out-of-order"]


def test_two_environments_at_once_are_refused() -> None:
    both = facts({"dev": OLD, "production": OLD}, edited(path("dev")), edited(path("production")))
    assert codes(both) == ["render.several-environments"]


def test_other_classes_are_not_asked() -> None:
    early = facts({"dev": OLD, "staging": OLD}, edited(path("staging")))
    assert render_order(early, "settings") == ()
