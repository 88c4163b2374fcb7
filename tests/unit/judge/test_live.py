"""What is live is compared by what was measured of exactly that, or the comparison fails."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import VALIDATION, statement_about
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ModelKey
from turnpike.judge.live import live_releases, measured_of
from turnpike.judge.policy_input import PolicyInput
from turnpike.judge.queries import plan_queries
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.release import Release
from unit.judge.deployed import RELEASE
from unit.judge.examples import RoleKey, environment, model, model_facts, object_id
from unit.judge.test_testimony import validation

KEY = ModelKey("oncology", "triage")
SIGNER = RoleKey("validator")
BYTES = digest_of(b"the live bytes")
BLOB = object_id("the live manifest")
LIVE = RELEASE.model_copy(update={"artifact": BYTES, "manifest": BLOB})
ENVIRONMENTS = {"dev": environment("dev"), "production": environment("production", ("dev",))}


def path(name: str) -> str:
    return f"environments/{name}/local/oncology/triage/release.yaml"


def live_model(data: str | None = None) -> PredictiveModel:
    """Return the manifest of the live version, perhaps with pinned held-out records."""
    example = model()
    assert example.artifact is not None
    artifact = example.artifact.model_copy(update={"digest": BYTES})
    pinned = example.data.validation.model_copy(update={"digest": data})
    data_block = example.data.model_copy(update={"validation": pinned})
    return example.model_copy(update={"artifact": artifact, "data": data_block})


def measured(changes: dict[str, JsonValue] | None = None, about: Digest = BYTES) -> Envelope:
    said = {**validation(), "validationView": live_model().validation_view(), **(changes or {})}
    return SIGNER.sign(statement_about("oncology/triage", about, VALIDATION, said))


def facts_with(
    *evidence: Envelope, manifest: PredictiveModel | None = None, release: Release = LIVE
) -> Facts:
    facts = model_facts()
    base = facts.base.model_copy(update={"releases": {path("production"): release}})
    blobs: Mapping[ObjectId, PredictiveModel] = {BLOB: manifest or live_model()}
    head = facts.head.model_copy(update={"model_blobs": blobs})
    update = {"base": base, "head": head, "evidence": evidence, "keys": (SIGNER.public,)}
    return facts.model_copy(update=update)


def asked(facts: Facts) -> PolicyInput:
    (_, about_model) = plan_queries(facts)
    return about_model


def test_the_run_that_is_bound_to_the_live_manifest_measures_it() -> None:
    found = asked(facts_with(measured()))
    assert [metric.value for metric in found.live_metrics] == [0.95]
    assert found.live_unmeasured == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"validationView": model().validation_view()},
        {"validationView": digest_of(b"another view")},
        {"run": "team"},
        {"preview": True},
        {"isolated": False},
    ],
)
def test_no_other_statement_about_the_live_bytes_measures_it(changes: dict[str, JsonValue]) -> None:
    found = asked(facts_with(measured(changes)))
    assert (found.live_metrics, found.live_unmeasured) == ((), (BYTES,))


def test_a_statement_on_other_records_than_the_manifest_pins_measures_nothing() -> None:
    for pinned, unmeasured in ((digest_of(b"data"), ()), (digest_of(b"others"), (BYTES,))):
        manifest = live_model(pinned)
        envelope = measured({"validationView": manifest.validation_view()})
        assert asked(facts_with(envelope, manifest=manifest)).live_unmeasured == unmeasured


def test_taking_the_evidence_of_the_live_version_away_leaves_it_unmeasured() -> None:
    assert asked(facts_with()).live_unmeasured == (BYTES,)


def test_a_manifest_that_is_not_there_or_of_other_bytes_measures_nothing() -> None:
    elsewhere = LIVE.model_copy(update={"manifest": object_id("gone")})
    assert asked(facts_with(measured(), release=elsewhere)).live_unmeasured == (BYTES,)
    assert asked(facts_with(measured(), manifest=model())).live_unmeasured == (BYTES,)


def test_the_statement_of_another_artifact_measures_nothing() -> None:
    assert asked(facts_with(measured(about=digest_of(b"others")))).live_unmeasured == (BYTES,)


def test_live_is_what_the_environments_serve_that_nothing_promotes_from() -> None:
    releases = {path("dev"): RELEASE, path("production"): LIVE, path("gone"): RELEASE}
    assert live_releases(ENVIRONMENTS, releases, KEY) == (LIVE,)
    assert live_releases(ENVIRONMENTS, {path("dev"): RELEASE}, KEY) == ()
    assert live_releases(ENVIRONMENTS, releases, ModelKey("oncology", "other")) == ()


def test_a_draft_measures_nothing() -> None:
    draft = live_model().model_copy(update={"artifact": None})
    assert measured_of(LIVE, draft, ()) is None
