"""Who decides about what, on main and as it would be after the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from turnpike.approvals.dialects import LOCATIONS
from turnpike.judge.facts import Facts
from turnpike.judge.layout import CODEOWNERS_PATH, ORGANISATION_PATH, environment_of
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The organisation, the CODEOWNERS file that counts, and the environments by name."""

    organisation: Organisation
    codeowners: str
    environments: Mapping[str, Environment]
    codeowners_path: str = CODEOWNERS_PATH


def is_rearranged(facts: Facts) -> bool:
    """Tell whether the change touches what says who decides."""
    paths = (change.path for change in facts.changes)
    return any(p in LOCATIONS or p == ORGANISATION_PATH or environment_of(p) for p in paths)


def arrangement_before(facts: Facts) -> Arrangement | None:
    """Return what main says; None where main has no organisation."""
    base = facts.base
    if base.organisation is None:
        return None
    place = base.codeowners_path or CODEOWNERS_PATH
    return Arrangement(base.organisation, base.codeowners or "", base.environments, place)


def arrangement_after(facts: Facts) -> Arrangement | None:
    """Return what main would say after the change, whose documents go before main's."""
    before = arrangement_before(facts)
    if before is None:
        return None
    removed = {environment_of(change.path) for change in facts.changes if change.new is None}
    environments = {**before.environments, **facts.head.environments}
    kept = {name: one for name, one in environments.items() if name not in removed}
    organisation = facts.head.organisation or before.organisation
    if not is_reowned(facts):
        return Arrangement(organisation, before.codeowners, kept, before.codeowners_path)
    place = facts.head.codeowners_path or CODEOWNERS_PATH
    return Arrangement(organisation, facts.head.codeowners or "", kept, place)


def rearrangement(facts: Facts) -> Arrangement | None:
    """Return the same where the change touches any of it; None for every other change."""
    return arrangement_after(facts) if is_rearranged(facts) else None


def is_reowned(facts: Facts) -> bool:
    """Tell whether the change edits CODEOWNERS, or how it is read."""
    before, after = facts.base.organisation, facts.head.organisation
    redeclared = before and after and before.codeowners_dialect != after.codeowners_dialect
    return bool(redeclared) or any(change.path in LOCATIONS for change in facts.changes)
