"""What an application developer finds models by: owner, contract, where each serves, which bytes.

A page of main: addresses are those that KServe and the gateway give inside the target's cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from turnpike.html_page import CLOSED, opened, table
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.signature import Signature
from turnpike.rendering.deployment import Deployment

Manifest = PredictiveModel | GenerativeModel


@dataclass(frozen=True, slots=True)
class Served:
    """One deployment: where, which version and bytes, its share of traffic and its address."""

    model: str
    place: str
    version: str
    artifact: str
    traffic: int
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One model as main's manifest describes it."""

    model: str
    description: str
    owner: str
    contract: str
    tier: str
    lifecycle: str


def entries_of(manifests: Iterable[Manifest], groups: Mapping[str, str]) -> tuple[Entry, ...]:
    """Return the models by name; ``groups`` are the groups of teams that answer for them."""
    found = (
        Entry(
            one.key,
            one.description,
            _owner(one, groups),
            contract_of(one),
            one.risk_tier,
            one.lifecycle,
        )
        for one in manifests
    )
    return tuple(sorted(found, key=lambda entry: entry.model))


def _owner(model: Manifest, groups: Mapping[str, str]) -> str:
    people = (f"{one.person} ({one.role})" for one in model.contacts)
    return f"{groups.get(model.team, model.team)}: {', '.join(people)}"


def contract_of(model: Manifest) -> str:
    """Return what a model takes and gives, in one line."""
    if isinstance(model, GenerativeModel):
        return f"chat through the gateway: {model.route.provider} {model.route.model}"
    return _columns(model.signature)


def _columns(signature: Signature) -> str:
    takes = ", ".join(f"{one.name}: {one.type}" for one in signature.inputs)
    gives = ", ".join(f"{one.name}: {one.type}" for one in signature.outputs)
    return f"{takes} -> {gives}"


def served_of(deployments: Iterable[Deployment]) -> tuple[Served, ...]:
    """Return what is released where, by model and place."""
    found = (
        Served(
            one.model.key,
            f"{one.environment.name}/{one.target.name}",
            one.release.version,
            one.release.artifact,
            one.release.traffic,
            _address(one),
        )
        for one in deployments
    )
    return tuple(sorted(found, key=lambda served: (served.model, served.place)))


def _address(one: Deployment) -> str:
    if isinstance(one.model, GenerativeModel):
        return f"gateway route {one.model.name} in {one.namespace}"
    if not one.is_serving:
        return "takes no traffic"
    return f"{one.model.name}-predictor.{one.namespace}, Open Inference Protocol"


def page_of(
    entries: Sequence[Entry], served: Sequence[Served], commit: str, unread: Sequence[str] = ()
) -> str:
    """Return the catalogue as one HTML page about a commit.

    ``unread`` says what is wrong with manifests that can't be read, which are in no other table.
    """
    return "\n".join(
        (
            opened("Models"),
            f"<p>Commit {escape(commit)}. Digests decide; versions are labels.</p>",
            table("What there is", ("model", "what for", "owner", "contract", "tier", "lifecycle"),
                  ((e.model, e.description, e.owner, e.contract, e.tier, e.lifecycle)
                   for e in entries)),
            table("Where it serves",
                  ("model", "where", "version", "artifact", "traffic", "address in the cluster"),
                  ((s.model, s.place, s.version, s.artifact, f"{s.traffic}%", s.address)
                   for s in served)),
            *([table("Manifests that can't be read", ("what is wrong",),
                     ([one] for one in unread))] if unread else []),
            CLOSED,
        )
    )  # fmt: skip
