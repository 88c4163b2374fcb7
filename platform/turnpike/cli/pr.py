"""``turnpike pr``: pull requests of the embedded host."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.base_code import continue_from_base
from turnpike.cli.judging import decides_nothing_when_broken
from turnpike.cli.output import emit, json_option, progress, say, table
from turnpike.errors import (
    CannotDecide,
    InputError,
    IntegrityError,
    TurnpikeError,
    Unavailable,
    UsageError,
)
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.change.merge import Gate, Merged
    from turnpike.cli.wiring import House
    from turnpike.documents.identifiers import ObjectId
    from turnpike.explain.explanation import Explanation
    from turnpike.forge.interface import Forge, ReviewState
    from turnpike.judge.decision import Verdict

number_argument = click.argument("number", type=int)


@click.group()
def command() -> None:
    """Open, list, show, review and merge pull requests.

    They live in refs of the embedded host and are signed with each person's SSH key.
    """


@command.command("open")
@click.option("--title", help="Title; default: the subject of the newest commit.")
@click.option("--body", default="", help="What the change is for.")
@click.option("--head", default="HEAD", show_default=True, help="Commit or branch to be merged.")
@as_option
@json_option
def open_(title: str | None, body: str, head: str, person: str | None, as_json: bool) -> None:
    """Push a commit and ask for it to be merged into main."""
    from turnpike.cli.speaking import speaking
    from turnpike.cli.wiring import acting, clone_here, house_here
    from turnpike.forge.interface import Opening
    from turnpike.git.repository import Repository

    house = house_here()
    clone = clone_here(house)
    who = acting(house, person)
    commit = Repository(clone).commit(head)
    chosen = title or commit.message.splitlines()[0]
    opening = Opening(head=commit.id, title=chosen, body=body)
    forge = speaking(house, who, clone)
    number = forge.open(opening)
    brings_model = _attach_kept(house, forge, clone, number, commit.id)
    validates = f"turnpike validate --pr {number}, then " if brings_model else ""
    lines = [
        f"Opened pull request {number} by {who}: {for_terminal(chosen)}",
        f"next: {validates}turnpike gate --pr {number}",
    ]
    emit(as_json, {"number": number, "head": commit.id, "author": who, "title": chosen}, lines)


@command.command()
@number_argument
@click.option("--head", default="HEAD", show_default=True, help="Commit or branch to be merged.")
@as_option
@json_option
def push(number: int, head: str, person: str | None, as_json: bool) -> None:
    """Move a pull request to a new commit; reviews of the old one no longer count."""
    from turnpike.cli.speaking import speaking
    from turnpike.cli.wiring import acting, clone_here, house_here
    from turnpike.git.repository import Repository

    house = house_here()
    clone = clone_here(house)
    commit = Repository(clone).resolve(head)
    forge = speaking(house, acting(house, person), clone)
    forge.push(number, commit)
    _attach_kept(house, forge, clone, number, commit)
    line = f"Pull request {number} is now at {commit[:12]}; earlier reviews no longer count."
    emit(as_json, {"number": number, "head": commit}, [line])


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all pull requests."""
    from turnpike.cli.wiring import house_here

    found = house_here().forge().pull_requests()
    rows = [(str(s.number), s.state, s.author, s.head[:12], s.title) for s in found]
    value: list[JsonValue] = [
        {
            "number": one.number,
            "state": one.state,
            "author": one.author,
            "head": one.head,
            "title": one.title,
            "status": one.status,
        }
        for one in found
    ]
    emit(as_json, value, table(("number", "state", "author", "head", "title"), rows))


@command.command()
@number_argument
@json_option
def show(number: int, as_json: bool) -> None:
    """Show one pull request, its reviews and the statements that travel with it."""
    from turnpike.cli.wiring import house_here
    from turnpike.evidence.envelope import statement_in

    house = house_here()
    forge = house.forge()
    request = forge.pull_request(number)
    lines = [
        f"pull request {number} by {for_terminal(request.author)}: {for_terminal(request.title)}",
        f"  head {request.head}, pushed by {', '.join(request.pushers) or 'nobody known'}",
    ]
    for review in request.reviews:
        account = for_terminal(review.account)
        lines.append(f"  {account} {review.state} {review.commit[:12]} at {review.at.isoformat()}")
    comments = {bot.id: forge.comment_of(number, bot.id) for bot in house.organisation.bots}
    for envelope in forge.attachments(number):
        statement = statement_in(envelope)
        kind = statement.predicate_type if statement else "no statement"
        lines.append(f"  evidence {envelope.digest()[:19]} {for_terminal(kind)}")
    lines += [f"  left out: {for_terminal(text)}" for text in request.unverified]
    for bot, text in comments.items():
        lines += ["", f"  comment by {bot}:"] if text else []
        shown = text.replace("\u200b", "")  # parts words for hosts, and is nothing to read
        lines += [f"  {for_terminal(line)}" for line in shown.split("\n") if line]
    emit(as_json, request, lines)


