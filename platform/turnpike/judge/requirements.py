"""Step 5: which approvals this change needs, and which it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from turnpike.approvals.given import SKEW, Approvals, Word, approvals_of, involved_in
from turnpike.approvals.owners import members_of
from turnpike.approvals.required import DELETION, Need, merged, owners_needed
from turnpike.judge.again import brought_by_a_person, brought_by_nobody
from turnpike.judge.arrangement import arrangement_before, is_reowned
from turnpike.judge.consumers import consumer_needs, recall_notes
from turnpike.judge.decision import ChangeClass, Finding, Requirement
from turnpike.judge.emergencies import emergencies_in, emergency_needs, owed_since, settlement_needs
from turnpike.judge.facts import Commit, Facts
from turnpike.judge.layout import ORGANISATION_PATH, deployment_of, model_of
from turnpike.judge.needs import needs_on
from turnpike.judge.plans import destruction_needs, shown_at
from turnpike.judge.segregation import PATH_OPENED, QUORUM_UNFILLABLE, segregation_needs
from turnpike.judge.stops import stop_needs
from turnpike.judge.subjects import can_be_asked_about
from turnpike.judge.waivers import waiver_findings
from turnpike.judge.weakening import weakened
from turnpike.topology.organisation import Organisation

APPROVALS_MISSING = "approvals-missing"

CODES = {PATH_OPENED: "segregation.path-opened", QUORUM_UNFILLABLE: "segregation.quorum-unfillable"}
"""How the finding is called where a requirement of such a reason is not met."""


def code_of(reason: str) -> str:
    """Return the code of the finding that says that a requirement of this reason is not met."""
    found = (code for begin, code in CODES.items() if reason.startswith(begin))
    return next(found, APPROVALS_MISSING)


def needs_of(facts: Facts, change_class: ChangeClass) -> tuple[Need, ...]:
    """Return every approval that the change needs.

    Derived files (releases, manifests) are judged by their derivation, so their environment's own
    groups approve them; everything else needs the owners of each path, by the base's CODEOWNERS
    and, where the change edits that file, by the head's as well: stricter, never weaker. Of a
    conflict nobody knows what it would change, so nobody is asked yet; nor of no change at all.
    """
    if not can_be_asked_about(facts):
        return ()
    return merged(_all_needs(facts, change_class))


def _all_needs(facts: Facts, change_class: ChangeClass) -> Iterator[Need]:
    organisation = facts.base.organisation
    if organisation is None:
        yield Need((), 1, f"{ORGANISATION_PATH} is not on main, so nobody is known")
        return
    paths = tuple(change.path for change in facts.changes)
    before = arrangement_before(facts)
    if before is not None:
        yield from needs_on(before, change_class, _ordinary(facts, paths))
    if is_reowned(facts):
        after = facts.head.organisation or organisation
        yield from owners_needed(facts.head.codeowners, after, paths, "this change")
    roles = organisation.roles
    yield from _model_needs(facts, roles.risk, roles.platform_owners)
    yield from (Need((roles.risk,), 1, f"{path} weakens {what}") for path, what in weakened(facts))
    yield from destruction_needs(facts, roles.risk)
    yield from segregation_needs(facts)
    yield from stop_needs(facts, organisation)
    yield from emergency_needs(facts, organisation)
    yield from settlement_needs(facts, organisation)
    yield from consumer_needs(facts, organisation)


def _ordinary(facts: Facts, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what goes in by an emergency: its commander speaks for it instead."""
    urgent = emergencies_in(facts)
    return tuple(path for path in paths if deployment_of(path) not in urgent)


def _model_needs(facts: Facts, risk: str, platform_owners: str) -> Iterator[Need]:
    for path in (change.path for change in facts.changes if change.new is None):
        key = model_of(path)
        if key is not None and path == key.manifest_path:
            yield Need((platform_owners,), 1, f"{DELETION}{path}")
    for side, documents in (("main", facts.base), ("this change", facts.head)):
        touched = {str(key) for change in facts.changes if (key := model_of(change.path))}
        for model in documents.models.values():
            if model.key in touched and model.risk_tier == "high":
                yield Need((risk,), 1, f"riskTier high of {model.key} ({side})")


