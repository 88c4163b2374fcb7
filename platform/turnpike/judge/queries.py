"""Step 7: facts to the one batch of normalised inputs that OPA is asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from turnpike.documents.identifiers import Digest
from turnpike.evidence.predicates import Check, MetricValue, ScanResult, ValidationResult
from turnpike.judge.ageing import expiry_of
from turnpike.judge.consistency import unread
from turnpike.judge.decision import ChangeClass, Requirement
from turnpike.judge.deployments import Around, deployment_input
from turnpike.judge.disproof import disproofs
from turnpike.judge.facts import Facts, RegistryAnswer, RootInputs
from turnpike.judge.layout import DeploymentKey, ModelKey, classes_of, model_of
from turnpike.judge.live import IsBound, bound_to, live_releases, measured_of
from turnpike.judge.plans import root_input
from turnpike.judge.policy_input import (
    ChangeInput,
    DeploymentInput,
    EvidenceInput,
    PolicyInput,
    RegistryInput,
    RequirementInput,
    SubjectInput,
)
from turnpike.judge.recalls import recalls_in
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.subjects import (
    FIXED_CLASSES,
    can_be_asked_about,
    changed_deployments,
    changed_models,
    changed_paths,
    retired_deployments,
)
from turnpike.judge.testimony import Testimony, by_artifact
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release

CHANGE = SubjectInput(kind="change", id="change", team="", model="")
"""The subject that is the change itself."""


def plan_queries(facts: Facts) -> tuple[PolicyInput, ...]:
    """Return what the policies are asked about these facts; see ``queries_about``."""
    return queries_about(situation_of(facts))


def queries_about(
    situation: Situation, only: Collection[str] | None = None
) -> tuple[PolicyInput, ...]:
    """Return the batch: the change itself, each changed model, deployment and root.

    Empty for the classes that fixed rules judge, and where there is nothing to be asked about.
    ``only`` names the ids of the subjects to ask about; all where it is None.
    """
    if situation.change_class in FIXED_CLASSES or not can_be_asked_about(situation.facts):
        return ()
    return tuple(_Planner(situation).plan(only))


def after_people(queries: tuple[PolicyInput, ...], situation: Situation) -> tuple[PolicyInput, ...]:
    """Return queries about a situation that differs from the one that they are about in people."""
    requirements = _requirement_inputs(situation.requirements)
    return tuple(one.model_copy(update={"requirements": requirements}) for one in queries)


class _Planner:
    """Holds what all inputs of one batch share, so that it is worked out once."""

    def __init__(self, situation: Situation) -> None:
        self._facts = situation.facts
        self._testimony = by_artifact(situation.hearing.testimony)
        self._lapsed = by_artifact(situation.hearing.lapsed)
        self._recorded = frozenset(situation.facts.recorded)
        self._around = Around.of(situation.facts)
        self._registry = _by_version(situation.facts.registry)
        self._decisions = situation.decisions
        self._plans = situation.plans
        self._change = _change_input(situation.facts, situation.change_class)
        self._requirements = _requirement_inputs(situation.requirements)

    def plan(self, only: Collection[str] | None) -> Iterator[PolicyInput]:
        # What cannot be read is refused already; a policy would only misread it as missing.
        broken = unread(self._facts)
        if only is None or CHANGE.id in only:
            yield self._of_change()
        for key in changed_models(self._facts):
            if key.manifest_path not in broken and (only is None or str(key) in only):
                yield self._of_model(key)
        for place in changed_deployments(self._facts):
            read = not broken & {place.path("release.yaml"), place.path("settings.yaml")}
            if read and (only is None or str(place) in only):
                yield self._of_deployment(place)
        for root in self._facts.roots:
            if only is None or root.path in only:
                yield self._of_root(root)

    def _of_change(self) -> PolicyInput:
        return self._input(CHANGE, None, None)

    def _of_model(self, key: ModelKey) -> PolicyInput:
        model = self._facts.head.models.get(key.manifest_path)
        subject = SubjectInput(kind="model", id=str(key), team=key.team, model=key.model)
        return self._input(subject, key, model)

    def _of_deployment(self, key: DeploymentKey) -> PolicyInput:
        stands = self._around.releases_of(key.model_key).values()
        artifacts = {release.artifact for release in stands}
        said = tuple(one for found in artifacts for one in self._testimony.get(found, ()))
        found = deployment_input(self._around, key, self._decisions, said)
        model = self._facts.head.model_blobs.get(found.release.manifest) if found else None
        subject = SubjectInput(kind="deployment", id=str(key), team=key.team, model=key.model)
        return self._input(subject, key.model_key, model, found)

    def _of_root(self, root: RootInputs) -> PolicyInput:
        subject = SubjectInput(kind="root", id=root.path, team="", model="")
        found = root_input(self._facts, root, self._plans.get(root.path))
        return self._input(subject, None, None).model_copy(update={"terraform_root": found})

    def _input(
        self,
        subject: SubjectInput,
        key: ModelKey | None,
        model: PredictiveModel | GenerativeModel | None,
        deployment: DeploymentInput | None = None,
    ) -> PolicyInput:
        organisation = self._facts.base.organisation
        live = self._live(key) if key else ()
        return PolicyInput(
            now=self._facts.clock,
            change=self._change,
            subject=subject,
            team=organisation.team(key.team) if organisation and key else None,
            model=model,
            previous_model=self._facts.base.models.get(key.manifest_path) if key else None,
            card=self._facts.head.cards.get(f"{key.folder}/card.md") if key else None,
            registry=_registry_input(self._registry, model),
            evidence=self._evidence(model, deployment),
            live_metrics=tuple(m for _, run in live if run for m in run.metrics),
            live_unmeasured=tuple(release.artifact for release, run in live if run is None),
            deployment=deployment,
            requirements=self._requirements,
        )

    def _evidence(
        self, model: PredictiveModel | GenerativeModel | None, deployment: DeploymentInput | None
    ) -> tuple[EvidenceInput, ...]:
        if model is None or model.artifact is None:
            return ()
        about = self._testimony.get(model.artifact.digest, ())
        is_bound = bound_to(model)
        if deployment is None:
            return tuple(_evidence_input(witness, is_bound) for witness in about)
        lapsed = self._lapsed.get(model.artifact.digest, ())
        against = disproofs(is_bound, about, lapsed, self._recorded)
        about += lapsed
        days = deployment.environment.evidence_days.get(model.risk_tier)
        return tuple(
            _evidence_input(witness, is_bound).model_copy(
                update={
                    "expires_at": expiry_of(witness, days),
                    "disproves": witness.envelope in against,
                }
            )
            for witness in about
        )

    def _live(self, key: ModelKey) -> tuple[tuple[Release, ValidationResult | None], ...]:
        """Return each live release of a model that has metrics, with what measured it."""
        base, manifests = self._facts.base, self._facts.head.model_blobs
        live = live_releases(base.environments, self._around.releases_of(key), key)
        found = ((release, manifests.get(release.manifest)) for release in live)
        return tuple(
            (release, measured_of(release, manifest, self._results_about(release.artifact)))
            for release, manifest in found
            if not isinstance(manifest, GenerativeModel)
        )

    def _results_about(self, artifact: Digest) -> Iterator[ValidationResult]:
        for witness in self._testimony.get(artifact, ()):
            if isinstance(witness.predicate, ValidationResult):
                yield witness.predicate


def _by_version(answers: Iterable[RegistryAnswer]) -> dict[tuple[str, str], RegistryAnswer]:
    """Return the first answer about each version."""
    found: dict[tuple[str, str], RegistryAnswer] = {}
    for one in answers:
        found.setdefault((one.model, one.version), one)
    return found


def _change_input(facts: Facts, change_class: ChangeClass) -> ChangeInput:
    deleted = [change.path for change in facts.changes if change.new is None]
    return ChangeInput(
        change_class=change_class,
        classes=classes_of(changed_paths(facts)),
        paths=tuple(sorted(changed_paths(facts))),
        deleted_models=tuple(
            sorted(str(key) for p in deleted if (key := model_of(p)) and p == key.manifest_path)
        ),
        deleted_releases=tuple(sorted(map(str, retired_deployments(facts)))),
        recalled_releases=tuple(sorted(map(str, recalls_in(facts)))),
    )


def _requirement_inputs(requirements: tuple[Requirement, ...]) -> tuple[RequirementInput, ...]:
    return tuple(
        RequirementInput(
            group=one.group,
            count=one.count,
            given=len(one.approved_by),
            missing=max(0, one.count - len(one.approved_by)),
            reason=one.reason,
        )
        for one in requirements
    )


def _registry_input(
    answers: Mapping[tuple[str, str], RegistryAnswer],
    model: PredictiveModel | GenerativeModel | None,
) -> RegistryInput | None:
    if model is None or model.artifact is None:
        return None
    answer = answers.get((model.artifact.registry_model, model.artifact.version))
    digest = answer.digest if answer else None
    return RegistryInput(found=digest is not None, digest=digest)


def _evidence_input(witness: Testimony, is_bound: IsBound) -> EvidenceInput:
    said = witness.predicate
    checks: tuple[Check, ...] = ()
    metrics: tuple[MetricValue, ...] = ()
    run: Literal["platform", "team", "none"] = "none"
    finished_at: datetime | None = None
    bound = isolated = True
    if isinstance(said, ValidationResult):
        run, isolated, metrics = said.run, said.isolated, said.metrics
    if isinstance(said, ValidationResult | ScanResult):
        checks = said.checks
        bound = is_bound(said)
        finished_at = said.finished_at
    return EvidenceInput(
        predicate_type=witness.statement.predicate_type,
        role=witness.key.role,
        signer=witness.key.name,
        run=run,
        bound=bound,
        isolated=isolated,
        checks=checks,
        failed=tuple(check for check in checks if not check.passed),
        metrics=metrics,
        finished_at=finished_at,
    )
