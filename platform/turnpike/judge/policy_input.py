"""What a policy sees: one normalised document a subject, in which no field is ever missing.

A document that the change lacks is null; whatever is inside one is whole, its defaults filled in.
Policies may therefore test for null, and never meet an undefined path.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, Name, ObjectIdText
from turnpike.evidence.plan import PlannedModule, PlannedProvider, PlannedResource
from turnpike.evidence.predicates import Check, MetricValue
from turnpike.judge.analysis import AnalysisVerdict
from turnpike.judge.decision import ChangeClass
from turnpike.judge.remedy import RuleRemedy
from turnpike.manifest.model import Model
from turnpike.manifest.release import Release, Rest
from turnpike.manifest.serving import Resources
from turnpike.manifest.settings import Replicas
from turnpike.topology.environment import Environment, Target
from turnpike.topology.organisation import Team


class ChangeInput(Part):
    """The change as a whole; of the releases that it deletes a stop on main recalls some."""

    change_class: ChangeClass = Field(validation_alias="class", serialization_alias="class")
    classes: tuple[str, ...]
    paths: tuple[str, ...]
    deleted_models: tuple[str, ...]
    deleted_releases: tuple[str, ...]
    recalled_releases: tuple[str, ...]


class EvidenceInput(Part):
    """One statement whose signature, role and subject the judge has already verified.

    ``bound`` tells that it names the manifest's validation view; ``failed`` are its failed checks.
    ``finished_at`` is when it was found out, null for what is no finding. ``expires_at`` is from
    when on it lets nothing into the deployment's environment; null where that never comes.
    ``disproves`` tells that it speaks against a release: on the record, failed, not taken back.
    """

    predicate_type: str
    role: str
    signer: str
    run: Literal["platform", "team", "none"]
    bound: bool
    isolated: bool
    checks: tuple[Check, ...]
    failed: tuple[Check, ...]
    metrics: tuple[MetricValue, ...]
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    disproves: bool = False


class RequirementInput(Part):
    """One required approval; ``missing`` is how many are still to come."""

    group: str
    count: int
    given: int
    missing: int
    reason: str


class ReleaseSource(Part):
    """A release of the same model in an environment that this one promotes from.

    ``healthy_seconds`` is for how long observers saw its artifact healthy there, within its promise
    to consumers where it has one.
    """

    environment: str
    target: str
    artifact: DigestText
    manifest: ObjectIdText
    version: str
    healthy_seconds: int = 0


class Standstill(Part):
    """A stop on main that speaks of the deployment; while it stands, nothing is promoted there."""

    name: str
    reason: str
    incident: str


class Companion(Part):
    """Another model of a moving release's group: its bytes in the stage before, and where it goes.

    ``there`` is what that stage serves, or main's manifest names for a first environment; ``here``
    what stands in the same target after the merge, null where nothing does.
    """

    model: str
    group: Name
    there: tuple[DigestText, ...]
    here: DigestText | None


class Movement(Part):
    """What windows, freezes and stops say of a release that changes.

    ``by`` names the freeze that holds, else the window that does; ``next_change`` is when ``open``
    changes next, ``opens_at`` when it is open next (null where it is open, or will never be).
    """

    open: bool
    by: str | None
    reason: str | None
    next_change: datetime | None
    opens_at: datetime | None
    standstills: tuple[Standstill, ...]


class StepInput(Part):
    """A step of a rollout: its number from 1 on, its share, and the targets that are meant."""

    number: int
    traffic: int
    targets: tuple[str, ...]


class AnalysisInput(Part):
    """What observers saw of an artifact in a target since it has the share of a step.

    ``since`` is when that release went in. ``reasons`` say what failed, or what is missing.
    """

    number: int
    traffic: int
    target: str
    verdict: AnalysisVerdict
    since: datetime | None
    seen_seconds: int
    requests: int
    reasons: tuple[str, ...]


class RolloutInput(Part):
    """How far a release has come by the steps of its environment.

    ``step`` is the number of the step that it would carry out, null where none gives its target
    this share; ``shares`` are those that its steps do. ``skipped`` are the steps before that were
    not carried out, ``analyses`` what is known of those that were. ``rest`` is what serves beside.
    """

    step: int | None
    count: int
    shares: tuple[int, ...]
    skipped: tuple[StepInput, ...]
    analyses: tuple[AnalysisInput, ...]
    rest: Rest | None


class Usage(Part):
    """What a team asks for in one target, all replicas at their most, this change included."""

    cpu_millicores: int
    memory_mebibytes: int


class DeploymentInput(Part):
    """A release: where it goes, what it was, where it came from and what it asks for.

    ``rollback`` tells that the same artifact and manifest had all of the traffic at this path on
    main before; ``admitted`` that the decision which it names is a signed allow of these very
    bytes. ``movement`` is null where the release does not change; it then has no ``companions``
    either. So is ``rollout``, which is null as well where its environment has no steps for it.
    """

    release: Release
    previous: Release | None
    environment: Environment
    target: Target
    sources: tuple[ReleaseSource, ...]
    rollback: bool
    admitted: bool
    replicas: Replicas
    resources: Resources
    usage: Usage
    movement: Movement | None = None
    companions: tuple[Companion, ...] = ()
    rollout: RolloutInput | None = None


class PlanInput(Part):
    """The newest plan of a root that counts; ``expires_at`` is from when on it lets nothing in.

    Null: the environment does not say for how long, so that it never does.
    """

    standing: int
    finished_at: datetime
    expires_at: datetime | None
    providers: tuple[PlannedProvider, ...]
    modules: tuple[PlannedModule, ...]
    resources: tuple[PlannedResource, ...]


class RootInput(Part):
    """A root of Terraform that the change touches, and what main says of its environment.

    ``regions`` are those of its cloud in which the environment's data may be, ``residencies`` why.
    """

    path: str
    environment: str
    cloud: str
    removed: bool
    regions: tuple[str, ...]
    residencies: tuple[str, ...]
    monthly_cost: float | None
    plan: PlanInput | None


class RegistryInput(Part):
    """What the registry says of the manifest's artifact; ``found`` is false for an unknown one."""

    found: bool
    digest: DigestText | None


