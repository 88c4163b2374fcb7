"""Whether Argo CD has brought main's word into a cluster, and if not, why.

In step means: the Application is Synced and Healthy, its last sync succeeded, and both the revision
it compared and the one it wrote are commits of main that have the deployment's folder as main has
it. (The two differ in a monorepo, where main moves with each merge.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.cluster.objects_seen import Application, ApplicationStatus, Operation
from turnpike.delivery.gap import Gap
from turnpike.delivery.wanted import Standing, Wanted

_RUNNING = ("Running", "Terminating")
_GIT = "Change it in Git by a pull request; Argo CD puts back what is edited by hand."


def application_gaps(
    wanted: Wanted, application: Application | None, standings: Mapping[str, Standing]
) -> tuple[Gap, ...]:
    """Return by what Argo CD is out of step; ``standings`` tells what each revision is to main."""
    if wanted.release is None:
        return _left_over(wanted, application)
    if application is None:
        return (_absent(wanted),)
    return tuple(_gaps(wanted.application, application.status, standings))


def revisions_of(application: Application | None) -> frozenset[str]:
    """Return the revisions that an Application names."""
    if application is None:
        return frozenset()
    operation = application.status.operation_state
    written = operation.sync_result.revision if operation else ""
    return frozenset(filter(None, (application.status.sync.revision, written)))


def _absent(wanted: Wanted) -> Gap:
    return Gap(
        "application-missing",
        wanted.application,
        "an Application, made by the ApplicationSet for the folder on main",
        "none",
        "See that Argo CD hears of pushes (webhook), else wait for its next look; then read the"
        f" conditions of the ApplicationSet turnpike-{wanted.key.environment}.",
        passing=True,
    )


def _left_over(wanted: Wanted, application: Application | None) -> tuple[Gap, ...]:
    if application is None:
        return ()
    return (
        Gap(
            "application-left",
            wanted.application,
            "no Application: nothing of the model is released here",
            f"one that is {application.status.sync.status}",
            "Wait until Argo CD removes it; one made by hand has to be deleted by hand.",
            passing=True,
        ),
    )


def _gaps(name: str, status: ApplicationStatus, standings: Mapping[str, Standing]) -> Iterator[Gap]:
    yield from _faults(name, status)
    yield from _operation(name, status.operation_state)
    yield from _unnamed(name, status)
    for revision in _named(status):
        yield from _revision(name, revision, standings.get(revision, "foreign"))
    yield from _sync(name, status)
    yield from _health(name, status)


def _named(status: ApplicationStatus) -> tuple[str, ...]:
    operation = status.operation_state
    written = operation.sync_result.revision if operation else ""
    return tuple(dict.fromkeys(filter(None, (status.sync.revision, written))))


def _unnamed(name: str, status: ApplicationStatus) -> Iterator[Gap]:
    """What names no revision, such as an Application of several sources, may be of anything."""
    if status.sync.status == "Synced" and not status.sync.revision:
        yield Gap(
            "revision-foreign", name, "a commit of main", "none that it names",
            "Find out who changed the Application's source; platform/argocd has the right one.",
        )  # fmt: skip


def _faults(name: str, status: ApplicationStatus) -> Iterator[Gap]:
    for fault in status.conditions:
        if fault.type.endswith("Error"):
            yield Gap(f"argocd-{_hyphenated(fault.type)}", name, "no error", fault.message, _GIT)


def _operation(name: str, operation: Operation | None) -> Iterator[Gap]:
    if operation is None or operation.phase == "Succeeded":
        return
    refused = [one for one in operation.sync_result.resources if one.status == "SyncFailed"]
    for one in refused:
        yield Gap(
            "sync-refused", f"{one.kind}/{one.name}", "the cluster takes it", one.message,
            _refusal(one.message),
        )  # fmt: skip
    if operation.phase in _RUNNING:
        yield Gap("syncing", name, "a sync that is done", operation.message or "one that runs",
                  "Wait.", passing=True)  # fmt: skip
    elif not refused:
        yield Gap("sync-failed", name, "a sync that succeeds", operation.message, _GIT)


def _refusal(message: str) -> str:
    if "exceeded quota" in message:
        return "Ask the platform team for a larger quota, or make the deployment smaller."
    if "ValidatingAdmissionPolicy" in message or "admission webhook" in message:
        return "The cluster's admission refuses it: release what it asks for, or correct its rule."
    return "Correct what the message names, in Git."


def _revision(name: str, revision: str, standing: Standing) -> Iterator[Gap]:
    if standing == "older":
        yield Gap(
            "revision-old", name, "a commit that has the folder as main has it",
            revision[:12], "Wait until Argo CD hears of main's newest commit.", passing=True,
        )  # fmt: skip
    elif standing == "foreign":
        yield Gap(
            "revision-foreign", name, "a commit of main", revision[:12],
            "Find out who changed the Application's source; platform/argocd has the right one.",
        )  # fmt: skip


def _sync(name: str, status: ApplicationStatus) -> Iterator[Gap]:
    if status.sync.status == "Synced":
        return
    differing = [one for one in status.resources if one.status == "OutOfSync"]
    for one in differing:
        yield Gap(
            "out-of-sync", f"{one.kind}/{one.name}", "what Git has", "something else",
            "`turnpike delivery diff` shows what; Argo CD puts it back.", passing=True,
        )  # fmt: skip
    if not differing:
        yield Gap("out-of-sync", name, "Synced", status.sync.status, _GIT, passing=True)


def _health(name: str, status: ApplicationStatus) -> Iterator[Gap]:
    if status.health.status == "Healthy":
        return
    ill = [one for one in status.resources if one.health and one.health.status != "Healthy"]
    for one in ill:
        found = one.health.message or one.health.status if one.health else ""
        yield Gap(
            "unhealthy", f"{one.kind}/{one.name}", "Healthy", found,
            "Read below what its pods say.", passing=status.health.status == "Progressing",
        )  # fmt: skip
    if not ill:
        yield Gap(
            "unhealthy", name, "Healthy", status.health.message or status.health.status,
            "Read below what its pods say.", passing=status.health.status == "Progressing",
        )  # fmt: skip


def _hyphenated(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]
