from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from turnpike.topology.organisation import Pipeline
from turnpike.webhooks.delivery import Delivery
from turnpike.webhooks.pipeline import Pipelines
from turnpike.webhooks.queue import Queue, opened
from turnpike.webhooks.reception import LARGEST_BODY, Door, listening
from unit.webhooks.test_delivery import PULL, delivery, sender

NOBODYS = Pipelines(tuple, lambda issuer: pytest.fail(f"{issuer} was asked for keys"))


@contextmanager
def door(folder: Path, most: int = 10) -> Iterator[tuple[int, Queue]]:
    with (
        opened(folder, most) as queue,
        listening(Door(sender("github"), queue), "127.0.0.1", 0) as at,
    ):
        yield at, queue


def sent(port: int, what: Delivery, path: str = "/webhooks", method: str = "POST") -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, what.body, dict(what.headers))
        return connection.getresponse().status
    finally:
        connection.close()


def taken(port: int, what: Delivery) -> int:
    """Send until there is room at the door, which asks for patience when the disk is slow."""
    while (status := sent(port, what)) == 503:
        pass
    return status


def pull(number: int, name: str) -> Delivery:
    made = delivery("github", PULL | {"pull_request": {"number": number}, "told": name})
    return Delivery({**made.headers, "x-github-delivery": name}, made.body)


def test_a_webhook_is_noted_before_it_is_answered(tmp_path: Path) -> None:
    with door(tmp_path) as (port, queue):
        assert sent(port, pull(7, "a")) == 202
        assert queue.waiting() == (7,)


def test_a_doubled_or_replayed_one_is_noted_once(tmp_path: Path) -> None:
    with door(tmp_path) as (port, queue):
        assert sent(port, pull(7, "a")) == 202
        job = queue.take(0.0)
        assert job is not None
        queue.done(job)
        assert sent(port, pull(7, "a")) == 202
        assert queue.waiting() == ()
        assert sent(port, pull(7, "b")) == 202
        assert queue.waiting() == (7,)


def test_a_forged_one_gets_nowhere(tmp_path: Path) -> None:
    with door(tmp_path) as (port, queue):
        assert sent(port, delivery("github", PULL, "guessed")) == 401
        assert queue.waiting() == ()


def test_a_full_queue_asks_for_patience_and_forgets_nothing(tmp_path: Path) -> None:
    with door(tmp_path, most=1) as (port, queue):
        assert [sent(port, pull(n, f"d{n}")) for n in (1, 2)] == [202, 503]
        job = queue.take(0.0)
        assert job is not None
        assert sent(port, pull(2, "d2")) == 202
        assert queue.waiting() == (2,)


def test_what_is_no_webhook_is_told_why(tmp_path: Path) -> None:
    with door(tmp_path) as (port, _):
        assert sent(port, pull(7, "a"), path="/elsewhere") == 404
        assert sent(port, pull(7, "a"), method="GET") == 405
        assert sent(port, Delivery({}, b""), path="/healthz", method="GET") == 200


def test_a_body_too_large_is_not_read(tmp_path: Path) -> None:
    with door(tmp_path) as (port, _), socket.create_connection(("127.0.0.1", port)) as client:
        head = f"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(100).startswith(b"HTTP/1.0 413")


def test_a_body_without_a_length_is_not_waited_for(tmp_path: Path) -> None:
    with door(tmp_path) as (port, _), socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.0 411")


def test_a_body_of_two_lengths_or_in_chunks_is_not_read(tmp_path: Path) -> None:
    """A proxy in front may see another body than this."""
    for heads in ("Content-Length: 2\r\nContent-Length: 3", "Transfer-Encoding: chunked",
                  "Content-Length: 2\r\nTransfer-Encoding: chunked"):  # fmt: skip
        with door(tmp_path) as (port, _), socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(f"POST /webhooks HTTP/1.1\r\nHost: x\r\n{heads}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.0 411")


