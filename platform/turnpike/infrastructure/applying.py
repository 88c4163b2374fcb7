"""Apply the plan of a root that was approved: found by the decision that let the root in.

1. The newest commit of main whose decision names a plan of the root, in main's own line.
2. That decision is a gate's signed allow of that commit's tree.
3. Its plan is of the inputs that main has now.
4. The plan's file has the digest that the decision names.
5. Terraform itself refuses a plan of a state that has moved on since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.evidence.envelope import Envelope
from turnpike.git.objects import CommitObject
from turnpike.git.repository import Repository
from turnpike.infrastructure.plan_files import kept_plan
from turnpike.infrastructure.workplace import Workplace
from turnpike.judge.decision import AdmittedPlan, Decision
from turnpike.judge.layout import RootKey
from turnpike.judge.plans import PLAN_COST
from turnpike.judge.roots import FOLDER
from turnpike.judge.testimony import weigh
from turnpike.record.layout import DECISION_TRAILER
from turnpike.terraform.program import Terraform
from turnpike.topology.key import Key

_PLAN = "approved.tfplan"


@dataclass(frozen=True, slots=True)
class Approved:
    """A plan that may be applied: by which decision, and by which commit of main it came.

    ``cost`` is what that decision tells of a month of it; nothing where it tells none.
    """

    decision: Digest
    commit: ObjectId
    plan: AdmittedPlan
    cost: str = ""


ReadDecision = Callable[[Digest], Envelope]
"""Returns a decision's envelope from the record."""


def approved_plan(
    git: Repository,
    recorded: ReadDecision,
    keys: Iterable[Key],
    root: RootKey,
    main: ObjectId,
    now: datetime,
) -> Approved:
    """Return the plan that the newest change of a root on main brought.

    Raises InputError where no decision on main's line names one, IntegrityError where the decision
    is no gate's allow of that very tree.
    """
    for found in approved_plans(git, recorded, keys, root, main, now):
        return found
    raise InputError(
        f"{root}: expected a decision on main that let a plan of it in, found none",
        code="terraform.not-approved",
        solution="Change the root by a pull request, plan that, and have it merged.",
    )


def approved_plans(
    git: Repository,
    recorded: ReadDecision,
    keys: Iterable[Key],
    root: RootKey,
    main: ObjectId,
    now: datetime,
) -> Iterator[Approved]:
    """Yield every plan of a root that main let in, newest first.

    Raises IntegrityError where a decision is no gate's allow of its commit's very tree.
    """
    known = tuple(keys)
    for commit in _changes_of_terraform(git, main):
        digest = Digest(commit.trailers.get(DECISION_TRAILER, ""))
        decision = _decision(recorded(digest), known, commit, now) if digest else None
        for plan in decision.plans if decision else ():
            if plan.root == str(root):
                cost = decision.noted(PLAN_COST, plan.root) if decision else ""
                yield Approved(digest, commit.id, plan, cost)


def _changes_of_terraform(git: Repository, main: ObjectId) -> Iterator[CommitObject]:
    """Yield the commits of main that changed ``terraform/``, newest first."""
    line = git.first_parents(main)
    trees = [git.tree_id(commit, FOLDER) for commit in line]
    for commit, tree, before in zip(line, trees, [*trees[1:], None], strict=True):
        if tree != before:
            yield git.commit(commit)


def _decision(
    envelope: Envelope, keys: tuple[Key, ...], commit: CommitObject, now: datetime
) -> Decision:
    """Return the decision that a commit carries out; a gate's key whose time is over counts too."""
    heard = weigh((envelope,), keys, now)
    said = [one.predicate for one in (*heard.testimony, *heard.lapsed)]
    decision = said[0] if said else None
    if not isinstance(decision, Decision) or decision.verdict != "allow":
        raise _not_judged(commit, envelope.digest(), "no allow that a gate's key signed")
    if decision.merge_tree != commit.tree:
        raise _not_judged(commit, envelope.digest(), f"an allow of the tree {decision.merge_tree}")
    return decision


def _not_judged(commit: CommitObject, digest: Digest, found: str) -> IntegrityError:
    return IntegrityError(
        f"{commit.id}: expected {digest} to be a gate's allow of its tree, found {found}",
        code="terraform.not-judged",
        solution="Run `turnpike verify`; it names everything that went around the gate.",
    )


def require_unmoved(root: RootKey, approved: Approved, inputs: Digest) -> None:
    """Raise InputError where main has other inputs of a root by now than were planned."""
    if approved.plan.inputs != inputs:
        raise InputError(
            f"{root}: expected the inputs {approved.plan.inputs}, which were"
            f" planned, found {inputs}",
            code="terraform.main-moved",
            solution="Change the root by a pull request, plan that, and have it merged.",
        )


def apply_plan(terraform: Terraform, store: Path, at: Workplace, approved: Approved) -> str:
    """Apply the very plan that was approved, and return what Terraform said.

    Raises IntegrityError for a file of other bytes, InputError where Terraform refuses.
    """
    content = kept_plan(store, approved.plan.plan)
    file = at.folder / _PLAN
    file.write_bytes(content)
    terraform.init(at.folder)
    return terraform.apply(at.folder, file)
