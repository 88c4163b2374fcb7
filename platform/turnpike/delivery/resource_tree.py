"""What Argo CD made of an application: objects below those that made them, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from turnpike.cluster.argocd_api import Managed, Resource
from turnpike.delivery.fields import Difference, differences


@dataclass(frozen=True, slots=True)
class Branch:
    """An object of an application, and those that were made for it.

    ``missing`` where Git has it and the cluster does not, ``extra`` where it is the other way
    round; ``fields`` are those that a sync would change, as Argo CD sees it.
    """

    resource: Resource
    missing: bool = False
    extra: bool = False
    fields: tuple[Difference, ...] = ()
    children: tuple[Branch, ...] = ()

    @property
    def differs(self) -> bool:
        """Tell whether a sync would do something to it, or to one below it."""
        own = self.missing or self.extra or bool(self.fields)
        return own or any(child.differs for child in self.children)


def branches(resources: Sequence[Resource], managed: Sequence[Managed]) -> tuple[Branch, ...]:
    """Return an application's objects as trees, in the order of their kinds and names.

    An object whose maker is not among them, or that has none, is the root of one; so is what Git
    has and no cluster.
    """
    known = {one.uid for one in resources if one.uid}
    below: dict[str, list[Resource]] = {}
    for one in resources:
        parents = [parent.uid for parent in one.parent_refs or () if parent.uid in known]
        below.setdefault(parents[0] if parents else "", []).append(one)
    by_name = {_name(one): one for one in managed}
    grown = tuple(_grown(one, below, by_name, frozenset()) for one in _sorted(below.get("", ())))
    there = {_name(one) for one in resources}
    gone = (one for one in managed if _name(one) not in there and one.target_state is not None)
    return (*grown, *map(_missing, gone))


def _missing(one: Managed) -> Branch:
    resource = Resource(kind=one.kind, name=one.name, group=one.group, namespace=one.namespace)
    return Branch(resource, missing=True)


def _grown(
    resource: Resource,
    below: dict[str, list[Resource]],
    managed: dict[tuple[str, ...], Managed],
    above: frozenset[str],
) -> Branch:
    one, inside = managed.get(_name(resource)), above | {resource.uid}
    children = [r for r in below.get(resource.uid, ()) if resource.uid and r.uid not in inside]
    return Branch(
        resource,
        extra=one is not None and one.target_state is None,
        fields=tuple(_differing(one)) if one is not None and one.target_state is not None else (),
        children=tuple(_grown(child, below, managed, inside) for child in _sorted(children)),
    )


def _differing(one: Managed) -> Iterator[Difference]:
    """Yield the fields that a sync would set, change or take away."""
    wanted, found = one.predicted_live_state, one.normalized_live_state
    named = tuple(differences(wanted, found))
    yield from named
    told = {one.path for one in named}
    for other in differences(found, wanted):
        if other.path not in told:
            yield Difference(other.path, other.found, other.wanted)


def _sorted(resources: Sequence[Resource]) -> list[Resource]:
    return sorted(resources, key=lambda one: (one.kind, one.namespace, one.name))


def _name(one: Resource | Managed) -> tuple[str, ...]:
    return (one.group, one.kind, one.namespace, one.name)
