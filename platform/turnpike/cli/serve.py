"""``turnpike serve``: serve exactly what an environment's releases say, on this machine."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option
from turnpike.cli.site import Site
from turnpike.cli.wiring import house_here
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.cluster.local import LocalServer
    from turnpike.delivery.serve import Served

_LOOK_EVERY_SECONDS = 0.5
_STOPPING = (signal.SIGTERM, signal.SIGINT)


@click.command()
@click.option("--environment", default="production", show_default=True, help="Whose releases.")
@click.option("--target", default="local", show_default=True, help="Target in the environment.")
@json_option
def command(environment: str, target: str, as_json: bool) -> None:
    """Serve the releases of main in one MLServer until Ctrl-C or SIGTERM, and follow main.

    Every artifact first passes the step that its manifests.yaml renders: bytes that are not of the
    released digest are refused and not served. When the releases on main change, so does what is
    served, and it is told again. `turnpike predict` finds the server by itself. Exit code 1 when
    a release of the last state was refused.
    """
    from turnpike.cli.serving_environment import serving_python
    from turnpike.cluster.local import LocalServer

    site = Site(house_here(), environment, target)
    site.declared()
    served: Served | None = None
    for number in _STOPPING:
        signal.signal(number, _stop)
    try:
        with LocalServer(serving_python(), site.state) as server:
            for served in _states(site, server):
                _tell(site, served, server, as_json)
    except KeyboardInterrupt:
        if served is None:  # nothing was served yet
            raise
    sys.exit(1 if served and served.refused else 0)


def _states(site: Site, server: LocalServer) -> Iterator[Served]:
    """Serve and yield what the releases say now, and again whenever they say something else."""
    said = site.said()
    yield site.serve(said, server)
    while True:
        time.sleep(_LOOK_EVERY_SECONDS)
        server.running()  # raises once the server has died
        if (says := site.said()) != said:
            said = says
            yield site.serve(said, server)


def _stop(*_: object) -> None:
    """End what is being done; a second Ctrl-C must not break the stopping."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _tell(site: Site, served: Served, server: LocalServer, as_json: bool) -> None:
    """Print what is served now, all at once: others follow what stands there."""
    lines = [f"Serving {site} at {server.endpoint}"]
    if not (served.running or served.skipped or served.refused):
        lines.append("  nothing is released here; `turnpike status` shows what is released where")
    lines += [f"  {r.name}  version {r.version}  {r.artifact}" for r in served.running]
    lines += [f"  {one.key}: {one.reason}" for one in served.skipped]
    lines += [f"  REFUSED {no.key}: {for_terminal(no.message)}" for no in served.refused]
    running: list[JsonValue] = [
        {"model": r.name, "version": r.version, "artifact": r.artifact} for r in served.running
    ]
    refused: list[JsonValue] = [
        {"deployment": str(no.key), "message": no.message} for no in served.refused
    ]
    skipped: list[JsonValue] = [
        {"deployment": str(one.key), "reason": one.reason} for one in served.skipped
    ]
    value = {
        "endpoint": server.endpoint,
        "running": running,
        "skipped": skipped,
        "refused": refused,
    }
    emit(as_json, value, ["\n".join(lines)])
    sys.stdout.flush()
