"""What the verbs that open release changes share: plan on main, open, say what is next."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from turnpike.cli.output import emit
from turnpike.cli.speaking import speaking
from turnpike.cli.wiring import House, acting, now
from turnpike.documents.identifiers import ObjectId, is_name
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal
from turnpike.git.objects import Identity
from turnpike.judge.layout import ModelKey
from turnpike.promotion.opening import Opened, Standing, open_change
from turnpike.promotion.plan import ReleasePlan

STATES = {
    "opened": "Opened pull request",
    "planned anew": "Planned anew pull request",
    "open already": "Open already is pull request",
}


def model_key(text: str) -> ModelKey:
    """Return the model that ``TEAM/MODEL`` names; raises InputError for anything else."""
    team, _, model = text.partition("/")
    if not (is_name(team) and is_name(model)):
        raise InputError(
            f"expected TEAM/MODEL, such as oncology/tumour-malignancy; got {text!r}",
            code="input.model-name",
            solution="A name is lower case, begins with a letter, and has single hyphens within.",
        )
    return ModelKey(team, model)


def model_keys(texts: tuple[str, ...]) -> tuple[ModelKey, ...]:
    """Return the models in the order in which they were named, each once."""
    return tuple(dict.fromkeys(model_key(text) for text in texts))


def open_plans(
    house: House,
    person: str | None,
    plans: Callable[[], tuple[ReleasePlan, ...]],
    as_json: bool,
) -> None:
    """Plan, open one pull request for all plans together, and print what comes next."""
    who, main = acting(house, person), house.main
    plan = reduce(ReleasePlan.__or__, plans())
    tell_opened(who, open_plan(house, who, plan, main), plan, as_json)


def tell_opened(who: str, opened: Opened, plan: ReleasePlan, as_json: bool) -> None:
    """Print which pull request was opened, what it changes, and what comes next."""
    lines = [
        f"{STATES[opened.state]} {opened.number} by {who}: {for_terminal(opened.title)}",
        *(f"  {'-' if content is None else '+'} {path}" for path, content in plan.files.items()),
        f"next: turnpike gate --pr {opened.number}, then turnpike pr merge {opened.number}",
    ]
    value = {"number": opened.number, "head": opened.head, "paths": list(plan.files)}
    emit(as_json, value, lines)


def open_plan(
    house: House,
    who: str,
    plan: ReleasePlan,
    main: ObjectId,
    instead_of: Standing | None = None,
) -> Opened:
    """Open one pull request that carries out a plan on the main that it was planned on."""
    # Written straight into the host's repository: a commit that is on no branch does nothing.
    forge, author = speaking(house, who), _identity(house, who)
    return open_change(house.host, forge, main, plan, author, now(), instead_of)


def _identity(house: House, who: str) -> Identity:
    for person in house.organisation.people:
        if person.id == who:
            return Identity(person.name, person.email)
    bot = next(bot for bot in house.organisation.bots if bot.id == who)
    return Identity(bot.id, bot.email)
