"""What deployments cost a month by the price table in Git: ``environments/clouds.yaml``.

A reckoning, not a bill: replicas at their least and at their most, every hour of the month, for
what they ask for, and twice where what serves the rest runs beside a share. Storage, traffic, a
provider's tokens and the clusters themselves are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from turnpike.html_page import CLOSED, opened, table
from turnpike.rendering.deployment import Deployment
from turnpike.topology.clouds import Clouds, Prices

HOURS = 730
"""Hours of a month: 365 days of 24 hours in twelve parts."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One deployment's monthly cost, with its replicas at their least and at their most.

    ``missing`` names the prices that are not in the table; both costs are then zero, and count in
    no sum.
    """

    environment: str
    target: str
    model: str
    least: float
    most: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """The cost of all deployments of one name."""

    name: str
    deployments: int
    least: float
    most: float


def costs_of(deployments: Iterable[Deployment], clouds: Clouds) -> tuple[Cost, ...]:
    """Return what each deployment costs a month, in the currency of ``clouds``, sorted."""
    found = (_cost(one, clouds) for one in deployments)
    return tuple(sorted(found, key=lambda one: (one.environment, one.model, one.target)))


def sums_of(costs: Iterable[Cost], name: Callable[[Cost], str]) -> tuple[Sum, ...]:
    """Return the sum for each name, the dearest first; what has no price is left out."""
    sums: dict[str, Sum] = {}
    for cost in costs:
        if cost.missing:
            continue
        old = sums.get(name(cost), Sum(name(cost), 0, 0.0, 0.0))
        least, most = old.least + cost.least, old.most + cost.most
        sums[old.name] = Sum(old.name, old.deployments + 1, least, most)
    return tuple(sorted(sums.values(), key=lambda one: (-one.most, one.name)))


def _cost(one: Deployment, clouds: Clouds) -> Cost:
    place = (one.environment.name, one.target.name, one.model.key)
    cloud = clouds.cloud(one.target.cloud)
    prices = cloud.prices if cloud else None
    if prices is None:
        return Cost(*place, 0.0, 0.0, (f"prices of the cloud {one.target.cloud}",))
    kinds = {accelerator.kind for accelerator in one.model.serving.accelerators}
    missing = sorted(kinds - prices.accelerator_hour.keys())
    if missing:
        named = (f"acceleratorHour of {kind} in {one.target.cloud}" for kind in missing)
        return Cost(*place, 0.0, 0.0, tuple(named))
    month = HOURS * sum(_of_replica(one, prices)) * one.revisions
    return Cost(*place, month * one.replicas.minimum, month * one.replicas.maximum)


def _of_replica(one: Deployment, prices: Prices) -> Iterator[float]:
    """Yield what one replica costs an hour, by what it asks for."""
    yield one.resources.cpu_millicores / 1000 * prices.cpu_hour
    yield one.resources.memory_mebibytes / 1024 * prices.memory_hour
    for accelerator in one.model.serving.accelerators:
        yield accelerator.count * prices.accelerator_hour[accelerator.kind]


def page_of(costs: tuple[Cost, ...], currency: str, commit: str) -> str:
    """Return the costs as one HTML page about a commit."""
    title = "What the models cost a month"
    money = (f"at least, {currency}", f"at most, {currency}")
    unpriced = [one for one in costs if one.missing]
    return "\n".join(
        (
            opened(title),
            f"<p>Commit {escape(commit)}, {HOURS} hours, prices of environments/clouds.yaml.</p>",
            table("Environments", ("environment", "deployments", *money),
                  map(_sum_row, sums_of(costs, lambda one: one.environment))),
            table("Teams", ("team", "deployments", *money),
                  map(_sum_row, sums_of(costs, lambda one: one.model.partition("/")[0]))),
            table("Models", ("model", "deployments", *money),
                  map(_sum_row, sums_of(costs, lambda one: one.model))),
            table("Deployments", ("environment", "target", "model", *money),
                  ((*place_row(one), amount(one.least), amount(one.most))
                   for one in costs if not one.missing)),
            table("Without a price, and in no sum", ("environment", "target", "model", "missing"),
                  ((*place_row(one), ", ".join(one.missing)) for one in unpriced)),
            CLOSED,
        )
    )  # fmt: skip


def place_row(one: Cost) -> tuple[str, str, str]:
    """Return the cells that say which deployment a cost is of."""
    return one.environment, one.target, one.model


def amount(value: float) -> str:
    """Return money as people read it, to the hundredth."""
    return f"{value:,.2f}"


def _sum_row(one: Sum) -> tuple[str, str, str, str]:
    return one.name, str(one.deployments), amount(one.least), amount(one.most)
