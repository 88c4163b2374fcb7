"""Step 2 for sign-on: no root lets in a group to which the organisation no longer gives anything.

A root names the groups again, since Terraform cannot read organisation.yaml; its next plan would be
refused, and until its apply the server lets the group in. So the root lets go of it first.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts, LetIn
from turnpike.rendering.mlflow_access import administrators_of, permissions_of
from turnpike.topology.organisation import Organisation


def left_behind(facts: Facts) -> tuple[Finding, ...]:
    """Return each group that main gives something at the registry, a root names, and head does not.

    Groups count by their own names: where the provider calls all of them otherwise, roots can
    follow only afterwards.
    """
    before, after = facts.base.organisation, facts.head.organisation
    if before is None or after is None:
        return ()
    return tuple(_lost(facts.let_in, before, after))


def _lost(named: tuple[LetIn, ...], before: Organisation, after: Organisation) -> Iterator[Finding]:
    had, has = _entrants(before), _entrants(after)
    for one in named:
        group = one.group.removeprefix(before.group_prefix)
        if group in had[one.kind] - has[one.kind]:
            yield _finding(one, has[one.kind])


def _entrants(organisation: Organisation) -> dict[str, frozenset[str]]:
    """Return the groups that come in, and those that administer, by their own names."""
    prefix, given = organisation.group_prefix, permissions_of(organisation)
    found = {"groups": {one.group for one in given}, "administrators": administrators_of(given)}
    return {
        kind: frozenset(g.removeprefix(prefix) for g in groups) for kind, groups in found.items()
    }


def _finding(one: LetIn, left: frozenset[str]) -> Finding:
    return Finding(
        code="access.still-let-in",
        subject=f"{one.path}: {one.field}",
        expected=f"one of the {one.kind} that organisation.yaml has there after the change:"
        f" {', '.join(sorted(left)) or 'none'}",
        actual=one.group,
        message="A root of Terraform lets in a group to which nothing would be given there.",
        solution="First take it off the root by a change of class terraform, and apply that.",
    )
