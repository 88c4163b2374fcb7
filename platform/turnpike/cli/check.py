"""``turnpike check``: what the gate would say of a folder, before any pull request."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from turnpike.cli.acting import as_option
from turnpike.cli.judging import decides_nothing_when_broken
from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import clone_here, house_here, now

FETCHED_MAIN = "refs/remotes/origin/main"
FETCHED_RECORD = "refs/remotes/origin/turnpike/record"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_option
@json_option
@decides_nothing_when_broken()
def command(folder: Path, person: str | None, as_json: bool) -> None:
    """Say what the gate would say of a folder as it is now, committed or not.

    Judged against main, as it was last fetched, with all its policies. Evidence that is on the
    record counts, approvals are shown as still needed. Nothing is pushed, opened or recorded.
    """
    from turnpike.change.policies import policies_at
    from turnpike.git.repository import Repository
    from turnpike.installation.naming import cache_folder

    house, moment = house_here(), now()
    clone = clone_here(house)
    repository = Repository(clone)
    base = repository.resolve(FETCHED_MAIN)
    policies = policies_at(repository, base, cache_folder())
    policies.load()

    # Meanwhile: what judges takes as long to import as OPA takes to load.
    from turnpike.change.collect import Question
    from turnpike.change.draft import draft_commit
    from turnpike.change.gate import explained, judge
    from turnpike.cli.denial import told_lines, told_value
    from turnpike.git.objects import Identity
    from turnpike.judge.decision import EXIT_CODES
    from turnpike.record.record import Record

    author = Identity(person or "draft", "draft@turnpike.dev")
    head = draft_commit(repository, base, clone, folder.absolute(), author, moment)
    tools = policies.tools(repository, base)
    question = Question(house.instance.genesis, base, head, None, (), moment, tools)
    sources = house.sources(repository, Record(repository, FETCHED_RECORD), policies)
    judged = judge(sources, question, policies.ask)
    decision, why = judged.decision, explained(judged, policies.ask)
    emit(as_json, told_value(decision, why), told_lines(decision, why))
    sys.exit(EXIT_CODES[decision.verdict])