class SubjectInput(Part):
    """What is judged: a model, a deployment of one, a root of Terraform, or the change itself."""

    kind: Literal["model", "deployment", "root", "change"]
    id: str
    team: str
    model: str


class PolicyInput(Part):
    """The whole input of one evaluation of every rule.

    ``live_metrics`` are the platform run's of what is live, ``live_unmeasured`` the artifacts that
    are live and of which no such run counts.
    """

    # Built when it is defined: all adapters that take it use what is built.
    model_config: ClassVar[ConfigDict] = ConfigDict(defer_build=False)

    now: datetime
    change: ChangeInput
    subject: SubjectInput
    team: Team | None
    model: Model | None
    previous_model: Model | None
    card: tuple[str, ...] | None
    registry: RegistryInput | None
    evidence: tuple[EvidenceInput, ...]
    live_metrics: tuple[MetricValue, ...]
    live_unmeasured: tuple[DigestText, ...]
    deployment: DeploymentInput | None
    requirements: tuple[RequirementInput, ...]
    terraform_root: RootInput | None = None


POLICY_INPUT: TypeAdapter[PolicyInput] = TypeAdapter(PolicyInput)


Yielding = Literal["waiver", "emergency", "rollback"]


class Denial(Part):
    """What a rule says against a subject.

    ``remedies`` are options that would satisfy it, each a list of changes that belong together;
    they explain, and decide nothing. ``yields_to`` says what may take the denial away; nothing does
    where the rule does not say so.
    """

    code: str
    message: str
    expected: str
    actual: str
    solution: str
    remedies: tuple[tuple[RuleRemedy, ...], ...] = ()
    yields_to: tuple[Yielding, ...] = ()


class Note(Part):
    """What a rule tells of a subject beside its denials, such as a cost; it decides nothing."""

    code: str
    message: str
    expected: str
    actual: str
    solution: str


class SubjectAnswer(Part):
    """What all rules say of one subject: which rules ran, every denial, and what else they tell."""

    rules: tuple[str, ...]
    denials: tuple[Denial, ...]
    notes: tuple[Note, ...] = ()


class Answer(Part):
    """OPA's answer to one batch, in the order of the batch."""

    results: tuple[SubjectAnswer, ...]


ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
