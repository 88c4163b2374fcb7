"""Facts as they would be if people had said something else: approved, withdrawn, vouched."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.judge.facts import Facts, PullRequest, Review
from turnpike.topology.organisation import Organisation

_HOST = "embedded"


def with_approvals(facts: Facts, people: Iterable[str]) -> Facts:
    """Return the facts with an approval of the head by each of the people, given now.

    A draft that has no pull request yet is taken as one, opened and pushed by its author. Rules
    may name anybody: somebody whom main does not know, or who has no account, says nothing.
    """
    organisation = facts.base.organisation
    if organisation is None:
        return facts
    if facts.pull_request is None:
        facts = _opened(facts, organisation)
    request = facts.pull_request
    if request is None:
        return facts
    accounts = {person.id: person.accounts.get(request.host) for person in organisation.people}
    found = filter(None, map(accounts.get, people))
    said = tuple(_approval(facts, account) for account in found)
    return _with_request(facts, request.model_copy(update={"reviews": (*request.reviews, *said)}))


def without_objection(facts: Facts, person: str) -> Facts:
    """Return the facts after a person has taken back a request for changes."""
    request, organisation = facts.pull_request, facts.base.organisation
    if request is None or organisation is None:
        return facts
    accounts = {p.accounts.get(request.host) for p in organisation.people if p.id == person}
    reviews = tuple(
        one.model_copy(update={"state": "dismissed"})
        if one.account in accounts and one.state == "changes-requested"
        else one
        for one in request.reviews
    )
    return _with_request(facts, request.model_copy(update={"reviews": reviews}))


def with_pusher(facts: Facts) -> Facts:
    """Return the facts after the author has vouched for having pushed the head."""
    request = facts.pull_request
    if request is None or request.pushers:
        return facts
    return _with_request(facts, request.model_copy(update={"pushers": (request.author,)}))


def _with_request(facts: Facts, request: PullRequest) -> Facts:
    return facts.model_copy(update={"pull_request": request})


def _approval(facts: Facts, account: str) -> Review:
    return Review(
        account=account,
        state="approved",
        commit=facts.merge.head,
        at=facts.clock,
        member=True,
    )


def _opened(facts: Facts, organisation: Organisation) -> Facts:
    """Return the facts with a pull request, opened and pushed by whoever wrote the draft.

    A draft that nobody who is known wrote is nobody's own: anybody might still open it.
    """
    hosts = sorted({host for person in organisation.people for host in person.accounts})
    host = _HOST if _HOST in hosts or not hosts else hosts[0]
    wrote = {organisation.person_of_email(commit.author) for commit in facts.commits}
    accounts = (p.accounts.get(host) for p in organisation.people if p.id in wrote)
    author = next(filter(None, accounts), "")
    request = PullRequest(
        host=host,
        number=0,
        title="",
        author=author,
        head=facts.merge.head,
        pushers=(author,),
        reviews=(),
    )
    commits = facts.commits if author else ()
    return facts.model_copy(update={"pull_request": request, "commits": commits})
