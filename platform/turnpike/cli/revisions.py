"""Judging between two commits that somebody names, with or without a pull request."""

from __future__ import annotations

from turnpike.change.collect import Question
from turnpike.change.gate import AskPolicies, Judged, judge
from turnpike.change.merge import require_record
from turnpike.change.policies import policies_at
from turnpike.cli.wiring import House, clone_here, now
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.installation.naming import cache_folder


def main_commit(house: House, revision: str | None) -> ObjectId:
    """Return the commit of main that a revision names; main's newest without one.

    Raises InputError for any other commit: what judges is code and policies that were judged.
    """
    if revision is None:
        return house.main
    commit = _resolved(house, revision)
    if commit not in house.host.first_parents(house.main):
        raise InputError(
            f"--base {revision}: expected a commit of the host's main, found {commit}",
            code="gate.base-not-on-main",
            solution="Name one that `git log --first-parent origin/main` shows.",
        )
    return commit


def judged_between(
    house: House, base: ObjectId, head: str | None, number: int | None
) -> tuple[Judged, AskPolicies]:
    """Return the decision on a head, and who answered for the policies.

    What is said of a pull request counts where one is named.
    """
    forge = house.forge()
    request = forge.pull_request(number) if number is not None else None
    commit = _resolved(house, head) if head else base
    if request and head is None:
        commit = request.head
    if request and request.head != commit:
        raise InputError(
            f"--head {head}: expected the head of pull request {number}, {request.head}, found"
            f" {commit}",
            code="gate.head-of-another",
            solution="Leave out --head, or --pr.",
        )
    require_record(house.record)
    repository = _holding(house, commit)
    policies = policies_at(house.host, base, cache_folder())
    policies.load()
    question = Question(
        genesis=house.instance.genesis,
        base=base,
        head=commit,
        pull_request=request,
        attachments=forge.attachments(number) if number is not None else (),
        clock=now(),
        tools=policies.tools(house.host, base),
    )
    sources = house.sources(repository, house.record, policies)
    return judge(sources, question, policies.ask), policies.ask


def _resolved(house: House, revision: str) -> ObjectId:
    """Return what a revision names in the clone around this folder, else on the host."""
    try:
        return Repository(clone_here(house)).resolve(revision)
    except InputError:
        return house.host.resolve(revision)


def _holding(house: House, commit: ObjectId) -> Repository:
    """Return the host where it has the commit, else the clone, which has what was not pushed."""
    try:
        house.host.resolve(commit)
    except InputError:
        return Repository(clone_here(house))
    return house.host
