"""The lock on a GitHub's main and record: two rulesets; the bot passes one, nobody the other.

Rulesets and not the older branch protection, which lets administrators push whatever it says.
Several rulesets on one branch add up: none takes away what another demands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from turnpike.errors import InputError
from turnpike.forge.answers import NotThere
from turnpike.forge.github_api import GitHubApi
from turnpike.forge.interface import PROTECTED, Problem

if TYPE_CHECKING:
    from githubkit_schemas.v2026_03_10.models import RepositoryRulesetBypassActor

_MOVING = "turnpike: only the bot moves it"
_KEEPING = "turnpike: history stays"
_OF_MOVING = ("creation", "update")
_OF_KEEPING = ("deletion", "non_fast_forward")
_IN_THE_WAY = ("pull_request", "merge_queue", "required_linear_history", "required_status_checks")
NOT_TOLD = "not told; ask with a token of an administrator"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A ruleset that is in force on a branch; ``passed_by`` is None where that is not told.

    Who passes is written ``KIND ID MODE``, such as ``User 7 always``.
    """

    name: str
    rules: frozenset[str]
    passed_by: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class GitHubLock:
    """The rulesets of one repository, as a token of its administrator sees them."""

    api: GitHubApi
    repository: str
    bot: str

    def protect(self) -> None:
        """Lock the protected branches; raises CannotDecide where refused."""
        bot: dict[str, str | int] = {
            "actor_id": self._bot_id(),
            "actor_type": "User",
            "bypass_mode": "always",
        }
        call = self.api.rest.repos.get_repo_rulesets
        there = {one.name: one.id for one in self.api.pages(call, *self._place)}
        self._put(there.get(_MOVING), _wanted(_MOVING, _OF_MOVING, bot))
        self._put(there.get(_KEEPING), _wanted(_KEEPING, _OF_KEEPING))

    def problems(self) -> tuple[Problem, ...]:
        """Return every setting by which somebody else could move one of them."""
        bot = f"User {self._bot_id()} always"
        return tuple(found for branch in PROTECTED for found in self._problems(branch, bot))

    def _problems(self, branch: str, bot: str) -> Iterator[Problem]:
        rulesets = self._in_force(branch)
        found = [one for one in rulesets if "update" in one.rules]
        if not any(one.passed_by == (bot,) for one in found):
            yield Problem(branch, "update", f"passed by {bot} alone", _passing(found))
        for rule in _OF_KEEPING:
            found = [one for one in rulesets if rule in one.rules]
            if not any(one.passed_by == () for one in found):
                yield Problem(branch, rule, "passed by nobody", _passing(found))
        for one in rulesets:
            for rule in sorted(one.rules.intersection(_IN_THE_WAY)):
                if bot not in (one.passed_by or ()):
                    yield Problem(branch, rule, f"none, or passed by {bot}", f"in {one.name}")

    def _in_force(self, branch: str) -> tuple[Ruleset, ...]:
        rules: dict[int, set[str]] = {}
        call = self.api.rest.repos.get_branch_rules
        for rule in self.api.pages(call, *self._place, branch):
            rules.setdefault(rule.ruleset_id, set()).add(rule.type)
        return tuple(self._ruleset(id_, frozenset(types)) for id_, types in rules.items())

    def _ruleset(self, id_: int, rules: frozenset[str]) -> Ruleset:
        try:
            seen = self.api.ask(self.api.rest.repos.get_repo_ruleset, *self._place, id_)
        except NotThere:  # an organisation's, which this token may not read
            return Ruleset(f"ruleset {id_}", rules, None)
        actors = seen.bypass_actors
        known = isinstance(actors, list)
        return Ruleset(seen.name, rules, tuple(map(_actor, actors)) if known else None)

    def _put(self, id_: int | None, wanted: dict[str, Any]) -> None:
        repos = self.api.rest.repos
        if id_ is None:
            self.api.ask(repos.create_repo_ruleset, *self._place, **wanted)
        else:
            self.api.ask(repos.update_repo_ruleset, *self._place, id_, **wanted)

    def _bot_id(self) -> int:
        try:
            id_: int = self.api.ask(self.api.rest.users.get_by_username, self.bot).id
        except NotThere as error:
            raise InputError(
                f"{self.api.address}: expected an account {self.bot}, found none",
                code="forge.no-bot",
                solution="Make the bot's account first, and let it write to the repository.",
            ) from error
        return id_

    @property
    def _place(self) -> tuple[str, str]:
        owner, _, name = self.repository.partition("/")
        return owner, name


def _wanted(name: str, rules: tuple[str, ...], *passing: dict[str, str | int]) -> dict[str, Any]:
    include = [f"refs/heads/{branch}" for branch in PROTECTED]
    return {
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": list(passing),
        "conditions": {"ref_name": {"include": include, "exclude": []}},
        "rules": [{"type": rule} for rule in rules],
    }


def _actor(seen: RepositoryRulesetBypassActor) -> str:
    return f"{seen.actor_type} {seen.actor_id} {seen.bypass_mode or 'always'}"


def _passing(found: list[Ruleset]) -> str:
    """Say who passes the rulesets that have a rule."""
    if not found:
        return "no such rule"
    told = (NOT_TOLD if one.passed_by is None else ", ".join(one.passed_by) for one in found)
    return "; ".join(text or "passed by nobody" for text in told)
