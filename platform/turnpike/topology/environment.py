"""Where models run: ``environments/<environment>/environment.yaml``.

Everything that differs between clouds stands here as data, so that a new cloud or region is a new
target and not a new code path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, TypeAdapter, ValidationInfo, field_validator

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import DigestText, Name, ShortText
from turnpike.manifest.model import RiskTier
from turnpike.manifest.serving import Resources
from turnpike.manifest.settings import Replicas
from turnpike.topology.rollout import Rollout, faults_of
from turnpike.topology.window import Freeze, Schedule, Window

StorageUri = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*://[A-Za-z0-9._/-]*[A-Za-z0-9]$")
]
Repository = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._/-]*[a-z0-9]$", max_length=200)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$", max_length=128)]

_T = TypeVar("_T")


def _each_once(entries: tuple[_T, ...], names: Iterable[str]) -> tuple[_T, ...]:
    """Return the entries; of two that are called the same, only one could ever be meant."""
    counted = Counter(names)
    twice = next((name for name, times in counted.items() if times > 1), None)
    if twice is not None:
        raise ValueError(f"each name once: {twice} stands {counted[twice]} times")
    return entries


class WorkloadIdentity(Part):
    """How a pod proves to its cloud who it is, without a key.

    ``principal`` is the pattern of a cloud principal, in which the renderer fills in ``{team}`` and
    ``{model}``; ``principals`` overrides it by team where a cloud assigns the ids itself.
    ``pod_labels`` are what the cloud's webhook looks for on a pod.
    """

    annotation: ShortText
    principal: ShortText
    principals: dict[Name, ShortText] = Field(default_factory=dict)
    pod_labels: dict[ShortText, ShortText] = Field(default_factory=dict)


class Egress(Part):
    """One place that a model's pod may open a connection to: a CIDR block and a TCP port."""

    purpose: ShortText
    cidr: ShortText
    port: int = Field(ge=1, le=65_535)


class Network(Part):
    """Who may reach a model's pod, by namespace, and what it may reach itself.

    Knative's namespace counts only in targets of its deployment mode.
    """

    gateway_namespace: Name = "gateway"
    monitoring_namespace: Name = "monitoring"
    knative_namespace: Name = "knative-serving"
    dns_namespace: Name = "kube-system"
    egress: tuple[Egress, ...] = ()


class AcceleratorPool(Part):
    """Where a target has accelerators of one kind: the device's resource, nodes and taint."""

    kind: Name
    resource: ShortText
    node_selector: dict[ShortText, ShortText] = Field(min_length=1)
    taint: ShortText | None = None


class Target(Part):
    """One cluster of an environment: everything that differs between clouds, as data.

    ``storage`` is the URI prefix of the content-addressed artifact store, ``images`` the prefix of
    the container registry. A ``pvc://`` store is a volume claim in the deployment's namespace; all
    others are downloaded. ``residency`` names the jurisdiction in which its data stays.
    ``deployment_mode`` is KServe's: only ``Knative`` splits traffic between two artifacts.
    """

    name: Name
    cloud: Name
    region: ShortText
    cluster: ShortText
    residency: ShortText
    storage: StorageUri
    images: ShortText
    identity: WorkloadIdentity | None = None
    network: Network = Network()
    node_selector: dict[ShortText, ShortText] = Field(default_factory=dict)
    accelerators: tuple[AcceleratorPool, ...] = ()
    deployment_mode: Literal["Standard", "Knative"] = "Standard"

    @field_validator("accelerators")
    @classmethod
    def _kinds_each_once(cls, pools: tuple[AcceleratorPool, ...]) -> tuple[AcceleratorPool, ...]:
        return _each_once(pools, (one.kind for one in pools))

    def accelerator_pool(self, kind: str) -> AcceleratorPool | None:
        """Return where the target has accelerators of that kind."""
        return next((pool for pool in self.accelerators if pool.kind == kind), None)


class Image(Part):
    """A container image below a target's ``images`` prefix; a digest decides where it is given."""

    repository: Repository
    tag: Tag
    digest: DigestText | None = None

    def reference(self, prefix: str) -> str:
        """Return what a container names: ``prefix/repository:tag``, with the digest if known."""
        name = f"{prefix}/{self.repository}:{self.tag}"
        return f"{name}@{self.digest}" if self.digest else name


class Runtime(Part):
    """A serving runtime: KServe's name for it, the format it loads, and the images of its pods.

    ``download`` fetches the artifact, ``verify`` compares it with its digest, ``server`` serves it.
    """

    family: Name
    serving_runtime: Name
    model_format: Name
    model_format_version: ShortText
    server: Image
    download: Image
    verify: Image


