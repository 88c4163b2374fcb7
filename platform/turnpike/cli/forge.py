"""``turnpike forge``: the Git host of an instance, when it is not the embedded one."""

from __future__ import annotations

import sys

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, table

HOSTS = ["gitea", "github", "gitlab"]


@click.group()
def command() -> None:
    """Connect an instance to its Git host, and keep that host's branches locked.

    Tokens come from TURNPIKE_GITEA_TOKEN, TURNPIKE_GITHUB_TOKEN or TURNPIKE_GITLAB_TOKEN, or from
    the file that the same name with _FILE names, and are never printed or written down.
    """


@command.command()
@click.option(
    "--host",
    type=click.Choice(HOSTS),
    required=True,
    help="What kind of host.",
)
@click.option("--address", required=True, metavar="URL", help="Such as https://github.com.")
@click.option("--repository", required=True, metavar="OWNER/NAME", help="An empty one.")
@click.option("--bot", default="turnpike-bot", show_default=True, help="The gate's account there.")
@json_option
def connect(host: str, address: str, repository: str, bot: str, as_json: bool) -> None:
    """Push main and the record to an empty repository, and go on with it as the host.

    Run it with a token of the bot, then lock the branches with `turnpike forge protect` and a
    token of an administrator. Running it again changes nothing.
    """
    from turnpike.cli.described import described
    from turnpike.cli.wiring import House, house_here
    from turnpike.instance.connect import save, with_host
    from turnpike.topology.instance import HostAddress

    house = house_here()
    fields = {"host": host, "address": address, "repository": repository, "bot": bot}
    connected = with_host(house.instance, described(HostAddress, fields, "forge connect"))
    moved = House(connected).remote().begin()
    save(connected)  # only now: what could not be reached is not connected to
    lines = [
        f"Connected to {repository} at {address}: {', '.join(moved) or 'everything is there'}",
        "next: turnpike forge protect, with a token of an administrator",
    ]
    emit(as_json, {"host": host, "repository": repository, "pushed": list(moved)}, lines)


@command.command()
@json_option
def protect(as_json: bool) -> None:
    """Let nobody but the bot push to main and the record, administrators included."""
    from turnpike.cli.wiring import house_here

    house = house_here()
    at = house.address()
    house.lock().protect()
    emit(as_json, {"repository": at.repository, "bot": at.bot}, [f"Only {at.bot} moves main now."])


@command.command()
@json_option
def check(as_json: bool) -> None:
    """Show every setting of the host by which somebody else than the bot could move main.

    Exit code 1 when there is one.
    """
    from turnpike.cli.wiring import house_here

    found = house_here().lock().problems()
    rows = [(one.branch, one.setting, one.expected, one.actual) for one in found]
    value: list[JsonValue] = [
        {"branch": r[0], "setting": r[1], "expected": r[2], "actual": r[3]} for r in rows
    ]
    lines = table(("branch", "setting", "expected", "found"), rows) if rows else ["Locked."]
    emit(as_json, value, lines)
    sys.exit(1 if found else 0)
