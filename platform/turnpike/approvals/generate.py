"""The declared CODEOWNERS file in another host's dialect, where that dialect can say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from turnpike.approvals.dialects import parsed
from turnpike.approvals.glob import Glob
from turnpike.approvals.interface import DialectName, Rule
from turnpike.approvals.language import automaton_of, witness
from turnpike.approvals.owners import owner_in
from turnpike.approvals.spelling import all_but, in_gitea, in_github, in_gitlab, is_everything
from turnpike.errors import InputError, Problem
from turnpike.topology.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is declared: what it is called, its dialect and text, and who is who."""

    name: str
    dialect: DialectName
    text: str
    organisation: Organisation


class _Unsayable(Exception):
    """A line has no counterpart; told with its line, what could be said, and why it is not."""

    def __init__(self, line: int, expected: str, actual: str) -> None:
        super().__init__(expected, actual)
        self.line = line
        self.expected = expected
        self.actual = actual


def generate(source: Source, target: DialectName) -> str:
    """Return the file in another dialect.

    Raises InputError with every line that it cannot say there.
    """
    if target == source.dialect:
        return source.text
    lines = [f"# Generated: `turnpike codeowners --generate {target}` says {source.name} again."]
    problems: list[Problem] = []
    rules = parsed(source.dialect, source.text).rules
    for number, rule in enumerate(rules):
        try:
            lines += _lines(source, target, rules, number)
        except _Unsayable as one:
            where = f"{rule.pattern} for {target}"
            problems.append(Problem(source.name, one.line, where, one.expected, one.actual))
    if problems:
        raise InputError(
            "\n".join(str(problem) for problem in problems),
            solution=f"Say these lines otherwise, or let {target} read no such file.",
            code="codeowners.cannot-say",
        )
    excluded = [line for rule in rules if rule.excludes for line in _excluding(target, rule)]
    return "\n".join((*lines, *excluded)) + "\n"


def _lines(
    source: Source, target: DialectName, rules: tuple[Rule, ...], number: int
) -> Iterator[str]:
    rule = rules[number]
    glob = _sayable(rules, rule)
    if rule.excludes:
        yield from ()
        return
    owners = " ".join(_owner(source, target, rule.line, owner) for owner in rule.owners)
    if target == "gitea":
        if owners:
            yield f"{_expression(rules, number, glob)} {owners}"
        return
    for pattern in _patterns(target, rule, glob):
        yield f"{pattern} {owners}".rstrip()


def _sayable(rules: tuple[Rule, ...], rule: Rule) -> Glob:
    """Return the rule's pattern; refuse what only its own dialect has."""
    if rule.glob is None:
        raise _Unsayable(rule.line, "a pattern", "a regular expression whose owners add up")
    if rule.section != rules[0].section:
        raise _Unsayable(rule.line, "one section", f"one more, [{rule.section}], beside it")
    if rule.owners and rule.required != 1:
        raise _Unsayable(rule.line, "one required approval", f"{rule.required}")
    return rule.glob


def _patterns(target: DialectName, rule: Rule, glob: Glob) -> tuple[str, ...]:
    patterns = in_github(glob) if target == "github" else in_gitlab(glob)
    if patterns is None:
        raise _Unsayable(rule.line, "a pattern without a set of characters", rule.pattern)
    return patterns


def _excluding(target: DialectName, rule: Rule) -> Iterator[str]:
    """An exclusion goes before all other lines, so it is the last one that matches."""
    if rule.glob is not None and target == "github":
        yield from _patterns(target, rule, rule.glob)


def _expression(rules: tuple[Rule, ...], number: int, glob: Glob) -> str:
    """Return the rule for Gitea, where the owners of all matching rules add up.

    Later lines that take its paths away must be left out of it. That can be said of the rule for
    everything, by a negative one, and need not be said of lines whose owners include its own.
    """
    rule = rules[number]
    taking = [
        other
        for n, other in enumerate(rules)
        if other.glob and other is not rule and (n > number or other.excludes)
        and (other.excludes or not set(rule.owners) <= set(other.owners))
        and witness([automaton_of(glob), automaton_of(other.glob)]) is not None
    ]  # fmt: skip
    if not taking:
        return in_gitea(glob)
    if is_everything(glob):
        return all_but(tuple(other.glob for other in taking if other.glob))
    raise _Unsayable(
        rule.line,
        "owners that add up, for Gitea's expressions know no exception",
        f"line {taking[0].line}, {taking[0].pattern}, takes paths of it away",
    )


def _owner(source: Source, target: DialectName, line: int, owner: str) -> str:
    """Return how the other host calls an owner: groups by one name, people by their accounts."""
    organisation = source.organisation
    name = owner_in(organisation, source.dialect, owner)
    if name is None:
        raise _Unsayable(line, "an owner of policies/data/organisation.yaml", owner)
    if any(group.name == name for group in organisation.groups):
        return f"@{name}" if owner.startswith("@@") else owner
    if "@" in owner[1:] and target != "gitea":
        return owner
    person = next(person for person in organisation.people if person.id == name)
    account = next(iter(person.accounts_on(target)), None)
    if account is None:
        raise _Unsayable(line, f"an account of {name} on {target} in organisation.yaml", "none")
    return f"@{account}"