@command.command()
@number_argument
@click.option("--approve", is_flag=True, help="Approve the head.")
@click.option("--request-changes", is_flag=True, help="Ask for changes.")
@click.option("--dismiss", is_flag=True, help="Take an earlier review back.")
@click.option("--commit", help="The commit that you looked at; default: the head.")
@as_option
@json_option
def review(
    number: int,
    approve: bool,
    request_changes: bool,
    dismiss: bool,
    commit: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Say what you think of the head of a pull request; signed with your SSH key.

    One of --approve, --request-changes and --dismiss says what: nobody approves by leaving it out.
    """
    from turnpike.cli.speaking import speaking
    from turnpike.cli.wiring import acting, clone_here, house_here

    state = _state(approve, request_changes, dismiss)
    house = house_here()
    who = acting(house, person)
    clone = clone_here(house)
    forge = speaking(house, who, clone)
    head = _looked_at(house, clone, commit) if commit else forge.head_of(number)
    forge.review(number, state, head)
    line = f"{who}: {state} {head[:12]} of pull request {number}"
    emit(as_json, {"number": number, "person": who, "state": state, "commit": head}, [line])


def _looked_at(house: House, clone: Path, said: str) -> ObjectId:
    """Return the commit that a reviewer names: in their clone, else at the host, which has more."""
    from turnpike.git.repository import Repository

    try:
        return Repository(clone).resolve(said)
    except InputError:
        return house.host.resolve(said)


def _state(approve: bool, request_changes: bool, dismiss: bool) -> ReviewState:
    """Return what is said; raises UsageError for nothing, and for two things at once."""
    if approve + request_changes + dismiss != 1:
        raise UsageError(
            "expected one of --approve, --request-changes and --dismiss",
            solution="turnpike pr review --help",
        )
    if approve:
        return "approved"
    return "changes-requested" if request_changes else "dismissed"


@command.command()
@click.argument("numbers", metavar="[NUMBER]...", type=int, nargs=-1)
@click.option(
    "--open", "all_open", is_flag=True, help="All open ones that are allowed; leave the others be."
)
@json_option
@decides_nothing_when_broken()
def merge(numbers: tuple[int, ...], all_open: bool, as_json: bool) -> None:
    """Judge pull requests once more, record each decision, and merge what is allowed.

    Several are merged one after the other, each on top of the one before; one that is denied does
    not hold up the others. With --json several numbers give a list, and so does --open, which
    records nothing about a pull request that is not allowed yet. One about which nothing can be
    decided is named, holds up no other either, and makes the exit code 3.
    """
    from turnpike.judge.decision import EXIT_CODES

    if bool(numbers) == all_open:
        raise UsageError(
            "expected the number of a pull request, or --open, got "
            + ("both" if numbers else "neither"),
            solution="turnpike pr merge --help",
        )
    allowed, unheard = (numbers, 0) if numbers else _allowed()
    told, unmerged = _all_merged(allowed)
    values: list[JsonValue] = [value for _, value, _ in told]
    lines = [line for _, _, lines in told for line in lines]
    if told or as_json or not unmerged:
        one_value = values[0] if len(numbers) == 1 else values
        emit(as_json, one_value, lines or ["No open pull request is allowed to merge."])
    verdicts = (EXIT_CODES[verdict] for verdict, _, _ in told)
    sys.exit(max((*verdicts, unheard, unmerged)))


def _all_merged(
    numbers: tuple[int, ...],
) -> tuple[list[tuple[Verdict, JsonValue, list[str]]], int]:
    """Merge one after the other; return what was decided, and the code of what was not.

    Whatever is wrong with one of several is named, and holds up no other. Raises it where there is
    but one. After an outage, or damage, which are so for all of them, the rest is left be.
    """
    told, worst = [], 0
    for number in numbers:
        try:
            told.append(_merged(number))
        except (CannotDecide, InputError, IntegrityError) as error:
            if len(numbers) == 1:
                raise
            worst = max(worst, _named(number, error))
            if isinstance(error, Unavailable | IntegrityError):
                break
    return told, worst


def _named(number: int, error: TurnpikeError) -> int:
    """Say what is wrong with one of several, and return its exit code."""
    say(f"pull request {number}: {for_terminal(error.message)}", err=True)
    if error.solution:
        say(f"  next: {for_terminal(error.solution)}", err=True)
    return CannotDecide.exit_code if isinstance(error, IntegrityError) else error.exit_code


def _allowed() -> tuple[tuple[int, ...], int]:
    """Return the open pull requests that the gate would allow now, and the code of all others.

    Nothing is recorded.
    """
    continue_from_base()
    from turnpike.cli.wiring import house_here

    house = house_here()
    found = [one.number for one in house.forge().pull_requests() if one.state == "open"]
    policies = house.policies()
    with policies.asking(len(found)) as ask:
        gate = house.gate(policies, ask)
        # A train's facts are large, so that nothing but the verdict of each is kept.
        verdicts = {number: _verdict(gate, number) for number in found}
    allowed = tuple(number for number, verdict in verdicts.items() if verdict == "allow")
    return allowed, CannotDecide.exit_code if "undecided" in verdicts.values() else 0


def _verdict(gate: Gate, number: int) -> Verdict:
    """Return how the gate would decide on one of many; whatever is wrong with it holds up no other.

    Raises Unavailable where the host is away: it is so for all of them.
    """
    from turnpike.change.merge import judge_pull_request

    try:
        return judge_pull_request(gate, number).decision.verdict
    except Unavailable:
        raise
    except (CannotDecide, InputError) as error:
        _named(number, error)
        return "undecided"


def _merged(number: int) -> tuple[Verdict, JsonValue, list[str]]:
    """Merge one pull request if it is allowed; return the verdict, as a value and as text.

    Asks for main's code each time: the merge before may have changed it. What that one merged is
    then found merged, and is only finished.
    """
    continue_from_base()
    from turnpike.change.gate import explained
    from turnpike.change.merge import merge_pull_request
    from turnpike.cli.denial import told_lines
    from turnpike.cli.wiring import house_here
    from turnpike.documents.canonical import to_json

    house = house_here()
    progress(f"judging pull request {number}")
    with house.signer("gate") as signer:
        policies = house.policies()
        policies.load()
        gate = house.gate(policies, policies.ask, _bot(house))
        merged = merge_pull_request(gate, signer, number)
    decision, why = merged.judged.decision, explained(merged.judged, policies.ask)
    _report(gate, merged, why)
    lines = [*told_lines(decision, why), f"recorded as {merged.decision}"]
    if merged.commit:
        lines.append(f"merged as {merged.commit}")
    value: JsonValue = {
        "pullRequest": number,
        "decision": to_json(decision),
        "digest": merged.decision,
        "commit": merged.commit,
        "explanation": to_json(why) if why else None,
    }
    return decision.verdict, value, lines


def _report(gate: Gate, merged: Merged, why: Explanation | None) -> None:
    """What was decided stands on the record already: a report that fails is only mentioned."""
    from turnpike.change.commenting import report_on

    try:
        report_on(gate.forge, gate.sources.repository, merged.judged, merged.decision, why)
    except TurnpikeError as error:
        why_not = for_terminal(error.message)
        say(f"  the comment and the status could not be written: {why_not}", err=True)


def _attach_kept(house: House, forge: Forge, clone: Path, number: int, head: ObjectId) -> bool:
    """Let what the registrar signed about the pushed manifests travel with the pull request.

    Returns whether the pull request brings a model at all.
    """
    from turnpike.change.manifests import changed_manifests
    from turnpike.cli.outbox import kept_about

    house.refresh()  # another host has the commit by now, the instance's own repository not yet
    manifests = changed_manifests(house.host, house.main, head).values()
    artifacts = [model.artifact.digest for model in manifests if model.artifact]
    forge.attach(number, *kept_about(clone, artifacts))
    return bool(manifests)


def _bot(house: House) -> str | None:
    """Return the first bot of the organisation that has a key on this machine."""
    held = (b.id for b in house.organisation.bots if house.instance.person_key(b.id).exists())
    return next(held, None)
