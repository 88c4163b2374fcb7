"""``turnpike pages serve``: which address browsers come by, and which are refused."""

from __future__ import annotations

import pytest

from turnpike.cli.pages import _address, _declared_address, _is_loopback
from turnpike.errors import UsageError
from turnpike.topology.organisation import SignOn


@pytest.mark.parametrize("url", [
    "https://turnpike.example.org", "https://turnpike.example.org:8443/", "http://127.0.0.1:8084",
    "http://localhost:1", "http://[::1]:8084",
])  # fmt: skip
def test_browsers_come_over_tls_or_on_loopback(url: str) -> None:
    assert _address(url) == url.rstrip("/")


@pytest.mark.parametrize("url", [
    "http://turnpike.example.org", "turnpike.example.org", "https://", "https://a.example.org/x",
    "https://a.example.org?x", "ftp://127.0.0.1", "http://127.0.0.1.example.org",
])  # fmt: skip
def test_no_other_address_is_one(url: str) -> None:
    with pytest.raises(UsageError, match="--url: expected https"):
        _address(url)


@pytest.mark.parametrize(("host", "is_one"), [
    ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
    ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.example.org", False),  # noqa: S104
])  # fmt: skip
def test_loopback_is_nothing_else(host: str, is_one: bool) -> None:
    assert _is_loopback(host) is is_one


def test_the_declared_address_counts_where_none_is_given() -> None:
    pages = {"id": "p", "address": "https://turnpike.example.org"}
    value = {"issuer": "https://sso.example.org", "host": "gitea", "clients": {"pages": pages}}
    assert _declared_address(SignOn.model_validate(value)) == "https://turnpike.example.org"
    assert _declared_address(None) is None
