"""What is wrong with a CODEOWNERS file although its host would take it, or take it silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from turnpike.approvals.dialects import DIALECTS, location_in, parsed
from turnpike.approvals.generate import Source, generate
from turnpike.approvals.glob import EVERYTHING, Glob
from turnpike.approvals.interface import DialectName, OwnersFile, Rule
from turnpike.approvals.language import Automaton, automaton_of, witness
from turnpike.approvals.owners import owner_in
from turnpike.errors import CannotDecide, InputError
from turnpike.topology.organisation import Organisation

_MOST_WAYS = 256

_UNUSUAL = ("x", ".x/y.z", "models/x/y", "Ä b/~c.d/-", "a/b/c/d/e/f/g/h/i.j")
"""Paths that a catch-all expression of Gitea's dialect matches, and hardly another."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place: the file, its line (from 1), a stable code, and what to do next."""

    file: str
    line: int
    code: str
    expected: str
    actual: str
    solution: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: the file that the host reads, and the others that some host would."""

    dialect: DialectName
    files: Mapping[str, str]
    organisation: Organisation | None = None

    @property
    def place(self) -> str | None:
        """Return where the file stands that the declared dialect's host reads."""
        return location_in(DIALECTS[self.dialect], self.files)


def lint(subject: Subject) -> tuple[Finding, ...]:
    """Return every finding, by file and line; none for a file that says what it seems to say."""
    place = subject.place
    if place is None:
        return (_missing(subject),)
    file = parsed(subject.dialect, subject.files[place])
    found = [
        Finding(place, max(1, one.line), one.code, one.expected, one.actual, one.solution)
        for one in file.ignored
    ]
    found += _marked(subject, place)
    found += _shadowed(subject, place)
    found += _foreign(subject, place)
    found += _unknown_owners(subject, place, file)
    for section in _sections(file):
        found += _idle(place, section)
    found += _unowned(place, subject.dialect, file)
    return tuple(sorted(set(found)))


def _missing(subject: Subject) -> Finding:
    places = DIALECTS[subject.dialect].locations
    return Finding(
        places[0], 1, "codeowners.missing", f"a file at one of {', '.join(places)}", "none",
        "Add the file; its first line says who owns `*`.",
    )  # fmt: skip


def _marked(subject: Subject, place: str) -> Iterator[Finding]:
    if subject.files[place].startswith("\ufeff"):
        yield Finding(
            place, 1, "codeowners.byte-order-mark", "a pattern at the start of the file",
            "a byte order mark, which becomes a part of the first pattern",
            "Save the file as UTF-8 without a byte order mark.",
        )  # fmt: skip


def _shadowed(subject: Subject, place: str) -> Iterator[Finding]:
    """A second file is not read: whoever edits it believes what does not hold."""
    for other in DIALECTS[subject.dialect].locations:
        if other != place and other in subject.files:
            yield Finding(
                other, 1, "codeowners.shadowed", f"one file; {subject.dialect} reads {place}",
                f"a second one, {other}", "Remove one of the two.",
            )  # fmt: skip


_HOSTS: dict[str, DialectName] = {".github": "github", ".gitlab": "gitlab", ".gitea": "gitea"}


def _foreign(subject: Subject, place: str) -> Iterator[Finding]:
    """A file that only another host reads must be what the declared one says in its dialect."""
    ours = DIALECTS[subject.dialect].locations
    for other, text in sorted(subject.files.items()):
        host = _HOSTS.get(other.partition("/")[0])
        if other in ours or host is None or subject.organisation is None:
            continue
        source = Source(place, subject.dialect, subject.files[place], subject.organisation)
        try:
            wanted = generate(source, host)
        except InputError as error:
            wanted = error.message
        if text != wanted:
            yield Finding(
                other, 1, "codeowners.not-generated", f"what {place} says in {host}'s dialect",
                "something else", f"Write it by `turnpike codeowners --generate {host}`.",
            )  # fmt: skip


def _unknown_owners(subject: Subject, place: str, file: OwnersFile) -> Iterator[Finding]:
    organisation = subject.organisation
    if organisation is None:
        return
    for rule in file.rules:
        for owner in rule.owners:
            if owner_in(organisation, subject.dialect, owner) is None:
                yield Finding(
                    place, rule.line, "codeowners.unknown-owner",
                    "a group or a person of policies/data/organisation.yaml", owner,
                    "Correct the owner, or add it to organisation.yaml first.",
                )  # fmt: skip


