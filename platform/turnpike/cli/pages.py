"""``turnpike pages``: the instance's pages in a browser, behind the company's sign-in."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from turnpike.cli.output import emit, json_option
from turnpike.cli.secret import secret_in
from turnpike.errors import InputError, UsageError

if TYPE_CHECKING:
    from turnpike.pages.door import SignOn
    from turnpike.topology.organisation import SignOn as Declared

_SECRET = "TURNPIKE_PAGES_CLIENT_SECRET"  # noqa: S105 - a variable's name


@click.group()
def command() -> None:
    """Show models, calendar, cost and access in a browser, as main has them."""


@command.command("serve")
@click.option("--listen", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8084, show_default=True, type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one.",
)  # fmt: skip
@click.option(
    "--url",
    metavar="URL",
    help="Address by which browsers come; default: what signOn says, else where it listens.",
)
@json_option
def serve(listen: str, port: int, url: str | None, as_json: bool) -> None:
    """Serve the instance's pages, to be read only, until Ctrl-C.

    People sign in at the provider that signOn in organisation.yaml names, where this server is the
    client `pages`, with URL/sign-in/callback as its redirect; a client's secret comes from
    TURNPIKE_PAGES_CLIENT_SECRET, or from the file that TURNPIKE_PAGES_CLIENT_SECRET_FILE names.
    What somebody sees follows from `access` and from the groups that main has them in at that
    request. A session ends after 15 minutes; then the provider is asked again who it is.

    Without signOn nobody signs in, and it serves on loopback alone.
    """
    from turnpike.cli.pages_site import InstanceSite
    from turnpike.cli.wiring import house_here, now
    from turnpike.pages.door import Door
    from turnpike.pages.reception import bound, serving

    house = house_here()
    declared = house.organisation.sign_on
    if declared is None and not _is_loopback(listen):
        raise UsageError(
            f"--listen: expected an address of loopback where nobody signs in, found {listen}",
            solution="Declare signOn in policies/data/organisation.yaml, or listen on 127.0.0.1.",
        )
    site, stop = InstanceSite(house.instance, now), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        server = stack.enter_context(bound(listen, port))
        here = f"127.0.0.1:{server.server_port}"
        address = _address(url or _declared_address(declared) or f"http://{here}")
        sign_on = _sign_on(stack, declared, address) if declared else None
        hosts = frozenset(
            (here, f"localhost:{server.server_port}", urlsplit(address).netloc.lower())
        )
        door = Door(site, hosts, sign_on, address.startswith("https://"))
        stack.enter_context(serving(server, door))
        told = f"signing in at {declared.issuer}" if declared else _OPEN
        value = {"serving": address, "signIn": declared.issuer if declared else None}
        emit(as_json, value, [f"Serving at {address}", told])
        sys.stdout.flush()
        stop.wait()


_OPEN = (
    "no sign-in is configured: on loopback only, where whoever is on this machine sees everything"
)


def _sign_on(stack: ExitStack, declared: Declared, address: str) -> SignOn:
    """Return how people come in; raises InputError where the pages are no client."""
    from turnpike.pages.door import CALLBACK, SignOn
    from turnpike.signon.login import Logins
    from turnpike.signon.provider import Client, Provider
    from turnpike.signon.session import Sessions

    client = declared.clients.get("pages")
    if client is None:
        raise InputError(
            "policies/data/organisation.yaml: expected signOn.clients.pages, found none",
            code="sign-in.no-client",
            solution="Register the pages at the provider, and name the client there.",
        )
    # A public client has none: PKCE alone protects it.
    at_provider = Client(client.id, secret_in(os.environ, _SECRET) or "")
    provider = Provider(declared.issuer)
    stack.callback(provider.close)
    logins = Logins(provider, at_provider, f"{address}{CALLBACK}", time.monotonic)
    return SignOn(logins, Sessions(), declared.claim)


def _declared_address(declared: Declared | None) -> str | None:
    client = declared.clients.get("pages") if declared else None
    return client.address if client else None


def _address(url: str) -> str:
    """Return the address by which browsers come; raises UsageError for one that is none."""
    address = url.rstrip("/")
    parts = urlsplit(address)
    plain = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if not parts.netloc or parts.path or parts.query or not (parts.scheme == "https" or plain):
        raise UsageError(
            f"--url: expected https://HOST[:PORT], or http on loopback, found {address}",
            solution="TLS belongs to the proxy before this server; name the proxy's address.",
        )
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
