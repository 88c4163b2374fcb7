from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection

from turnpike.bounded_server import MOST_CONNECTIONS, Handler, Server, running


class Echo(Handler):
    """Says the path that it is asked for."""

    def meet(self) -> None:
        self.say(HTTPStatus.OK, (("X-Own", "a"), ("X-Own", "b")), self.path.encode())


@contextmanager
def listening(handler: type[Handler] = Echo) -> Iterator[int]:
    with Server(("127.0.0.1", 0), handler) as server, running(server):
        yield server.server_port


def asked(port: int, path: str = "/") -> tuple[int, bytes, list[str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get_all("X-Own", [])
    finally:
        connection.close()


def heard(client: socket.socket) -> bytes:
    """Return all that comes until the other side ends it, by closing or by a reset."""
    said = b""
    try:
        while block := client.recv(4096):
            said += block
    except ConnectionError:
        pass
    return said


def test_an_answer_is_whole_and_the_last_of_its_connection() -> None:
    with listening() as port, socket.create_connection(("127.0.0.1", port), 60) as client:
        assert asked(port, "/a") == (200, b"/a", ["a", "b"])
        client.sendall(b"GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n")
        said = heard(client)
        assert said.count(b"HTTP/1.0 200") == 1
        assert said.endswith(b"/b")


def test_it_tells_nobody_which_python_it_is() -> None:
    with listening() as port, socket.create_connection(("127.0.0.1", port), 60) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert b"Python" not in heard(client)


def test_who_drips_a_head_is_left_without_an_answer() -> None:
    hurried = type("Hurried", (Echo,), {"whole_seconds": 0.5})
    with (
        listening(hurried) as port,
        socket.create_connection(("127.0.0.1", port), 60) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
        try:
            for _ in range(1200):
                client.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            return
        raise AssertionError("a minute of letters, and it still listened")


def test_a_crowd_that_says_nothing_keeps_nobody_else_out_for_ever() -> None:
    hurried = type("Hurried", (Echo,), {"whole_seconds": 2.0})
    with listening(hurried) as port, ExitStack() as crowd:
        for _ in range(MOST_CONNECTIONS + 20):
            crowd.enter_context(socket.create_connection(("127.0.0.1", port), 60))
        with socket.create_connection(("127.0.0.1", port), 60) as late:
            assert heard(late) == b"", "closed at once: there is no seat"
        for _ in range(600):
            try:
                assert asked(port)[0] == 200
            except (ConnectionError, OSError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError("a minute later there was still no seat")