def _sections(file: OwnersFile) -> list[list[Rule]]:
    sections: dict[str | None, list[Rule]] = {}
    for rule in file.rules:
        sections.setdefault(rule.section, []).append(rule)
    return list(sections.values())


def _idle(place: str, rules: list[Rule]) -> Iterator[Finding]:
    """Yield the rules of one section that never decide, and those that stand there twice."""
    lasts: dict[object, Rule] = {}
    for rule in rules:
        lasts[rule.glob or rule.expression, rule.excludes] = rule
    for number, rule in enumerate(rules):
        last = lasts[rule.glob or rule.expression, rule.excludes]
        if last is not rule:
            yield Finding(
                place, rule.line, "codeowners.duplicate-pattern", "each pattern once",
                f"{rule.pattern} again in line {last.line}", "Unite the two lines.",
            )  # fmt: skip
        elif rule.glob is not None and _is_covered(rule, rule.glob, rules, number):
            yield Finding(
                place, rule.line, "codeowners.unreachable-pattern",
                "a path that this line decides", f"{rule.pattern}: other lines decide them all",
                "Remove the line, or move it below those that go before it.",
            )  # fmt: skip


def _is_covered(rule: Rule, glob: Glob, rules: list[Rule], number: int) -> bool:
    """Tell whether the rules that go before one leave it no path."""
    rivals = [
        other.glob
        for n, other in enumerate(rules)
        if other.glob and other is not rule and not rule.excludes and (n > number or other.excludes)
    ]
    sample = witness([automaton_of(glob)])
    if sample is None:
        return True
    if not any(rival.matches(sample) for rival in rivals):
        return False
    return witness([automaton_of(glob)], [automaton_of(rival) for rival in rivals]) is None


def _unowned(place: str, dialect: DialectName, file: OwnersFile) -> Iterator[Finding]:
    """Yield the lines that leave paths without an owner, and the want of one that owns all."""
    if dialect == "gitea":
        path = next((p for p in _UNUSUAL if not file.entries_of(p)), None)
        found = [(1, path)] if path else []
    else:
        found = list(_ownerless(_sections(file)))
    for line, path in found:
        yield Finding(
            place, line, "codeowners.unowned", "an owner of every path", f"none of {path}",
            "Begin the file with a line for all paths, such as `* @owners`, and name an owner on "
            "this one.",
        )  # fmt: skip


def _ownerless(sections: list[list[Rule]]) -> Iterator[tuple[int, str]]:
    """Yield a line and a path that it leaves to nobody, for each way in which that can be.

    A path has no owner where every section says nothing of it, excludes it, or names nobody.
    """
    ways = list(islice(product(*(_silences(rules) for rules in sections)), _MOST_WAYS + 1))
    if len(ways) > _MOST_WAYS:
        raise CannotDecide(
            f"expected at most {_MOST_WAYS} ways to leave a path without owner, found more",
            code="codeowners.too-complex",
            solution="Name an owner on every line, and exclude less.",
        )
    for way in ways:
        wanted = [automaton_of(one.glob) for one in way if one.glob]
        avoided = [automaton_of(glob) for one in way for glob in one.avoided]
        if not wanted and any(_owns_all(automaton) for automaton in avoided):
            continue
        path = witness([automaton_of(EVERYTHING), *wanted], avoided)
        if path is not None:
            yield next((one.line for one in way if one.glob), 1), path


@dataclass(frozen=True, slots=True)
class _Silence:
    """One way in which a section names no owner: by a line, or by none of its lines."""

    line: int
    glob: Glob | None
    avoided: tuple[Glob, ...]


def _silences(rules: list[Rule]) -> Iterator[_Silence]:
    globs = [rule.glob for rule in rules]
    yield _Silence(0, None, tuple(glob for glob in globs if glob))
    for number, rule in enumerate(rules):
        if rule.excludes:
            yield _Silence(rule.line, rule.glob, ())
        elif not rule.owners:
            yield _Silence(rule.line, rule.glob, tuple(g for g in globs[number + 1 :] if g))


def _owns_all(automaton: Automaton) -> bool:
    return witness([automaton_of(EVERYTHING)], [automaton]) is None