class Approval(Part):
    """How many members of one group must approve; all listed approvals must be met."""

    group: Name
    count: int = Field(ge=1, le=10)


class Defaults(Part):
    """What a deployment gets where its settings say nothing."""

    replicas: Replicas
    resources: Resources | None = None


class Infrastructure(Part):
    """What plans of Terraform for an environment are held against.

    ``monthly_cost`` is the most that one cloud's root may cost a month, in the currency of
    ``environments/clouds.yaml``; ``plan_hours`` is for how long a plan may be merged.
    """

    monthly_cost: float = Field(ge=0, le=100_000_000)
    plan_hours: int = Field(ge=1, le=720)


class Delivery(Part):
    """What Argo CD is asked for beyond bringing what main says, as soon as main says it.

    ``sync_windows``: it brings nothing by itself outside of the windows and in the freezes by which
    the gate judges releases; somebody may by hand, at any time.
    """

    sync_windows: bool = False


class Environment(Document):
    """A stage of the road; ``promotes_from`` is empty for a first stage.

    ``fan_in`` says whether a model must stand in any of those stages, or in all of them.

    ``soak_seconds`` is how long evidence must have seen an artifact healthy in a stage before this
    one. ``windows`` and ``freezes`` say when changes may go into this environment. ``rollout`` are
    the steps by which an artifact comes to all of the traffic; without it, it has it at once.

    ``evidence_days`` is for how many days of 24 hours a validation or scan lets an artifact in, by
    risk tier; in a tier that is not named it does so without an end.
    """

    kind: Literal["Environment"]
    name: Name
    promotes_from: tuple[Name, ...] = ()
    fan_in: Literal["any", "all"] = "any"
    targets: tuple[Target, ...] = Field(min_length=1)
    runtimes: tuple[Runtime, ...] = ()
    approvals: tuple[Approval, ...] = ()
    promotion: Literal["automatic", "pull-request"]
    soak_seconds: int = Field(ge=0)
    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    classifications: tuple[ShortText, ...] = Field(min_length=1)
    requires_slo: bool = False
    evidence_days: dict[RiskTier, Annotated[int, Field(ge=1, le=36_500)]] = Field(
        default_factory=dict
    )
    defaults: Defaults
    rollout: Rollout | None = None
    delivery: Delivery = Delivery()
    infrastructure: Infrastructure | None = None

    @field_validator("promotes_from")
    @classmethod
    def _stages_each_once(cls, stages: tuple[str, ...]) -> tuple[str, ...]:
        return _each_once(stages, stages)

    @field_validator("targets")
    @classmethod
    def _targets_each_once(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        return _each_once(targets, (one.name for one in targets))

    @field_validator("runtimes")
    @classmethod
    def _families_each_once(cls, runtimes: tuple[Runtime, ...]) -> tuple[Runtime, ...]:
        return _each_once(runtimes, (one.family for one in runtimes))

    @field_validator("approvals")
    @classmethod
    def _groups_each_once(cls, approvals: tuple[Approval, ...]) -> tuple[Approval, ...]:
        return _each_once(approvals, (one.group for one in approvals))

    @field_validator("windows", "freezes")
    @classmethod
    def _is_of_one_environment(
        cls, entries: tuple[Window | Freeze, ...]
    ) -> tuple[Window | Freeze, ...]:
        scoped = next((entry.name for entry in entries if entry.environments), None)
        if scoped:
            raise ValueError(f"no environments in {scoped}: this file is of one environment")
        return entries

    @field_validator("rollout")
    @classmethod
    def _is_meant(cls, rollout: Rollout | None, info: ValidationInfo) -> Rollout | None:
        targets: tuple[Target, ...] = info.data.get("targets", ())
        if rollout is None or not targets:  # what is wrong with the targets is told already
            return rollout
        splitting = (one.name for one in targets if one.deployment_mode == "Knative")
        fault = faults_of(rollout, (one.name for one in targets), splitting)
        if fault:
            raise ValueError(fault)
        return rollout

    def schedule(self) -> Schedule:
        """Return the environment's own windows and freezes."""
        return Schedule.of(self.windows, self.freezes)

    def target(self, name: str) -> Target | None:
        """Return the target of that name."""
        return next((target for target in self.targets if target.name == name), None)

    def runtime(self, family: str) -> Runtime | None:
        """Return the serving runtime of that family."""
        return next((runtime for runtime in self.runtimes if runtime.family == family), None)


ENVIRONMENT: TypeAdapter[Environment] = TypeAdapter(Environment)
