from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

import pytest

from turnpike.errors import InputError
from turnpike.webhooks.delivery import Delivery, Sender, headers_of, require_usable

KNOWN = "known-to-both-sides"
NOW = 1_800_000_000.0
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
    assert sender(host).signed(delivery(host, event(host)), NOW)
    assert not sender(host).signed(delivery(host, event(host), "guessed"), NOW)
    assert not sender(host).signed(Delivery({}, b"{}"), NOW)


@pytest.mark.parametrize("host", ["github", "gitea"])
def test_a_changed_body_is_not_signed(host: str) -> None:
    sent = delivery(host, PULL)
    altered = Delivery(sent.headers, sent.body.replace(b"7", b"8"))
    assert not sender(host).signed(altered, NOW)


@pytest.mark.parametrize("host", HOSTS)
def test_a_signature_of_another_host_is_none(host: str) -> None:
    for other in set(HOSTS) - {host}:
        assert not sender(host).signed(delivery(other, event(other)), NOW)


def test_letters_outside_ascii_are_no_signature_and_no_crash() -> None:
    strange = Delivery({"x-hub-signature-256": "sha256=é"}, b"{}")
    assert not sender("github").signed(strange, NOW)


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


@pytest.mark.parametrize("host", ["github", "gitea"])
def test_a_delivery_is_known_again_by_its_name_and_by_its_body(host: str) -> None:
    one = delivery(host, PULL)
    name = f"x-{host}-delivery"
    renamed = Delivery({**one.headers, name: "d-2"}, one.body)
    other = Delivery({**one.headers, name: "d-2"}, b"{}")
    names = set(sender(host).names_of(one))
    assert names & set(sender(host).names_of(Delivery(one.headers, b"{}")))
    assert names & set(sender(host).names_of(renamed))
    assert not names & set(sender(host).names_of(other))


def test_an_id_of_another_host_names_nothing() -> None:
    sent = delivery("gitlab", REQUEST)
    named = Delivery({**sent.headers, "idempotency-key": "d-1"}, sent.body)
    renamed = Delivery({**named.headers, "x-github-delivery": "d-2"}, sent.body)
    assert sender("gitlab").names_of(named) == sender("gitlab").names_of(renamed)
    assert len(sender("gitlab").names_of(named)) == 1


def test_gitlabs_event_uuid_names_no_delivery() -> None:
    sent = Delivery({"x-gitlab-event-uuid": "shared", "x-gitlab-webhook-uuid": "shared"}, b"")
    assert sender("gitlab").names_of(sent) == ()


KEY = b"k" * 32
SIGNING = Sender("gitlab", HERE, "whsec_" + base64.b64encode(KEY).decode())


def standard(body: bytes, at: float = NOW, name: str = "msg-1", key: bytes = KEY) -> Delivery:
    """Return what GitLab sends where the webhook has a signing token."""
    digest = hmac.new(key, f"{name}.{at:.0f}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    said = {"webhook-id": name, "webhook-timestamp": f"{at:.0f}", "webhook-signature": signature}
    return Delivery(said, body)


def test_gitlabs_signing_token_signs_id_time_and_body() -> None:
    sent = standard(b"{}")
    assert SIGNING.signed(sent, NOW)
    assert not SIGNING.signed(standard(b"{}", key=b"guessed"), NOW)
    assert not SIGNING.signed(Delivery(sent.headers, b"{} "), NOW)
    for name, said in (("webhook-id", "msg-2"), ("webhook-timestamp", f"{NOW + 1:.0f}")):
        assert not SIGNING.signed(Delivery({**sent.headers, name: said}, sent.body), NOW)
    for name in sent.headers:
        fewer = {key: said for key, said in sent.headers.items() if key != name}
        assert not SIGNING.signed(Delivery(fewer, sent.body), NOW)


def test_one_of_several_signatures_is_enough_while_a_token_is_changed() -> None:
    sent = standard(b"{}")
    both = "v1,AAAA " + sent.headers["webhook-signature"]
    assert SIGNING.signed(Delivery({**sent.headers, "webhook-signature": both}, sent.body), NOW)


@pytest.mark.parametrize("late", [-301.0, 301.0, 86_400.0])
def test_an_old_signature_is_none(late: float) -> None:
    assert SIGNING.signed(standard(b"{}"), NOW + 299)
    assert not SIGNING.signed(standard(b"{}"), NOW + late)


def test_whose_webhook_signs_does_not_take_the_token_as_it_is() -> None:
    """Otherwise whoever once saw it in a header could leave out the signature."""
    assert not SIGNING.signed(Delivery({"x-gitlab-token": SIGNING.secret}, b"{}"), NOW)


def test_what_a_signing_token_signed_is_known_by_the_id_that_it_signed() -> None:
    sent = standard(b"{}")
    more = Delivery({**sent.headers, "idempotency-key": "another"}, sent.body)
    assert SIGNING.names_of(sent) == SIGNING.names_of(more) != ()


def test_a_signing_token_that_is_none_is_told_at_once_and_not_shown() -> None:
    require_usable("gitlab", SIGNING.secret)
    require_usable("gitlab", "any other text")
    require_usable("github", "whsec_?")
    with pytest.raises(InputError, match="signing token") as refusal:
        require_usable("gitlab", "whsec_?known?")
    assert "known" not in str(refusal.value)


def test_a_secret_of_bytes_that_are_no_text_signs_as_its_bytes() -> None:
    secret = os.fsdecode(b"\xff\xfe")
    digest = hmac.new(b"\xff\xfe", b"{}", hashlib.sha256).hexdigest()
    sent = Delivery({"x-gitea-signature": digest}, b"{}")
    assert Sender("gitea", HERE, secret).signed(sent, NOW)


@pytest.mark.parametrize("host", HOSTS)
def test_a_number_that_no_host_counts_to_is_about_nothing(host: str) -> None:
    for number in (2**31, 10**300):
        value = (
            REQUEST | {"object_attributes": {"iid": number, "action": "open"}}
            if host == "gitlab"
            else PULL | {"pull_request": {"number": number}}
        )
        assert sender(host).number_in(delivery(host, value)) is None


def test_what_is_said_twice_is_no_signature() -> None:
    sent = delivery("github", PULL)
    signature = ("X-Hub-Signature-256", sent.headers["x-hub-signature-256"])
    assert sender("github").signed(Delivery(headers_of([signature]), sent.body), NOW)
    for twice in ([signature, signature], [("x-hub-signature-256", "sha256=0"), signature]):
        assert not sender("github").signed(Delivery(headers_of(twice), sent.body), NOW)


def test_the_secret_is_in_no_picture() -> None:
    assert KNOWN not in repr(sender("github"))
