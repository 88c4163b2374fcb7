"""What runs, compared with what was released, by digest: missing, stale and foreign things."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.cluster.objects_seen import Plain, Pod, Workload
from turnpike.delivery.gap import Gap
from turnpike.delivery.pod_troubles import trouble_of
from turnpike.delivery.snapshot import Snapshot
from turnpike.delivery.wanted import Wanted

_DELETE = "Find out who put it there, and delete it: nothing on main names it."


def cluster_gaps(wanted: Wanted, snapshot: Snapshot) -> tuple[Gap, ...]:
    """Return by what a cluster is out of step with the releases of main."""
    return (
        *_carrier(wanted, snapshot),
        *_strangers(wanted, snapshot),
        *(gap for one in snapshot.workloads for gap in _workload(one)),
        *(gap for pod in snapshot.pods for gap in _pod(wanted, pod)),
        *(gap for pod in snapshot.beside for gap in _strange_pod(wanted, pod)),
    )


def _carrier(wanted: Wanted, snapshot: Snapshot) -> Iterator[Gap]:
    """Compare the object that carries the model's artifact."""
    found = [one for one in snapshot.carriers if _is_carrier(wanted, one)]
    subject = f"{wanted.kind}/{wanted.carrier}"
    if wanted.release is None:
        for one in found:
            yield Gap("left", subject, "nothing: the model is not released here",
                      one.artifact or "an object",
                      _retired(wanted) if one.artifact in wanted.ever else _DELETE)  # fmt: skip
    elif not found:
        yield Gap("missing", subject, wanted.release.artifact, "nothing of that name",
                  "See what Argo CD says of it above.", passing=True)  # fmt: skip
    else:
        yield from _digest(wanted, subject, found[0].artifact)


def _retired(wanted: Wanted) -> str:
    labels = f"turnpike.dev/team={wanted.key.team},turnpike.dev/model={wanted.key.model}"
    kinds = "inferenceservices,configmaps,services,servicemonitors,prometheusrules"
    return (
        "It was released here before. Where Argo CD keeps what a removed folder leaves, delete it"
        f" once nobody asks it any more: kubectl --context {wanted.cluster} -n {wanted.namespace}"
        f" delete {kinds},networkpolicies,rolebindings,roles,serviceaccounts -l {labels}"
    )


def _is_carrier(wanted: Wanted, one: Plain) -> bool:
    return one.kind == wanted.kind and one.metadata.name == wanted.carrier


def _digest(wanted: Wanted, subject: str, found: str) -> Iterator[Gap]:
    if wanted.release is None or found == wanted.release.artifact:
        return
    if found in wanted.ever:
        yield Gap("stale", subject, wanted.release.artifact, f"{found}, which was released before",
                  "Wait until it is replaced.", passing=True)  # fmt: skip
        return
    yield Gap(
        "foreign", subject, wanted.release.artifact, f"{found or 'no digest'}, never released here",
        "Take it out of service and find out who put it there.",
    )  # fmt: skip


def _strangers(wanted: Wanted, snapshot: Snapshot) -> Iterator[Gap]:
    """Name what serves in the team's namespace although no release names it."""
    for one in snapshot.carriers:
        is_known = one.metadata.name.removesuffix("-route") in wanted.neighbours
        if not is_known and not _is_carrier(wanted, one):
            subject = f"{one.kind}/{one.metadata.name}"
            yield Gap("foreign", subject, "nothing that main does not release",
                      one.artifact or "an object without a digest", _DELETE)  # fmt: skip


def _workload(one: Workload) -> Iterator[Gap]:
    subject = f"Deployment/{one.metadata.name}"
    if not one.is_owned:
        yield Gap("foreign", subject, "a workload that the model's controller made",
                  "one made by hand", _DELETE)  # fmt: skip
    for condition in one.status.conditions:
        if condition.type == "ReplicaFailure" and condition.status == "True":
            yield Gap("pods-refused", subject, "pods are made", condition.message,
                      "A quota or the cluster's admission stands against it; the message says"
                      " which.")  # fmt: skip


def _pod(wanted: Wanted, pod: Pod) -> Iterator[Gap]:
    subject = f"Pod/{pod.metadata.name}"
    if not pod.is_owned:
        yield Gap("foreign", subject, "a pod that the model's controller made",
                  "one made by hand", _DELETE)  # fmt: skip
    rest = wanted.release.rest if wanted.release else None
    if rest is None or pod.verified != rest.artifact:  # beside a share both serve
        yield from _digest(wanted, subject, pod.verified)
    trouble = trouble_of(pod)
    if trouble is not None:
        yield Gap(trouble.code, subject, "a pod that serves", trouble.found, trouble.solution,
                  trouble.passing)  # fmt: skip


def _strange_pod(wanted: Wanted, pod: Pod) -> Iterator[Gap]:
    """Name a pod in the team's namespace that is of no model which main releases there."""
    team, model = (pod.metadata.labels.get(f"turnpike.dev/{one}", "") for one in ("team", "model"))
    if team == wanted.key.team and model in wanted.neighbours:
        return
    found = f"one that says it is of {team}/{model}" if team and model else "one of no model"
    yield Gap("foreign", f"Pod/{pod.metadata.name}", "a pod of a model that main releases here",
              found, _DELETE)  # fmt: skip
