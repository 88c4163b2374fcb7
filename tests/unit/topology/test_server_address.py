from __future__ import annotations

import pytest

from turnpike.topology.server_address import is_server_address


@pytest.mark.parametrize(
    "address",
    [
        "http://mlflow:5000",
        "https://git.example.org",
        "https://git.example.org/below/a/path/",
        "http://[::1]:3000",
    ],
)
def test_a_server_with_or_without_port_and_path(address: str) -> None:
    assert is_server_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "git.example.org",
        "ftp://git.example.org",
        "https://",
        "https://name:secret@git.example.org",
        "https://name@git.example.org",
        "https://git.example.org/path?token=secret",
        "https://git.example.org/#part",
        "http://[::1",
        "http://git.example.org:123456",
        "http://git.example.org\n",
    ],
)
def test_what_is_no_server_or_carries_an_account(address: str) -> None:
    assert not is_server_address(address)
