"""``turnpike serve-webhooks``: judge pull requests as soon as their Git host says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, progress
from turnpike.cli.secret import required_secret
from turnpike.errors import TurnpikeError

if TYPE_CHECKING:
    from turnpike.instance.instance import Instance
    from turnpike.signon.identity_token import FindKey
    from turnpike.topology.organisation import Pipeline
    from turnpike.webhooks.pipeline import Pipelines
    from turnpike.webhooks.worker import Worker

_NEXT_STEP = "Set the one that the webhook was made with at the Git host."
_PRODUCT = Path(__file__).resolve().parents[3]
_LOOK_EVERY_SECONDS = 0.5
_LONGEST_LOOK = 1800
_MAIN_EVERY_SECONDS = 30.0
_FAILED_FOR_SECONDS = 10.0
_AFTER_TROUBLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges in a process of its own, which goes on in main's code: a new main needs no restart."""

    folder: Path
    program: tuple[str, ...] = (str(_PRODUCT / "turnpike"),)
    longest_seconds: float = _LONGEST_LOOK

    def look(self, number: int) -> int:
        """Run ``turnpike pr merge`` on a pull request, and return its exit code.

        In a session of its own: Ctrl-C is for the service, which then waits for the work in hand.
        """
        command = [*self.program, "pr", "merge", str(number), "--json"]
        child = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            code = child.wait(self.longest_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            code = child.wait()
        progress(f"pull request {number}: exit code {code}")
        return code


@dataclass
class Declared:
    """The pipelines that main declares; main is looked at twice a minute, however many ask.

    Where it can't be read, all are told so for ten seconds: a host that is down is not asked more.
    """

    read: Callable[[], tuple[Pipeline, ...]]
    lock: threading.Lock = field(default_factory=threading.Lock)
    found: tuple[Pipeline, ...] = ()
    looked_at: float | None = None
    failure: TurnpikeError | None = None
    failed_at: float = 0.0

    def pipelines(self) -> tuple[Pipeline, ...]:
        """Return them; raises CannotDecide where the host does not tell where main is."""
        with self.lock:
            now = time.monotonic()
            if self.failure and now - self.failed_at < _FAILED_FOR_SECONDS:
                raise self.failure
            if self.looked_at is None or now - self.looked_at > _MAIN_EVERY_SECONDS:
                try:
                    self.found, self.failure = self.read(), None
                except TurnpikeError as error:
                    self.failure, self.failed_at = error, time.monotonic()
                    raise
                self.looked_at = now
            return self.found


def _of_main(instance: Instance) -> tuple[Pipeline, ...]:
    from turnpike.cli.wiring import House

    house = House(instance)
    try:
        return house.organisation.pipelines
    finally:
        house.host.close()


def _pipelines(stack: ExitStack, instance: Instance) -> Pipelines:
    """Return the pipelines of main, with the providers that sign for their runs."""
    from turnpike.signon.provider import Provider
    from turnpike.webhooks.pipeline import Pipelines

    providers: dict[str, Provider] = {}

    def keys(issuer: str) -> FindKey:
        if issuer not in providers:
            providers[issuer] = Provider(issuer)
            stack.callback(providers[issuer].close)
        return providers[issuer].key

    return Pipelines(Declared(lambda: _of_main(instance)).pipelines, keys)


def _work(worker: Worker, stop: threading.Event) -> None:
    """Work off the queue until the end; a full disk is told, and waited for."""
    while not stop.is_set():
        try:
            if worker.step() is None:
                stop.wait(_LOOK_EVERY_SECONDS)
        except OSError as error:
            progress(f"{error.filename or 'the queue'}: {error.strerror or error}; trying again")
            stop.wait(_AFTER_TROUBLE_SECONDS)


@click.command()
@click.option("--listen", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8083,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one.",
)
@json_option
def command(listen: str, port: int, as_json: bool) -> None:
    """Listen for the Git host's webhooks; judge each pull request, and merge it if it is allowed.

    Let the host send pull request and review events as JSON to http://ADDRESS:PORT/webhooks. The
    secret that it signs with comes from TURNPIKE_WEBHOOK_SECRET, or from the file that
    TURNPIKE_WEBHOOK_SECRET_FILE names (GitLab's signing token too, which begins with whsec_); the
    bot's token as everywhere.

    Runs of a pipeline that organisation.yaml declares may POST {"pullRequest": NUMBER} to
    http://ADDRESS:PORT/pipelines, with the token that their CI system signed for the run.

    A webhook only says which pull request to look at. It is noted on disk before it is answered, in
    the instance's webhooks/ folder, and looked at by `turnpike pr merge`, one at a time: which
    judges, records, comments, and merges what is allowed. What could not be decided is tried again.
    Ctrl-C ends it after the work in hand; what waits is there at the next start.
    """
    from turnpike.cli.wiring import house_here
    from turnpike.webhooks.delivery import Sender, require_usable
    from turnpike.webhooks.queue import opened
    from turnpike.webhooks.reception import PATH, Door, listening
    from turnpike.webhooks.worker import Worker

    house = house_here()
    at = house.address()
    secret = required_secret(os.environ, "TURNPIKE_WEBHOOK_SECRET", _NEXT_STEP)
    require_usable(at.host, secret)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    folder = house.instance.folder
    with opened(folder / "webhooks") as queue, ExitStack() as stack:
        worker = Worker(queue, Judging(folder).look, time.time)
        door = Door(
            Sender(at.host, at.repository, secret), queue, _pipelines(stack, house.instance),
            tell=progress,
        )  # fmt: skip
        with listening(door, listen, port) as bound:
            url = f"http://{listen}:{bound}{PATH}"
            value: JsonValue = {"listening": url, "waiting": list(queue.waiting())}
            emit(as_json, value, [f"Listening at {url}"])
            sys.stdout.flush()
            _work(worker, stop)
