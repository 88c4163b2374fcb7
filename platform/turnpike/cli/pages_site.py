"""The pages of one instance, each made from main as it stands when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from types import MappingProxyType

from turnpike.approvals.dialects import DIALECTS, LOCATIONS, location_in
from turnpike.cli.planning import overview
from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError, Unavailable
from turnpike.html_page import CLOSED, opened
from turnpike.instance.instance import Instance
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.layout import CLOUDS_PATH
from turnpike.judge.sight import Sight, sight_of
from turnpike.pages.interface import Visitor
from turnpike.promotion.calendar import Event, Stretch
from turnpike.promotion.calendar_html import html_of
from turnpike.promotion.inventory import readable_on
from turnpike.promotion.standing import deployments_of, environments_on, standing_of_all
from turnpike.promotion.stopping import stops_on
from turnpike.record.keys import keys_at
from turnpike.rendering.deployment import Deployment
from turnpike.reporting.access_page import page_of as access_page
from turnpike.reporting.access_review import review_of
from turnpike.reporting.catalogue import entries_of, served_of
from turnpike.reporting.catalogue import page_of as catalogue_page
from turnpike.reporting.cost import costs_of
from turnpike.reporting.cost import page_of as cost_page
from turnpike.topology.clouds import CLOUDS

_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "/models": "Models: owner, contract, address and digest of each",
        "/calendar": "Calendar: windows, freezes, soaks, expiries and stops of four weeks",
        "/cost": "Cost: what a month of it all costs",
        "/access": "Access review: who may do what",
    }
)
_DAYS = timedelta(days=28)
_LOOK_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Made:
    """A page as it was made, and of which main and which hour."""

    main: ObjectId
    hour: datetime
    text: str | None


class InstanceSite:
    """The pages; one is made at a time, and kept until main or the hour is another."""

    paths = frozenset(("/", *_TITLES))

    def __init__(self, instance: Instance, clock: Callable[[], datetime]) -> None:
        self._instance, self._clock = instance, clock
        self._house = House(instance)
        self._main, self._looked_at = self._house.main, clock()
        self._sign_on = self._house.organisation.sign_on
        self._made: dict[tuple[str, Visitor], _Made] = {}
        self._lock = threading.Lock()

    def visitor(self, account: str) -> Visitor:
        """Return who holds an account at the provider, by main as it stands now."""
        with self._lock:
            self._look()
            organisation = self._house.organisation
        sign_on = organisation.sign_on
        person = organisation.person_of_account(sign_on.host, account) if sign_on else None
        if person is None:
            raise InputError(
                f"sign-in: expected an account of somebody in organisation.yaml, found {account}",
                code="sign-in.unknown-account",
                solution="Have the account added to the person's accounts by a pull request.",
            )
        return Visitor(person, sight_of(organisation, person))

    def page(self, path: str, visitor: Visitor) -> str | None:
        """Return a page; None where the visitor may not see it, or where there is none."""
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            self._look()
            made = self._made.get((path, visitor))
            if made is None or (made.main, made.hour) != (self._main, hour):
                made = _Made(self._main, hour, self._text(path, visitor))
                self._made[path, visitor] = made
        return made.text

    def _look(self) -> None:
        """Look where main is by now; what was made of another one is forgotten.

        Another host is asked twice a minute. Raises Unavailable where main declares another
        sign-in than the one that people come in by.
        """
        now = self._clock()
        if now - self._looked_at >= _LOOK_EVERY:
            self._house.refresh()
            self._looked_at = now
        main = self._house.main
        if main != self._main:
            self._house.host.close()
            self._house, self._main = House(self._instance), main
            self._made.clear()
        if self._house.organisation.sign_on != self._sign_on:
            raise Unavailable(
                "signOn: expected what it was when this server began, found another on main",
                code="pages.sign-on-changed",
                solution="Start `turnpike pages serve` again.",
            )

    def _text(self, path: str, visitor: Visitor) -> str | None:
        match path:
            case "/":
                return self._first(visitor)
            case "/models":
                return self._models(visitor.sight)
            case "/calendar":
                return self._calendar(visitor.sight)
            case "/cost":
                return self._cost(visitor.sight)
            case "/access" if visitor.sight.is_everything:
                return self._access()
            case _:
                return None

    def _first(self, visitor: Visitor) -> str:
        """Say what there is for this visitor, as of which commit, and how to leave."""
        shown = [
            f'<li><a href="{path}">{escape(title)}</a></li>'
            for path, title in _TITLES.items()
            if path != "/access" or visitor.sight.is_everything
        ]
        who = f"Signed in as {visitor.person}." if visitor.person else "Nobody need sign in here."
        leave = '<form method="post" action="/sign-out"><button>Sign out</button></form>'
        return "\n".join(
            (
                opened(f"Turnpike of {self._house.organisation.name}"),
                f"<p>{escape(who)} Commit {escape(self._main)}.</p>",
                f"<ul>{''.join(shown)}</ul>",
                leave if visitor.person else "",
                CLOSED,
            )
        )

    def _models(self, sight: Sight) -> str:
        organisation = self._house.organisation
        names, teams = environments_on(self._house.host, self._main), organisation.teams
        # Whoever sees a team's deployments anywhere may read what its models are for.
        seen = {t.name for t in teams if any(sight.sees(name, t.name) for name in names)}
        manifests, unread = readable_on(self._house.host, self._main)
        groups = {team.name: team.group for team in organisation.teams}
        entries = entries_of((m for m in manifests.values() if m.team in seen), groups)
        bad = [str(one) for key, found in unread.items() if key.team in seen for one in found]
        return catalogue_page(entries, served_of(self._released(sight)), self._main, bad)

    def _released(self, sight: Sight) -> Iterator[Deployment]:
        """Return what main releases, as far as it is in sight."""
        host = self._house.host
        standing = standing_of_all(host, self._main)
        return deployments_of(host, standing, lambda key: sight.sees(key.environment, key.team))

    def _calendar(self, sight: Sight) -> str:
        now = self._clock()
        start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        end = start + _DAYS
        whole, found = overview(self._house, None, now), set[Event]()
        for environment, team in _asked(sight):
            found.update(whole.events(Stretch(start, end, environment, team)))
        events = sorted(found, key=lambda e: (e.start, e.end, e.kind, e.name, e.about))
        return html_of(events, start, end, now)

    def _cost(self, sight: Sight) -> str | None:
        content = self._house.host.read(self._main, CLOUDS_PATH)
        if content is None:
            return None
        clouds = read(CLOUDS, content, CLOUDS_PATH)
        return cost_page(costs_of(self._released(sight), clouds), clouds.currency, self._main)

    def _access(self) -> str:
        host, main = self._house.host, self._main
        organisation = self._house.organisation
        files = {p: c.decode("utf-8", "replace") for p, c in host.read_all(main, LOCATIONS).items()}
        place = location_in(DIALECTS[organisation.codeowners_dialect], files) or ""
        environments = environments_on(host, main)
        arrangement = Arrangement(organisation, files.get(place, ""), environments, place)
        stops = tuple(stops_on(host, main).values())
        return access_page(review_of(arrangement, keys_at(host, main), stops, self._clock()), main)


def _asked(sight: Sight) -> Iterator[tuple[str | None, str | None]]:
    """Yield each environment and team in sight; None stands for all of them."""
    if sight.is_everything:
        yield None, None
        return
    for entry in sight.entries:
        for environment in entry.environments or (None,):
            for team in entry.teams or (None,):
                yield environment, team