def test_a_length_that_no_machine_has_is_too_large(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with door(tmp_path) as (port, _), socket.create_connection(("127.0.0.1", port)) as client:
        digits = "9" * 5000  # Python itself refuses to read more than 4300
        client.sendall(f"POST /webhooks HTTP/1.1\r\nContent-Length: {digits}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.0 413")
    assert capfd.readouterr().err == ""


def test_who_drips_letters_is_left_after_a_while(tmp_path: Path) -> None:
    with (
        opened(tmp_path) as queue,
        listening(Door(sender("github"), queue, whole_seconds=0.5), "127.0.0.1", 0) as port,
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"POST /webhooks HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")
        assert dripped(client, 200) < 100


def dripped(client: socket.socket, most: int) -> int:
    """Send letters, twenty a second; return how many were taken."""
    for number in range(most):
        try:
            client.sendall(b"x")
        except OSError:
            return number
        time.sleep(0.05)
    return most


def test_what_the_host_sends_as_a_form_is_told(tmp_path: Path) -> None:
    """As GitHub and Gitea do where nobody chose JSON: otherwise nothing would ever happen."""
    told: list[str] = []
    sent_as = "application/x-www-form-urlencoded"
    with opened(tmp_path) as queue:
        here = Door(sender("github"), queue, tell=told.append)
        one = pull(7, "a")
        form = Delivery({**one.headers, "content-type": sent_as}, one.body)
        assert here.receive(form) == 415
        assert "application/json" in told[0]
        json = Delivery(
            {**one.headers, "content-type": "Application/JSON; charset=utf-8"}, one.body
        )
        assert here.receive(json) == 202


def test_a_disk_that_takes_nothing_asks_for_patience_and_tells(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        opened(tmp_path) as queue,
        listening(Door(sender("github"), queue, tell=told.append), "127.0.0.1", 0) as port,
    ):
        shutil.rmtree(tmp_path / "waiting")
        assert sent(port, pull(7, "a")) == 503
        assert "queue" in told[0]
        (tmp_path / "waiting").mkdir()
        assert sent(port, pull(7, "a")) == 202
        assert queue.waiting() == (7,)


def test_an_overheard_webhook_under_another_id_is_noted_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        here = Door(sender("github"), queue)
        one = pull(7, "a")
        assert here.receive(one) == 202
        job = queue.take(0.0)
        assert job is not None
        queue.done(job)
        assert here.receive(Delivery({**one.headers, "x-github-delivery": "new"}, one.body)) == 202
        assert queue.waiting() == ()


def test_strangers_at_the_pipelines_path_keep_no_webhook_out(tmp_path: Path) -> None:
    asked, go_on = threading.Semaphore(0), threading.Event()

    def slow() -> tuple[Pipeline, ...]:
        asked.release()
        go_on.wait(60)
        return ()

    pipelines = Pipelines(slow, lambda _: pytest.fail("nobody is declared"))
    ask = Delivery({"authorization": "Bearer x"}, b"{}")
    with (
        opened(tmp_path) as queue,
        listening(Door(sender("github"), queue, pipelines), "127.0.0.1", 0) as port,
    ):
        strangers = [
            threading.Thread(target=sent, args=(port, ask, "/pipelines")) for _ in range(40)
        ]
        for stranger in strangers:
            stranger.start()
        assert all(asked.acquire(timeout=60) for _ in range(8))
        began = time.monotonic()
        assert sent(port, pull(7, "a")) == 202
        assert time.monotonic() - began < 5
        go_on.set()
        for stranger in strangers:
            stranger.join()


def test_a_hundred_at_once_lose_nothing(tmp_path: Path) -> None:
    told: list[int] = []
    with door(tmp_path, most=1000) as (port, queue):
        callers = [
            threading.Thread(target=lambda n=n: told.append(taken(port, pull(n % 10 + 1, f"d{n}"))))
            for n in range(100)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert told == [202] * 100
        assert set(queue.waiting()) == set(range(1, 11))


def test_a_pipelines_path_is_there_for_posts_alone_and_only_where_it_is_meant(
    tmp_path: Path,
) -> None:
    body = Delivery({}, b'{"pullRequest": 7}')
    with door(tmp_path) as (port, queue):
        assert sent(port, body, "/pipelines") == 404
    with (
        opened(tmp_path) as queue,
        listening(Door(sender("github"), queue, NOBODYS), "127.0.0.1", 0) as port,
    ):
        assert sent(port, body, "/pipelines") == 401
        assert sent(port, body, "/pipelines", "GET") == 405
        assert queue.waiting() == ()
