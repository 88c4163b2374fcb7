"""An access review as one HTML page for auditors: no script, nothing from elsewhere, escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from turnpike.html_page import CLOSED, opened, table
from turnpike.judge.segregation import Path
from turnpike.reporting.access_review import AccessReview, PersonReview, row_of, state_of


def page_of(review: AccessReview, commit: str) -> str:
    """Return the page about one commit, or about a folder where that is empty."""
    title = f"Access review of {review.organisation.name}"
    source = f"commit {commit}" if commit else "a folder that is no commit"
    parts = (
        opened(title),
        f"<p>As {escape(source)} says it, on {review.at:%Y-%m-%d %H:%M} UTC.</p>",
        _notices(review.notices),
        table("People", ("who", "accounts", "keys", "groups", "may"), map(_person, review.people)),
        table("What may be done, and by whom",
               ("action", "about", "how many of whom", "people", "source"),
               map(row_of, review.grants)),
        table("Ways to production that two people could take",
               ("who", "to", "tier", "by"), map(_way, _ways(review))),
        table("Bots, which approve nothing", ("bot", "address"),
               ((bot.id, bot.email) for bot in review.organisation.bots)),
        table("Keys of roles", ("key", "role", "from", "until", "state"), _keys(review)),
        table("Stops in force", ("stop", "incident", "reason"),
               ((stop.name, stop.incident, stop.reason) for stop in review.stops)),
        CLOSED,
    )  # fmt: skip
    return "\n".join(parts)


def _notices(notices: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(notice)}</li>" for notice in notices)
    shown = f'<ul class="notices">{items}</ul>' if items else "<p>Nothing stands out.</p>"
    return f"<h2>To look at</h2>\n{shown}"


def _person(one: PersonReview) -> tuple[str, ...]:
    person = one.person
    accounts = ", ".join(f"{host}: {account}" for host, account in sorted(person.accounts.items()))
    may = "; ".join(f"{grant.action} {grant.about}" for grant in one.grants)
    who = f"{person.name} ({person.id})"
    return who, accounts, str(len(person.ssh_keys)), ", ".join(one.groups), may


def _ways(review: AccessReview) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(path for one in review.people for path in one.paths))


def _way(path: Path) -> tuple[str, ...]:
    steps = " > ".join(
        f"{step.change_class} {step.path} by {step.author or 'derivation'}" for step in path.steps
    )
    return " + ".join(path.people), path.environment, "high" if path.high_risk else "any", steps


def _keys(review: AccessReview) -> Iterator[tuple[str, ...]]:
    for key in review.keys:
        ends = min(key.valid_until, key.revoked_at or key.valid_until)
        days = f"{key.valid_from:%Y-%m-%d}", f"{ends:%Y-%m-%d}"
        yield (key.name, key.role, *days, state_of(key, review.at))
