"""What is read of a cluster's objects; whoever writes them adds fields at will, left aside here.

Sources: Kubernetes 1.37 (core/v1, apps/v1), Argo CD 3.6 (argoproj.io/v1alpha1 Application), KServe
0.16 (serving.kserve.io/v1beta1 InferenceService).
"""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel

from turnpike.rendering.artifact import VERIFYING, is_verifying

_ARTIFACT = "turnpike.dev/artifact"


class Seen(BaseModel):
    """A part of an object; a field that is absent or null is its default.

    Fields have the names of the API alone: some APIs keep what they do not know, and there another
    spelling would be read here and by nothing that runs.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: inner for name, inner in value.items() if inner is not None}
        return value


class Owner(Seen):
    """What an object belongs to."""

    kind: str
    name: str
    controller: bool | None = None


class Metadata(Seen):
    """What every object says of itself."""

    name: str
    namespace: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    owner_references: tuple[Owner, ...] = ()
    generation: int = 0
    deletion_timestamp: AwareDatetime | None = None


class Condition(Seen):
    """One thing that a controller says of an object."""

    type: str
    status: str = ""
    reason: str = ""
    message: str = ""
    last_transition_time: AwareDatetime | None = None


class Plain(Seen):
    """Any object, as far as all are alike."""

    api_version: str
    kind: str
    metadata: Metadata

    @property
    def artifact(self) -> str:
        """Return the digest that it says it is about; empty where it says none."""
        return self.metadata.annotations.get(_ARTIFACT, "")

    @property
    def is_owned(self) -> bool:
        """Tell whether a controller made it for another object."""
        return any(owner.controller for owner in self.metadata.owner_references)


# --- Argo CD ----------------------------------------------------------------------------------


class Health(Seen):
    """How Argo CD finds something: Healthy, Progressing, Degraded, Suspended, Missing, Unknown."""

    status: str = "Unknown"
    message: str = ""


class Sync(Seen):
    """Whether the cluster has what Git has at a revision: Synced, OutOfSync, Unknown."""

    status: str = "Unknown"
    revision: str = ""


class Managed(Seen):
    """An object that an Application manages."""

    kind: str
    name: str
    status: str = ""
    health: Health | None = None


class Outcome(Seen):
    """What became of one object in a sync: Synced, SyncFailed, Pruned, PruneSkipped."""

    kind: str
    name: str
    status: str = ""
    message: str = ""


class SyncResult(Seen):
    """What a sync wrote."""

    revision: str = ""
    resources: tuple[Outcome, ...] = ()


class Operation(Seen):
    """The last sync: Running, Succeeded, Failed, Error, Terminating."""

    phase: str
    message: str = ""
    sync_result: SyncResult = SyncResult()


class Fault(Seen):
    """Something that Argo CD cannot do; ``type`` ends in Error or Warning."""

    type: str
    message: str = ""


class ApplicationStatus(Seen):
    """What Argo CD says of an Application; all unknown until it has looked."""

    sync: Sync = Sync()
    health: Health = Health()
    operation_state: Operation | None = None
    resources: tuple[Managed, ...] = ()
    conditions: tuple[Fault, ...] = ()


class Application(Seen):
    """An Application of Argo CD."""

    metadata: Metadata
    status: ApplicationStatus = ApplicationStatus()


# --- pods and their makers --------------------------------------------------------------------


class Waiting(Seen):
    """Why a container does not run yet."""

    reason: str = ""
    message: str = ""


class Terminated(Seen):
    """How a container ended."""

    exit_code: int = 0
    reason: str = ""


class ContainerState(Seen):
    """What a container does; at most one of both, none while it runs."""

    waiting: Waiting | None = None
    terminated: Terminated | None = None


class ContainerStatus(Seen):
    """A container of a pod."""

    name: str
    image: str = ""
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()
    restart_count: int = 0


class Container(Seen):
    """What a container was asked to be."""

    name: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()


class PodSpec(Seen):
    """What a pod was asked to be."""

    init_containers: tuple[Container, ...] = ()

    @property
    def verified(self) -> str:
        """Return the digest that its verifying step lets through; empty where it has no such.

        Only a step as it is rendered says which: of two digests, say, the last one would count.
        """
        for container in self.init_containers:
            if container.name == VERIFYING and is_verifying(container.command, container.args):
                return container.args[1]
        return ""


class PodStatus(Seen):
    """What became of a pod."""

    phase: str = "Unknown"
    reason: str = ""
    message: str = ""
    conditions: tuple[Condition, ...] = ()
    init_container_statuses: tuple[ContainerStatus, ...] = ()
    container_statuses: tuple[ContainerStatus, ...] = ()


class Pod(Plain):
    """A pod."""

    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def verified(self) -> str:
        """Return the digest that its verifying step lets through; empty where it has no such."""
        return self.spec.verified

    @property
    def ready(self) -> Condition | None:
        """Return the condition by which it takes requests; None where it takes none."""
        found = (one for one in self.status.conditions if one.type == "Ready")
        return next((one for one in found if one.status == "True"), None)


class WorkloadStatus(Seen):
    """What became of a Deployment."""

    conditions: tuple[Condition, ...] = ()


class Workload(Plain):
    """A Deployment."""

    status: WorkloadStatus = WorkloadStatus()


# --- what serves ------------------------------------------------------------------------------


class ServiceSpec(Seen):
    """What an InferenceService was asked to be."""

    predictor: PodSpec = PodSpec()


class ServiceStatus(Seen):
    """What its controller says of it, and of which generation of it."""

    observed_generation: int = 0
    conditions: tuple[Condition, ...] = ()


class InferenceService(Plain):
    """An InferenceService."""

    spec: ServiceSpec = ServiceSpec()
    status: ServiceStatus = ServiceStatus()

    @property
    def unready(self) -> str:
        """Say why it does not serve as it was last asked to; empty where it does."""
        if self.status.observed_generation != self.metadata.generation:
            return "its controller has not looked at its last change yet"
        ready = next((one for one in self.status.conditions if one.type == "Ready"), None)
        if ready is None:
            return "its controller has said nothing of it yet"
        told = ": ".join(word for word in (ready.reason, ready.message) if word)
        return "" if ready.status == "True" else f"Ready is {ready.status}{told and f', {told}'}"
