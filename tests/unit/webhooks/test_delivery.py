from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from turnpike.webhooks.delivery import Delivery, Sender, fingerprint

KNOWN = "known-to-both-sides"
HERE = "aurora/monorepo"
PULL = {"action": "opened", "pull_request": {"number": 7}, "repository": {"full_name": HERE}}
REQUEST = {
    "object_kind": "merge_request",
    "object_attributes": {"iid": 7, "action": "open"},
    "project": {"path_with_namespace": HERE},
}
HOSTS = ("github", "gitea", "gitlab")


def sender(host: str) -> Sender:
    return Sender(host, HERE, KNOWN)


def delivery(host: str, value: Any, secret: str = KNOWN, kind: str = "pull_request") -> Delivery:
    """Return what a host sends that knows the secret."""
    body = json.dumps(value).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if host == "gitlab":
        kind = "Merge Request Hook" if kind == "pull_request" else kind
        return Delivery({"x-gitlab-token": secret, "x-gitlab-event": kind}, body)
    signature = {
        "github": {"x-hub-signature-256": f"sha256={digest}"},
        "gitea": {"x-gitea-signature": digest},
    }[host]
    return Delivery({**signature, f"x-{host}-event": kind, f"x-{host}-delivery": "d-1"}, body)


def event(host: str) -> dict[str, Any]:
    return REQUEST if host == "gitlab" else PULL


@pytest.mark.parametrize("host", HOSTS)
def test_only_who_knows_the_secret_has_signed(host: str) -> None:
    assert sender(host).signed(delivery(host, event(host)))
    assert not sender(host).signed(delivery(host, event(host), "guessed"))
    assert not sender(host).signed(Delivery({}, b"{}"))


@pytest.mark.parametrize("host", ["github", "gitea"])
def test_a_changed_body_is_not_signed(host: str) -> None:
    sent = delivery(host, PULL)
    assert not sender(host).signed(Delivery(sent.headers, sent.body.replace(b"7", b"8")))


@pytest.mark.parametrize("host", HOSTS)
def test_a_signature_of_another_host_is_none(host: str) -> None:
    for other in set(HOSTS) - {host}:
        assert not sender(host).signed(delivery(other, event(other)))


def test_letters_outside_ascii_are_no_signature_and_no_crash() -> None:
    assert not sender("github").signed(Delivery({"x-hub-signature-256": "sha256=é"}, b"{}"))


@pytest.mark.parametrize("host", HOSTS)
def test_it_says_which_pull_request_to_look_at(host: str) -> None:
    assert sender(host).number_in(delivery(host, event(host))) == 7


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "value",
    [
        [], {}, "x", None, 7,
        PULL | {"repository": {"full_name": "somebody/else"}},
        REQUEST | {"project": {"path_with_namespace": "somebody/else"}},
        PULL | {"pull_request": {"number": -1}},
        REQUEST | {"object_attributes": {"iid": "7; rm", "action": "open"}},
        PULL | {"action": "closed"},
        REQUEST | {"object_attributes": {"iid": 7, "action": "merge"}},
    ],
)  # fmt: skip
def test_anything_else_is_about_no_pull_request(host: str, value: Any) -> None:
    assert sender(host).number_in(delivery(host, value)) is None


def test_what_the_bot_writes_calls_nobody() -> None:
    for kind in ("pull_request_comment", "issue_comment", "status", "push", "ping"):
        for host in ("github", "gitea"):
            assert sender(host).number_in(delivery(host, PULL, kind=kind)) is None
    assert sender("gitlab").number_in(delivery("gitlab", REQUEST, kind="Note Hook")) is None


def test_what_is_no_json_or_too_deep_is_about_nothing() -> None:
    for body in (b"", b"\xff", b"[" * 100_000):
        assert (
            sender("github").number_in(Delivery({"x-github-event": "pull_request"}, body)) is None
        )


def test_a_delivery_is_known_again_by_its_name_alone() -> None:
    one = delivery("github", PULL)
    other = Delivery(one.headers, b"{}")
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(Delivery({"x-github-delivery": "d-2"}, one.body))


def test_gitlabs_event_uuid_names_no_delivery() -> None:
    sent = Delivery({"x-gitlab-event-uuid": "shared", "x-gitlab-webhook-uuid": "shared"}, b"")
    assert sent.id == ""


def test_the_secret_is_in_no_picture() -> None:
    assert KNOWN not in repr(sender("github"))
