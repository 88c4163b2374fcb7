"""``turnpike verify``: prove from a clone that every commit of main was judged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.clone import audited, clone_option, genesis_option
from turnpike.cli.output import emit, json_option, numbered
from turnpike.errors import UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.auditing.verify import Fault
    from turnpike.instance.instance import Instance


@click.command()
@clone_option
@genesis_option
@click.option(
    "--root-key", metavar="LINE", help="The root's public SSH key; without it, the id is believed."
)
@json_option
def command(clone: Path | None, genesis: str | None, root_key: str | None, as_json: bool) -> None:
    """Walk main from its genesis: each commit a signed allow whose tree is the commit's tree.

    Also checks every object against its name, the record against its rules, and what an instance
    has outside of Git: its pins, the host's settings and hook, and the sources that the hook runs.
    So one edited byte anywhere is found and named. The genesis and the root key are read from the
    instance's own file, not from Git; of a clone (--clone FOLDER) the genesis must be named: no
    clone can vouch for itself. Its own branches are read, else those of its origin. Exit code 0
    when all is sound, 1 when something is not.
    """
    from turnpike.auditing.verify import verify

    found = audited(clone, genesis)
    if found.genesis is None:
        raise UsageError(
            "expected --genesis ID beside --clone, or an instance around this folder, got neither",
            solution="Ask the platform owners for the genesis; never take it from the clone.",
        )
    report = verify(found.repository, found.genesis, root_key or found.root_key)
    if found.instance is not None:
        faults = (*_instance_faults(found.instance), *report.faults)
        report = replace(report, faults=faults)
    count = len(report.faults)
    lines = [numbered(count, "fault") if count else "sound"]
    lines[0] += (
        f": {numbered(report.commits, 'commit')} on main, {report.record_commits} on the record"
    )
    lines += [f"  {f.code}  {for_terminal(f.message)}" for f in report.faults]
    value: JsonValue = {
        "sound": report.is_sound,
        "main": report.main,
        "record": report.record,
        "commits": report.commits,
        "recordCommits": report.record_commits,
        "faults": [
            {"code": f.code, "subject": f.subject, "message": f.message} for f in report.faults
        ],
    }
    emit(as_json, value, lines)
    sys.exit(0 if report.is_sound else 1)


def _instance_faults(instance: Instance) -> Iterator[Fault]:
    """Yield what an instance has outside of Git, and is not what Git, or `turnpike init`, says."""
    from turnpike.auditing.verify import Fault
    from turnpike.instance.inspect import inspect_host, inspect_pins

    looks = (("verify.pins", inspect_pins(instance)), ("verify.host", inspect_host(instance)))
    for code, found in looks:
        for one in found:
            if not one.is_good:
                message = f"{one.name}: expected {one.expected}, found {one.actual}"
                yield Fault(code, str(instance.folder), message)
