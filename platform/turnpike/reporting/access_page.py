"""An access review as one HTML page for auditors: no script, nothing from elsewhere, escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from turnpike.judge.access import Grant
from turnpike.judge.segregation import Path
from turnpike.reporting.access_review import AccessReview, PersonReview, state_of

_STYLE = """\
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;
color:#1b1f24}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .3rem}
p,.quiet{color:#57606a;margin:.3rem 0 1rem}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #d8dee4;padding:.3rem .5rem;text-align:left;vertical-align:top}
.notices li{background:#fff8c5;border-left:4px solid #9a6700;list-style:none;margin:3px 0;
padding:2px 8px}.notices{padding:0}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
"""


def page_of(review: AccessReview, commit: str) -> str:
    """Return the page about one commit, or about a folder where that is empty."""
    title = f"Access review of {review.organisation.name}"
    source = f"commit {commit}" if commit else "a folder that is no commit"
    parts = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title><style>\n{_STYLE}</style></head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>As {escape(source)} says it, on {review.at:%Y-%m-%d %H:%M} UTC.</p>",
        _notices(review.notices),
        _table("People", ("who", "accounts", "keys", "groups", "may"), map(_person, review.people)),
        _table("What may be done, and by whom",
               ("action", "about", "how many of whom", "people", "source"),
               map(_grant, review.grants)),
        _table("Ways to production that two people could take",
               ("who", "to", "tier", "by"), map(_way, _ways(review))),
        _table("Bots, which approve nothing", ("bot", "address"),
               ((bot.id, bot.email) for bot in review.organisation.bots)),
        _table("Keys of roles", ("key", "role", "from", "until", "state"), _keys(review)),
        _table("Stops in force", ("stop", "incident", "reason"),
               ((stop.name, stop.incident, stop.reason) for stop in review.stops)),
        "</body></html>\n",
    )  # fmt: skip
    return "\n".join(parts)


def _notices(notices: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(notice)}</li>" for notice in notices)
    shown = f'<ul class="notices">{items}</ul>' if items else "<p>Nothing stands out.</p>"
    return f"<h2>To look at</h2>\n{shown}"


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows
    )
    if not body:
        return f"<h2>{escape(title)}</h2>\n<p>None.</p>"
    return (
        f"<h2>{escape(title)}</h2>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table>"
    )


def _person(one: PersonReview) -> tuple[str, ...]:
    person = one.person
    accounts = ", ".join(f"{host}: {account}" for host, account in sorted(person.accounts.items()))
    may = "; ".join(f"{grant.action} {grant.about}" for grant in one.grants)
    who = f"{person.name} ({person.id})"
    return who, accounts, str(len(person.ssh_keys)), ", ".join(one.groups), may


def _grant(grant: Grant) -> tuple[str, ...]:
    many = f"{grant.count} of {' or '.join(grant.groups) or 'nobody known'}"
    return grant.action, grant.about, many, ", ".join(grant.people), grant.source


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
