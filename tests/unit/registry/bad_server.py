"""A server that answers one fixed thing to every request: the ways in which a registry breaks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket, bytes], None]


def says(text: str) -> Talk:
    """Return a talk that sends a text as it is."""
    return lambda client, _: client.sendall(text.encode())


def answers(body: str, status: str = "200 OK", kind: str = "application/json") -> Talk:
    """Return a talk that sends a whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}"
    return says(f"{head}\r\nConnection: close\r\n\r\n{body}")


def echoes(client: socket.socket, request: bytes) -> None:
    """Send back the head of the request as the body."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(request) + request)


def stays_silent(client: socket.socket, _: bytes) -> None:
    """Send nothing until the other side gives up."""
    with suppress(OSError):
        client.recv(1)


def drips(client: socket.socket, _: bytes) -> None:
    """Send one byte of a body again and again, without end."""
    _drip(client, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" ")


def drips_its_head(client: socket.socket, _: bytes) -> None:
    """Send one byte of a header again and again, without end."""
    _drip(client, b"HTTP/1.1 200 OK\r\nX-Endless: ", b"a")


def _drip(client: socket.socket, begins: bytes, goes_on: bytes) -> None:
    client.sendall(begins)
    with suppress(OSError):
        while True:
            client.sendall(goes_on)
            time.sleep(0.2)


@contextmanager
def server(talk: Talk) -> Iterator[str]:
    """Yield the address of a server that talks so to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, talk), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            # On Linux a thread that waits in accept() is woken by shutdown(), not by close(). One
            # that outlived it would take the connections of whoever gets its file's number next.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, talk: Talk) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_talk, args=(client, talk), daemon=True).start()


def _talk(client: socket.socket, talk: Talk) -> None:
    with client, suppress(OSError):
        received = b""
        while not _is_whole(received):
            if not (more := client.recv(65536)):
                return
            received += more
        talk(client, received)


def _is_whole(request: bytes) -> bool:
    """Tell whether head and body are here: what stays unread would cut the answer off."""
    head, end, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    return bool(end) and len(body) >= sum(int(line.partition(b":")[2]) for line in lengths)
