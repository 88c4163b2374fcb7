"""Facts as they would be if the change itself were another: paths left out, renamed, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from turnpike.documents.identifiers import digest_of
from turnpike.errors import TurnpikeError
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Change, Documents, Entry, Facts
from turnpike.judge.layout import (
    CLOUDS_PATH,
    CODEOWNERS_PATH,
    NO_OBJECT,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    DeploymentKey,
    class_of,
    environment_of,
    project_of,
    settlement_of,
    stop_of,
    waiver_of,
)
from turnpike.judge.remedy import ClassRemedy, DerivationRemedy, FileRemedy, RenameRemedy
from turnpike.judge.subjects import changed_paths
from turnpike.rendering.derive import derived_files

D = TypeVar("D")
_REGULAR = "100644"


def without(facts: Facts, is_left_out: Callable[[str], bool]) -> Facts:
    """Return the facts of a change that leaves some of its paths alone."""
    gone = frozenset(path for path in changed_paths(facts) if is_left_out(path))
    if not gone:
        return facts
    kept = tuple(change for change in facts.changes if change.path not in gone)
    return facts.model_copy(
        update={
            "changes": kept,
            "unreadable": tuple(one for one in facts.unreadable if one.path not in gone),
            "leaks": tuple(one for one in facts.leaks if one.path not in gone),
            "manifest_problems": tuple(p for p in facts.manifest_problems if p.path not in gone),
            "head": _reverted(facts, gone),
            "proposed_policies": facts.proposed_policies if _touch(kept, "policies/") else None,
            "roots": facts.roots if _touch(kept, "terraform/") else (),
        }
    )


def _touch(changes: tuple[Change, ...], folder: str) -> bool:
    return any(change.path.startswith(folder) for change in changes)


def _reverted(facts: Facts, gone: frozenset[str]) -> Documents:
    """Return the head's documents with main's own in place of those that are left out."""
    base, head = facts.base, facts.head
    environments = frozenset(name for path in gone if (name := environment_of(path)))
    stops = frozenset(name for path in gone if (name := stop_of(path)))
    settlements = frozenset(name for path in gone if (name := settlement_of(path)))
    waivers = frozenset(name for path in gone if (name := waiver_of(path)))
    projects = frozenset(name for path in gone if (name := project_of(path)))
    return head.model_copy(
        update={
            "models": _main_again(head.models, base.models, gone),
            "cards": _main_again(head.cards, base.cards, gone),
            "contents": _main_again(head.contents, base.contents, gone),
            "settings": _main_again(head.settings, base.settings, gone),
            "releases": _main_again(head.releases, base.releases, gone),
            "environments": _main_again(head.environments, base.environments, environments),
            "stops": _main_again(head.stops, base.stops, stops),
            "settlements": _main_again(head.settlements, base.settlements, settlements),
            "waivers": _main_again(head.waivers, base.waivers, waivers),
            "projects": _main_again(head.projects, base.projects, projects),
            "keys": _main_again(head.keys, base.keys, gone),
            "clouds": base.clouds if CLOUDS_PATH in gone else head.clouds,
            "schedule": base.schedule if SCHEDULE_PATH in gone else head.schedule,
            "organisation": None if ORGANISATION_PATH in gone else head.organisation,
            "codeowners": None if CODEOWNERS_PATH in gone else head.codeowners,
        }
    )


def _main_again(head: Mapping[str, D], base: Mapping[str, D], gone: frozenset[str]) -> dict[str, D]:
    kept = {key: value for key, value in head.items() if key not in gone}
    return kept | {key: base[key] for key in gone if key in base}


def left_out(facts: Facts, under: str) -> Facts:
    """Return the facts of a change without the path, or without all paths below a folder."""
    folder = under if under.endswith("/") else f"{under}/"
    return without(facts, lambda path: path == under or path.startswith(folder))


def kept(facts: Facts, under: str) -> Facts:
    """Return the facts of a change without all paths that are not below a folder."""
    folder = under if under.endswith("/") else f"{under}/"
    return without(facts, lambda path: not path.startswith(folder))


def of_one_class(facts: Facts, remedy: ClassRemedy) -> Facts:
    """Return the facts of a change that keeps the paths of one class."""
    together = changed_paths(facts)
    return without(facts, lambda path: class_of(path, together) != remedy.class_)


def renamed(facts: Facts, remedy: RenameRemedy) -> Facts:
    """Return the facts of a change in which a file has another name; its content goes along."""
    changes = tuple(
        change.model_copy(update={"path": remedy.to, "plain": True, "twin": None})
        if change.path == remedy.path and change.new
        else change
        for change in facts.changes
    )
    contents = {
        remedy.to if path == remedy.path else path: digest
        for path, digest in facts.head.contents.items()
    }
    head = facts.head.model_copy(update={"contents": contents})
    return facts.model_copy(update={"changes": changes, "head": head})


def with_file(facts: Facts, remedy: FileRemedy) -> Facts:
    """Return the facts of a change that brings a file as it must be, or deletes it."""
    known = next((change for change in facts.changes if change.path == remedy.path), None)
    old = known.old if known else _standing(facts, remedy.path)
    new = None if remedy.gone else _entry(known.new if known else None, remedy)
    change = Change(path=remedy.path, plain=True, old=old, new=new)
    others = tuple(one for one in facts.changes if one.path != remedy.path)
    contents = {p: d for p, d in facts.head.contents.items() if p != remedy.path}
    content = remedy.content or facts.head.contents.get(remedy.path)
    if content and not remedy.gone:
        contents[remedy.path] = content
    settings = {p: s for p, s in facts.head.settings.items() if p != remedy.path or not remedy.gone}
    head = facts.head.model_copy(update={"contents": contents, "settings": settings})
    ordered = tuple(sorted((*others, change), key=lambda one: one.path))
    return facts.model_copy(update={"changes": ordered, "head": head})


def _standing(facts: Facts, path: str) -> Entry | None:
    is_there = path in facts.base.contents
    return Entry(mode=_REGULAR, object=NO_OBJECT, size=0) if is_there else None


def _entry(known: Entry | None, remedy: FileRemedy) -> Entry:
    entry = known or Entry(mode=_REGULAR, object=NO_OBJECT, size=0)
    wanted = {"mode": remedy.mode, "size": remedy.size}
    return entry.model_copy(update={k: v for k, v in wanted.items() if v is not None})


def derived_anew(facts: Facts, remedy: DerivationRemedy) -> Facts:
    """Return the facts of a change whose derived files of one deployment are what they must be."""
    deployment = deployment_after(facts, DeploymentKey.parse(remedy.deployment))
    if deployment is None:
        return facts
    try:
        files = derived_files(deployment)
    except TurnpikeError:  # nothing can be derived, so this remedy is none
        return facts
    for path, content in sorted(files.items()):
        digest = digest_of(content)
        side = facts.head if path in changed_paths(facts) else facts.base
        if side.contents.get(path) != digest:
            facts = with_file(facts, FileRemedy(kind="file", path=path, content=digest))
    return facts
