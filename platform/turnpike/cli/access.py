"""``turnpike access``: who may do what, answered from Git alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from turnpike.cli.checkout import checkout_option
from turnpike.cli.output import emit, json_option, numbered, table
from turnpike.errors import InputError, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.judge.access import Grant
    from turnpike.judge.arrangement import Arrangement
    from turnpike.reporting.access_review import AccessReview
    from turnpike.topology.key import Key
    from turnpike.topology.stop import Stop

_HEADINGS = ("action", "about", "how many of whom", "people", "source")


@click.group()
def command() -> None:
    """Say who may do what, from CODEOWNERS, organisation.yaml, environments and keys in Git.

    Whoever may approve something may never approve what they wrote. Nobody may push to main: the
    gate alone does, and only what was allowed.
    """


_WHO_CAN = """
Say who may do ACTION, with how many others, and where that is said.

\b
approve            a change of a path; ABOUT is the path, else every line of CODEOWNERS
approve-release    into an environment; ABOUT is its name
approve-high-risk  models of tier high, waivers
approve-platform   policies, organisation, environments, terraform, the platform itself
stop, lift-stop    the line
command-emergency, settle-emergency
view, operate, administer    in Argo CD
call               models, through the gateways

Stops that are in force are told as well, for while they are nothing is promoted past them.
Exit code 1: nobody may.
"""

_RENDER = """
Write `access` and the environments in the form of each program that asks for them.

\b
platform/argocd/access/argocd-rbac-cm.yaml   Argo CD: groups to roles
platform/argocd/access/argocd-cm.yaml        Argo CD: signing in, where signOn says so
platform/access/kubernetes/ENVIRONMENT.yaml  clusters: roles, and who has them where
platform/access/kubernetes-sign-on.yaml      clusters: signing in, where signOn says so
platform/access/gateway/ENVIRONMENT/TARGET.yaml   gateways: signing in, where signOn says so
platform/access/mlflow.yaml                  MLflow: groups to registered models
platform/argocd/admission/new-namespaces.yaml     clusters: which namespaces are of models
platform/argocd/projects/ENVIRONMENT.yaml    Argo CD: sync windows, where an environment asks for
                                             them; all else in it is left as it is

