"""``turnpike waiting``: who waits for whom, from the record and the host's open pull requests."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, progress
from turnpike.cli.wiring import House, house_here, now
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.documents.identifiers import ObjectId
    from turnpike.notifying.entry import Decided
    from turnpike.notifying.waiting import Open, Wait


@click.command()
@click.option("--team", help="Only where this team waits or is waited for.")
@click.option("--to", metavar="SINK", help="Tell it to a sink too; `turnpike notify` names them.")
@json_option
def command(team: str | None, to: str | None, as_json: bool) -> None:
    """Say for every open pull request whom it waits for, grouped by whom.

    A group that has to approve, the author who has to mend something, or the gate. It is what the
    newest recorded decision on the head says; where none is recorded, that is said. The age is
    that of the head's commit.

    A sink that was told the very same last, on the same day and for the same team, is not told
    again.
    """
    from turnpike.notifying.waiting import digest_text, is_about_team, waiting_value, waits_in

    house, moment = house_here(), now()
    if team:
        _require_known(house, team)
    waits = waits_in(_open(house), _decided(house))
    if team:
        waits = tuple(wait for wait in waits if is_about_team(wait, team))
    if to:
        _tell(house, to, team, waits, moment)
    lines = [for_terminal(line) for line in digest_text(waits, moment).split("\n")]
    emit(as_json, [waiting_value(wait, moment) for wait in waits], lines)


def _require_known(house: House, team: str) -> None:
    organisation = house.organisation
    known = {one.name for one in organisation.teams} | {one.name for one in organisation.groups}
    if team not in known:
        raise InputError(
            f"--team: expected one of {', '.join(sorted(known))}, got {team}",
            code="team.unknown",
            solution="Name a team or a group of policies/data/organisation.yaml.",
        )


def _open(house: House) -> Iterator[Open]:
    from turnpike.notifying.waiting import Open

    for one in house.forge().pull_requests():
        if one.state == "open":
            since = _committed(house, one.head)
            yield Open(one.number, one.title, one.author, one.head, since)


def _committed(house: House, head: ObjectId) -> datetime | None:
    try:
        return house.host.commit(head).committer.time
    except InputError:  # another host's commit that was not brought here
        return None


def _decided(house: House) -> Iterator[Decided]:
    from turnpike.notifying.entry import Decided
    from turnpike.notifying.reading import entries_of

    return (entry for entry in entries_of(house.record) if isinstance(entry, Decided))


def _tell(
    house: House, to: str, team: str | None, waits: tuple[Wait, ...], moment: datetime
) -> None:
    from turnpike.notifying.addressing import sink_at
    from turnpike.notifying.cursor import FOLDER, Place, cursor_of
    from turnpike.notifying.deliver import deliver_news
    from turnpike.notifying.posting import Patience
    from turnpike.notifying.waiting import digest_event

    event = digest_event(waits, f"urn:turnpike:{house.instance.genesis}", moment)
    sink = sink_at(to, os.environ, Patience(threading.Event().wait))
    # The digests of each team have a place of their own, beside that of `turnpike notify`.
    key = f"waiting:{team or ''}:{sink.key}"
    with cursor_of(house.instance.folder / FOLDER, key) as cursor:
        if not deliver_news(sink, cursor, Place(commit=house.main, event=event.id), event):
            progress(f"{sink} has this digest already; it was not told again")
