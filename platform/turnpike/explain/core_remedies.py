"""What would satisfy each finding of the core itself; the rules name their own remedies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, count

from turnpike.documents.identifiers import digest_of
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.hypothesis import Supposed
from turnpike.judge.layout import (
    ModelKey,
    build_path,
    classes_of,
    deployment_of,
    model_of,
    waiver_of,
)
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.queries import CHANGE
from turnpike.judge.remedy import (
    ApprovalRemedy,
    ClassRemedy,
    ContentRemedy,
    DerivationRemedy,
    FieldRemedy,
    FileRemedy,
    KeepRemedy,
    LeaveOutRemedy,
    PushRemedy,
    Remedy,
    RenameRemedy,
    WithdrawalRemedy,
)
from turnpike.judge.subjects import changed_models, changed_paths
from turnpike.judge.waivers import UNAPPROVED
from turnpike.manifest.model import GenerativeModel

Option = tuple[Supposed, ...]
"""Changes that belong together; each option alone would satisfy the finding."""

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._@+/-]")
_LONGEST = 230


def core_options(finding: Finding, facts: Facts) -> tuple[Option, ...]:
    """Return the options that satisfy a finding of the core; none where only its author knows."""
    make = _OPTIONS.get(finding.code)
    return tuple(option for option in make(finding, facts) if option) if make else ()


def content_of(finding: Finding, note: str = "") -> Supposed:
    """Return the last resort: the change itself must differ, and nothing can be decided again."""
    return _change(
        ContentRemedy(
            kind="content",
            code=finding.code,
            subject=finding.subject,
            expected=finding.expected,
            note=note,
        )
    )


def _change(remedy: Remedy) -> Supposed:
    return Supposed(CHANGE, remedy)


def _kept(finding: Finding, _: Facts) -> Iterable[Option]:
    yield (_change(FileRemedy(kind="file", path=finding.subject, mode="100644")),)


def _smaller(finding: Finding, _: Facts) -> Iterable[Option]:
    yield (_change(FileRemedy(kind="file", path=finding.subject, size=SIZE_LIMIT)),)
    yield _out(finding.subject)


def _renamed(finding: Finding, facts: Facts) -> Iterable[Option]:
    path = finding.subject
    to = _free(_plain(path), changed_paths(facts))
    yield (_change(RenameRemedy(kind="rename", path=path, to=to)),)
    yield _out(path)


def _plain(path: str) -> str:
    """Return a path that says what it is, with room for a number at its end."""
    steps = (_NOT_PLAIN.sub("_", step).strip(". ") or "_" for step in path.split("/"))
    plain = "/".join(step.replace(".git", "git") for step in steps)
    return plain[:_LONGEST].rstrip("/. ")


def _free(path: str, taken: Iterable[str]) -> str:
    """Return the path, with a number where another differs from it in upper and lower case only."""
    folded = {one.casefold() for one in taken}
    names = chain((path,), (f"{path}-{number}" for number in count(2)))
    return next(name for name in names if name.casefold() not in folded)


def _out(*paths: str) -> Option:
    return tuple(_change(LeaveOutRemedy(kind="leave-out", under=path)) for path in paths)


def _left_out(finding: Finding, _: Facts) -> Iterable[Option]:
    yield _out(finding.subject)


def _one_model(_: Finding, facts: Facts) -> Iterable[Option]:
    for key in changed_models(facts):
        yield (_change(KeepRemedy(kind="keep", under=f"{key.folder}/")),)


def _one_class(_: Finding, facts: Facts) -> Iterable[Option]:
    for name in classes_of(changed_paths(facts)):
        yield (_change(ClassRemedy.model_validate({"kind": "class", "class": name})),)


def _named(finding: Finding, _: Facts) -> Iterable[Option]:
    """A manifest or release takes the names of the folder in which it stands."""
    model, place = model_of(finding.subject), deployment_of(finding.subject)
    if model:
        about = _model(model)
        yield (
            Supposed(about, _exactly(("model", "team"), model.team)),
            Supposed(about, _exactly(("model", "name"), model.model)),
        )
    if place:
        about = SubjectInput(kind="deployment", id=str(place), team=place.team, model=place.model)
        yield (
            Supposed(about, _exactly(("deployment", "release", "team"), place.team)),
            Supposed(about, _exactly(("deployment", "release", "model"), place.model)),
        )


def _route(finding: Finding, facts: Facts) -> Iterable[Option]:
    key, model = model_of(finding.subject), facts.head.models.get(finding.subject)
    if key and isinstance(model, GenerativeModel):
        remedy = _exactly(("model", "artifact", "digest"), model.route_digest())
        yield (Supposed(_model(key), remedy),)


def _model(key: ModelKey) -> SubjectInput:
    return SubjectInput(kind="model", id=str(key), team=key.team, model=key.model)


def _exactly(path: tuple[str | int, ...], value: str) -> FieldRemedy:
    return FieldRemedy(kind="field", path=path, bound="exactly", value=value)


def _build(finding: Finding, _: Facts) -> Iterable[Option]:
    key = model_of(finding.subject)
    if key and finding.subject == build_path(key):
        content = digest_of(BUILD_TEXT.encode())
        yield (_change(FileRemedy(kind="file", path=finding.subject, content=content)),)


def _derived(finding: Finding, _: Facts) -> Iterable[Option]:
    place = deployment_of(finding.subject)
    if place:
        yield (_change(DerivationRemedy(kind="derivation", deployment=str(place))),)


def _gone(finding: Finding, _: Facts) -> Iterable[Option]:
    yield (_change(FileRemedy(kind="file", path=finding.subject, gone=True)),)


def _answered_for(finding: Finding, facts: Facts) -> Iterable[Option]:
    """Whom a waiver names approves the change that brings it."""
    waiver = facts.head.waivers.get(waiver_of(finding.subject) or "")
    if waiver:
        people = (waiver.approver,)
        remedy = ApprovalRemedy(kind="approval", group=waiver.approver, count=1, people=people)
        yield (_change(remedy),)


def _withdrawn(finding: Finding, _: Facts) -> Iterable[Option]:
    yield (_change(WithdrawalRemedy(kind="withdrawal", person=finding.subject)),)


def _pushed(_: Finding, __: Facts) -> Iterable[Option]:
    yield (_change(PushRemedy(kind="push")),)


_OPTIONS: dict[str, Callable[[Finding, Facts], Iterable[Option]]] = {
    "approval.changes-requested": _withdrawn,
    "approval.pusher-unknown": _pushed,
    "artifact.route-differs": _route,
    "change.build-differs": _build,
    "change.case-twins": _renamed,
    "change.file-kind": _kept,
    "change.file-not-allowed": _left_out,
    "change.file-too-large": _smaller,
    "change.many-models": _one_model,
    "change.mixed-classes": _one_class,
    "change.path-not-plain": _renamed,
    "derived.differs": _derived,
    "derived.left-over": _gone,
    "document.missing": _build,
    "document.path-and-name-disagree": _named,
    "environment.stray-file": _left_out,
    UNAPPROVED: _answered_for,
}
