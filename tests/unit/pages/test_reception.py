from __future__ import annotations

from http.client import HTTPConnection

import pytest

from turnpike.judge.sight import Sight
from turnpike.pages.door import Door
from turnpike.pages.interface import Visitor
from turnpike.pages.reception import bound, serving


class OnePage:
    paths = frozenset(("/",))

    def visitor(self, account: str) -> Visitor:
        return Visitor(account, Sight(whole=True))

    def page(self, path: str, visitor: Visitor) -> str | None:
        return f"{path} Grüße {visitor.person}"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 200), ("GET", "/no", 404), ("POST", "/", 405)]
)
def test_what_comes_over_a_socket_meets_the_door(method: str, path: str, status: int) -> None:
    with bound("127.0.0.1", 0) as server:
        here = f"127.0.0.1:{server.server_port}"
        with serving(server, Door(OnePage(), frozenset((here,)), None, is_secure=False)):
            connection = HTTPConnection(here, timeout=60)
            connection.request(method, path, headers={"Host": here.upper()})
            answer = connection.getresponse()
            body = answer.read().decode()
            connection.close()
    assert answer.status == status
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert ("Grüße" in body) == (status == 200)


def test_a_port_is_known_before_anybody_is_let_in() -> None:
    with bound("127.0.0.1", 0) as server:
        assert server.server_port > 0