Nothing is allowed by default, and nothing that would write past Git. The gate refuses a change
that would leave one of them other than what organisation and environments say.
"""


@command.command("who-can", help=_WHO_CAN)
@click.argument("action")
@click.argument("about", required=False)
@checkout_option
@json_option
def who_can(action: str, about: str | None, checkout: Path, as_json: bool) -> None:
    """Say who may do an action, where that is said, and which stops are in force."""
    from turnpike.judge.access import ACTIONS, grants_of, grants_on
    from turnpike.reporting.access_review import row_of

    if action not in ACTIONS:
        wanted = ", ".join(ACTIONS)
        raise UsageError(
            f"ACTION: expected one of {wanted}, found {action}", solution="See --help."
        )
    arrangement = _arrangement(checkout)
    if action == "approve" and about:
        _require_path(about)
        found = grants_on(arrangement, about)
    else:
        every = [grant for grant in grants_of(arrangement) if grant.action == action]
        places = arrangement.environments if action == "approve-release" else ()
        _require_known(about, {*places, *(grant.about for grant in every)})
        found = tuple(grant for grant in every if not about or grant.about == about)
    stops = _stops(checkout)
    value = {"grants": _grants_json(found), "stops": [one.name for one in stops]}
    lines = table(_HEADINGS, map(row_of, found)) if found else ["nobody"]
    lines += [for_terminal(f"stopped by {one.name}: {one.reason}") for one in stops]
    emit(as_json, value, lines)
    sys.exit(0 if any(grant.people for grant in found) else 1)


@command.command("of")
@click.argument("person")
@checkout_option
@json_option
def of(person: str, checkout: Path, as_json: bool) -> None:
    """Say what PERSON, an id of organisation.yaml, may do, alone or with others."""
    from turnpike.reporting.access_review import review_of, row_of

    arrangement = _arrangement(checkout)
    review = review_of(arrangement, (), (), _now())
    one = next((one for one in review.people if one.person.id == person), None)
    if one is None:
        known = ", ".join(sorted(p.id for p in arrangement.organisation.people))
        raise UsageError(f"PERSON: expected one of {known}, found {person}")
    value = {
        "person": person,
        "groups": list(one.groups),
        "accounts": dict(one.person.accounts),
        "sshKeys": len(one.person.ssh_keys),
        "grants": _grants_json(one.grants),
        "couldDoTooMuchWith": sorted({p for w in one.paths for p in w.people} - {person}),
    }
    groups = for_terminal(", ".join(one.groups) or "no group")
    emit(
        as_json,
        value,
        [f"{person} belongs to {groups}", *table(_HEADINGS, map(row_of, one.grants))],
    )


@command.command("review")
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page here."
)
@checkout_option
@json_option
def review(page: Path | None, checkout: Path, as_json: bool) -> None:
    """Review everybody's access: who may do what, two who could do too much, keys, stops.

    What deserves a look comes first: people in no group or without a key, groups of one, quorums
    that too few could fill, keys that end. --html writes one page for auditors, which needs nothing
    else and can be printed.
    """
    from turnpike.reporting.access_page import page_of
    from turnpike.reporting.access_review import review_of

    found = review_of(_arrangement(checkout), _keys(checkout), _stops(checkout), _now())
    commit = _commit(checkout)
    if page:
        _write(page, page_of(found, commit).encode())
    lines = [
        _counted(found),
        *(f"  {for_terminal(notice)}" for notice in found.notices),
    ]
    emit(as_json, _review_json(found, commit), lines)


@command.command("render", help=_RENDER)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a file differs.")
@checkout_option
@json_option
def render(check: bool, checkout: Path, as_json: bool) -> None:
    """Write the derived files of access, or compare them; what is left over goes."""
    from turnpike.cli.access_files_here import access_files_of, access_files_there

    wanted = access_files_of(checkout, _now())
    there = access_files_there(checkout, wanted)
    states = dict.fromkeys(wanted, "as it must be")
    for path, content in wanted.items():
        if path not in there or there[path].read_bytes() != content:
            states[path] = "differs" if check else "written"
    states |= {path: "left over" if check else "removed" for path in there if path not in wanted}
    if not check:
        for path, state in states.items():
            _carry_out(checkout / path, state, wanted.get(path, b""))
    value = [{"file": path, "state": state} for path, state in sorted(states.items())]
    emit(as_json, value, [f"{one['file']}: {one['state']}" for one in value])
    sys.exit(1 if check and set(states.values()) != {"as it must be"} else 0)


def _carry_out(file: Path, state: str, content: bytes) -> None:
    if state == "written":
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, content)
    elif state == "removed":
        file.unlink()


def _arrangement(checkout: Path) -> Arrangement:
    from turnpike.cli.arrangement_here import arrangement_in

    return arrangement_in(checkout)


def _require_path(about: str) -> None:
    """A path that names no file of the repository would get the answer of another one."""
    plain = PurePosixPath(about)
    if plain.is_absolute() or ".." in plain.parts or str(plain) != about:
        raise UsageError(
            f"ABOUT: expected a file's path from the root of the repository, found {about}"
        )


def _require_known(about: str | None, known: Iterable[str]) -> None:
    if about is not None and about not in known:
        wanted = f"one of {', '.join(sorted(known))}" if known else "nothing"
        raise UsageError(f"ABOUT: expected {wanted}, found {about}")


def _stops(checkout: Path) -> tuple[Stop, ...]:
    from turnpike.documents.reading import read
    from turnpike.topology.stop import STOP

    files = sorted(checkout.glob("environments/stops/*.yaml"))
    return tuple(read(STOP, f.read_bytes(), str(f.relative_to(checkout))) for f in files)


def _keys(checkout: Path) -> tuple[Key, ...]:
    from turnpike.documents.reading import read
    from turnpike.topology.key import KEY

    files = sorted(checkout.glob("policies/keys/*.yaml"))
    return tuple(read(KEY, f.read_bytes(), str(f.relative_to(checkout))) for f in files)


def _now() -> datetime:
    from turnpike.cli.wiring import now

    return now()


def _commit(checkout: Path) -> str:
    """Return the commit that is checked out; empty outside of Git."""
    from turnpike.git.location import top_of
    from turnpike.git.repository import Repository

    try:
        return Repository(top_of(checkout)).resolve("HEAD")
    except InputError:
        return ""


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{file}: expected to write it, got: {error.strerror}",
            solution="Name a file in a folder that exists and can be written.",
            code="output.unwritable",
        ) from error


def _counted(found: AccessReview) -> str:
    return (
        f"{len(found.people)} people, {numbered(len(found.grants), 'grant')},"
        f" {numbered(len(found.keys), 'key')}, {numbered(len(found.stops), 'stop')};"
        f" {len(found.notices)} to look at"
    )


def _grants_json(grants: Iterable[Grant]) -> list[dict[str, object]]:
    return [asdict(grant) for grant in grants]


def _review_json(found: AccessReview, commit: str) -> dict[str, object]:
    from turnpike.reporting.access_review import state_of

    return {
        "organisation": found.organisation.name,
        "commit": commit or None,
        "at": found.at.isoformat(),
        "notices": list(found.notices),
        "people": [
            {
                "person": one.person.id,
                "groups": list(one.groups),
                "accounts": dict(one.person.accounts),
                "sshKeys": len(one.person.ssh_keys),
                "grants": _grants_json(one.grants),
            }
            for one in found.people
        ],
        "grants": _grants_json(found.grants),
        "keys": [
            {"key": key.name, "role": key.role, "state": state_of(key, found.at)}
            for key in found.keys
        ],
        "stops": [stop.name for stop in found.stops],
    }
