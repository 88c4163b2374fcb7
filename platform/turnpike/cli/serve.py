"""``turnpike serve``: serve exactly what an environment's releases say, on this machine."""

from __future__ import annotations

import signal
import sys
import threading

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, progress
from turnpike.cli.wiring import house_here
from turnpike.explain.escape import for_terminal


@click.command()
@click.option("--environment", default="production", show_default=True, help="Whose releases.")
@click.option("--target", default="local", show_default=True, help="Target in the environment.")
@json_option
def command(environment: str, target: str, as_json: bool) -> None:
    """Serve the releases of main in one MLServer until Ctrl-C or SIGTERM.

    Every artifact first passes the step that its manifests.yaml renders: bytes that are not of the
    released digest are refused and not served. `turnpike predict` finds the server by itself.
    Exit code 1 when a release was refused.
    """
    from turnpike.cli.serving_environment import serving_python
    from turnpike.cluster.local import LocalServer
    from turnpike.delivery.serve import plan_serving, serve
    from turnpike.registry.store import ArtifactStore

    house = house_here()
    entries = house.host.files(house.main, [f"environments/{environment}/{target}"])
    blobs = house.host.blobs(entry.object for entry in entries.values())
    files = {path: blobs[entry.object] for path, entry in entries.items()}
    plan = plan_serving(files, environment, target)
    state = house.instance.folder / "serving" / f"{environment}-{target}"
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    progress(f"verifying and loading {len(plan.planned)} models")
    with LocalServer(serving_python(), state) as server:
        store = ArtifactStore(house.instance.store())
        served = serve(plan, store, state / "artifacts", server)
        lines = [f"Serving {environment}/{target} at {server.endpoint}"]
        lines += [f"  {r.name}  version {r.version}  {r.artifact}" for r in served.running]
        lines += [f"  {skipped.key}: {skipped.reason}" for skipped in served.skipped]
        lines += [f"  REFUSED {no.key}: {for_terminal(no.message)}" for no in served.refused]
        running: list[JsonValue] = [
            {"model": r.name, "version": r.version, "artifact": r.artifact} for r in served.running
        ]
        refused: list[JsonValue] = [
            {"deployment": str(no.key), "message": no.message} for no in served.refused
        ]
        emit(as_json, {"endpoint": server.endpoint, "running": running, "refused": refused}, lines)
        sys.stdout.flush()
        while not stopped.wait(1.0):
            server.running()  # raises once the server has died
    sys.exit(1 if served.refused else 0)