def approvals_in(facts: Facts) -> Approvals:
    """Return whose approvals of the head count; none without a pull request.

    Nobody has approved a plan that was made after they looked, nor reviewed a later emergency.
    """
    request, organisation = facts.pull_request, facts.base.organisation
    if request is None or organisation is None:
        return Approvals(frozenset(), frozenset(), ())
    emails = [e for c in facts.commits for e in (c.author, c.committer, *c.co_authors)]
    accounts = (request.author, *request.pushers)
    involved = involved_in(organisation, request.host, accounts, emails)
    shown = max((at for at in (shown_at(facts), owed_since(facts)) if at), default=None)
    words = [
        Word(r.account, r.state, r.commit, r.at, r.member)
        for r in request.reviews
        if shown is None or r.state != "approved" or r.at >= shown
    ]
    latest = min(facts.clock, datetime.max.replace(tzinfo=UTC) - SKEW) + SKEW
    return approvals_of(organisation, request.host, facts.merge.head, words, involved, latest)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What people must agree to and have agreed to, what they object to, and what does not count.

    ``findings`` stand against a merge in the reviews themselves, or in who made the change;
    ``notes`` tell of reviews that were given but do not count.
    """

    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def agreement_on(facts: Facts, change_class: ChangeClass) -> Agreement:
    """Return what people say of a change, and what they must."""
    needs, approvals = needs_of(facts, change_class), approvals_in(facts)
    said = tuple(_review_findings(facts, needs, approvals)) if needs else ()
    return Agreement(
        requirements=tuple(_met_by(facts, needs, approvals.people)),
        findings=(*said, *brought_by_nobody(facts)),
        notes=tuple(_review_notes(facts, approvals)),
    )


def requirements_of(facts: Facts, change_class: ChangeClass) -> tuple[Requirement, ...]:
    """Return each required approval with the people who gave it."""
    return requirements_met_by(facts, change_class, approvals_in(facts).people)


def requirements_met_by(
    facts: Facts, change_class: ChangeClass, people: frozenset[str]
) -> tuple[Requirement, ...]:
    """Return each required approval with those of the people, all of whom approve, who count."""
    return tuple(_met_by(facts, needs_of(facts, change_class), people))


def _met_by(facts: Facts, needs: tuple[Need, ...], people: frozenset[str]) -> Iterator[Requirement]:
    for need in needs:
        counted = people | _own_word(facts, need)
        yield Requirement(
            group=need.name,
            count=need.count,
            reason=need.reason,
            approved_by=_members_among(facts.base.organisation, need, counted),
        )


def _own_word(facts: Facts, need: Need) -> frozenset[str]:
    """Return who opened the change, and alone pushed it, where that is as good as an approval."""
    request, organisation = facts.pull_request, facts.base.organisation
    if not need.own_word or request is None or organisation is None:
        return frozenset()
    if set(request.pushers) != {request.author}:
        return frozenset()
    person = organisation.person_of_account(request.host, request.author)
    return frozenset((person,)) if person else frozenset()


def _members_among(
    organisation: Organisation | None, need: Need, people: frozenset[str]
) -> tuple[str, ...]:
    if organisation is None:
        return ()
    members = {person for group in need.groups for person in members_of(organisation, group)}
    return tuple(sorted((members & people) - set(need.barred)))


def _review_findings(
    facts: Facts, needs: tuple[Need, ...], approvals: Approvals
) -> Iterator[Finding]:
    yield from _objections(facts, needs, approvals.objecting)
    yield from _unknown_pusher(facts)
    yield from _unknown_accounts(facts)
    yield from _unknown_emails(facts)
    yield from waiver_findings(facts, approvals.people)


def _objections(
    facts: Facts, needs: tuple[Need, ...], objecting: frozenset[str]
) -> Iterator[Finding]:
    for need in needs:
        for person in _members_among(facts.base.organisation, need, objecting):
            yield Finding(
                code="approval.changes-requested",
                subject=person,
                expected=f"no open request for changes by {need.name}",
                actual=f"{person} asks for changes",
                message="A reviewer who must agree asks for changes.",
                solution=f"Settle it with {person}, who then reviews again.",
            )


def _unknown_pusher(facts: Facts) -> Iterator[Finding]:
    request = facts.pull_request
    if request is None or request.pushers:
        return
    yield Finding(
        code="approval.pusher-unknown",
        subject=facts.merge.head,
        expected="a signed push of the head by somebody in organisation.yaml",
        actual="nobody vouches for who pushed it",
        message="Without knowing who pushed, nobody's approval can be told from their own.",
        solution="Push the branch again with `turnpike pr push`.",
    )


def _unknown_accounts(facts: Facts) -> Iterator[Finding]:
    """An author or pusher whom nobody is known to be could be anybody who approves."""
    request, organisation = facts.pull_request, facts.base.organisation
    if request is None or organisation is None:
        return
    bots = {bot.id for bot in organisation.bots}
    for account in sorted({request.author, *request.pushers} - bots - {""}):
        if organisation.person_of_account(request.host, account) is None:
            yield Finding(
                code="approval.account-unknown",
                subject=account,
                expected=f"an account on {request.host} of somebody in organisation.yaml",
                actual="an account that nobody holds",
                message="Who opened or pushed the change is nobody whom the organisation knows.",
                solution=f"Add the account to a person in {ORGANISATION_PATH}, by its own change.",
            )


def _unknown_emails(facts: Facts) -> Iterator[Finding]:
    """An address that nobody is known by is never taken for somebody who may not approve."""
    organisation = facts.base.organisation
    if facts.pull_request is None or organisation is None:
        return
    for commit in facts.commits:
        for role, email in _signatures(commit):
            if role == "committer" and organisation.is_machine(email):
                continue
            if organisation.person_of_email(email) is None:
                yield Finding(
                    code="approval.email-unknown",
                    subject=commit.id,
                    expected=f"the address of the {role} in organisation.yaml",
                    actual=email,
                    message="Who wrote a commit of the change is not known.",
                    solution="Commit under an address of organisation.yaml, or add this one to "
                    "its person by a change of its own; web pages of hosts go under `machines`.",
                )


def _signatures(commit: Commit) -> Iterator[tuple[str, str]]:
    yield "author", commit.author
    yield "committer", commit.committer
    for email in commit.co_authors:
        yield "co-author", email


def _review_notes(facts: Facts, approvals: Approvals) -> Iterator[Finding]:
    """Yield the reviews that were given but do not count, and who is not asked at all."""
    for one in approvals.ignored:
        yield Finding(
            code=one.code,
            subject=one.account,
            expected="an approval of the head by a member who did not write it",
            actual=one.reason,
            message=f"The review by {one.account} does not count.",
            solution="Ask somebody else of the group, or ask for a new review of the head.",
        )
    request = facts.pull_request
    yield from map(_unverified, request.unverified if request else ())
    yield from recall_notes(facts)
    yield from brought_by_a_person(facts)


def _unverified(text: str) -> Finding:
    return Finding(
        code="approval.unverified",
        subject=text[:80],
        expected="an event signed with a key in organisation.yaml",
        actual=text,
        message="An event of the pull request was left out.",
        solution="Sign it with the SSH key that organisation.yaml lists.",
    )
