"""A run that main trusts may ask the gate to look: for minutes, of one branch of one repository."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from turnpike.errors import InputError, Unavailable
from turnpike.signon.identity_token import FindKey
from turnpike.signon.refusal import refused
from turnpike.topology.organisation import Pipeline
from turnpike.webhooks.delivery import Delivery
from turnpike.webhooks.pipeline import Pipelines
from turnpike.webhooks.queue import Queue, opened
from turnpike.webhooks.reception import Door
from unit.webhooks.test_delivery import sender

ISSUER = "https://token.actions.example.org"
KEY, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
GATE = Pipeline.model_validate(
    {
        "issuer": ISSUER,
        "audience": "turnpike-gate",
        "claims": {"repository": "aurora/monorepo", "ref": "refs/heads/main"},
    }
)


def find_key(name: str | None) -> jwt.PyJWK:
    if name != "one":
        raise refused("sign-in.key", "a known key", "another")
    public = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key())
    return jwt.PyJWK.from_dict({**json.loads(public), "kid": "one", "alg": "EdDSA"})


def token(key: Ed25519PrivateKey = KEY, **bent: Any) -> str:
    now = int(time.time())
    said = {
        "iss": ISSUER, "aud": "turnpike-gate", "sub": "repo:aurora/monorepo", "iat": now,
        "exp": now + 300, "repository": "aurora/monorepo", "ref": "refs/heads/main",
    } | bent  # fmt: skip
    claims = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": "one"})


def asked(told: str, body: bytes = b'{"pullRequest": 7}') -> Delivery:
    return Delivery({"authorization": f"Bearer {told}"}, body)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def door(queue: Queue, *declared: Pipeline) -> Door:
    return Door(sender("github"), queue, Pipelines(lambda: declared, lambda _: find_key))


def test_a_run_of_the_declared_branch_is_noted(queue: Queue) -> None:
    assert door(queue, GATE).ask(asked(token())) == 202
    assert queue.waiting() == (7,)


NOW = int(time.time())


@pytest.mark.parametrize("bent", [
    {"aud": "another"}, {"aud": None}, {"iss": "https://elsewhere.example.org"},
    {"repository": "mallory/monorepo"}, {"repository": None}, {"repository": ["aurora/monorepo"]},
    {"ref": "refs/heads/mallory"}, {"ref": "refs/pull/7/merge"}, {"ref": None},
    {"iat": NOW - 900, "exp": NOW - 600}, {"exp": NOW + 86_400}, {"exp": None}, {"key": STRANGER},
], ids=str)  # fmt: skip
def test_any_other_run_is_refused(queue: Queue, bent: dict[str, Any]) -> None:
    assert door(queue, GATE).ask(asked(token(**bent))) == 401
    assert queue.waiting() == ()


def test_what_is_no_token_is_refused(queue: Queue) -> None:
    nested = base64.urlsafe_b64encode(b"[" * 40_000).rstrip(b"=").decode()
    deep = f"Bearer {nested}.{nested}.x"
    empty = base64.urlsafe_b64encode(b'{"alg":"EdDSA"}').rstrip(b"=").decode()
    deep_claims = f"Bearer {empty}.{nested}.x"
    told = ("Basic x", "Bearer x", deep, deep_claims)
    for headers in ({}, *({"authorization": one} for one in told)):
        assert door(queue, GATE).ask(Delivery(headers, b'{"pullRequest": 7}')) == 401


def test_what_main_does_not_declare_any_more_is_refused(queue: Queue) -> None:
    declared = [GATE]
    here = Door(sender("github"), queue, Pipelines(lambda: declared, lambda _: find_key))
    assert here.ask(asked(token())) == 202
    declared.clear()
    assert here.ask(asked(token())) == 401


def test_one_of_several_pipelines_is_enough(queue: Queue) -> None:
    other = GATE.model_copy(update={"audience": "another"})
    assert door(queue, other, GATE).ask(asked(token())) == 202
    assert door(queue, GATE, other).ask(asked(token())) == 202


@pytest.mark.parametrize("body", [
    b"", b"7", b"[]", b"{}", b'{"pullRequest": "7"}', b'{"pullRequest": 0}',
    b'{"pullRequest": 7, "merge": true}', b"\xff",
])  # fmt: skip
def test_a_body_that_is_none_is_told(queue: Queue, body: bytes) -> None:
    assert door(queue, GATE).ask(asked(token(), body)) == 400
    assert queue.waiting() == ()


def test_where_nobody_signs_for_runs_nothing_is_noted(queue: Queue) -> None:
    def gone(name: str | None) -> jwt.PyJWK:
        raise Unavailable("nobody answers")

    here = Door(sender("github"), queue, Pipelines(lambda: (GATE,), lambda _: gone))
    assert here.ask(asked(token())) == 503
    assert queue.waiting() == ()


def test_another_issuer_that_is_down_bars_nobody(queue: Queue) -> None:
    other = GATE.model_copy(update={"issuer": "https://down.example.org"})

    def keys(issuer: str) -> FindKey:
        if issuer == other.issuer:
            raise Unavailable("nobody answers")
        return find_key

    here = Door(sender("github"), queue, Pipelines(lambda: (other, GATE), keys))
    assert here.ask(asked(token())) == 202
    assert here.ask(asked(token(iss=other.issuer))) == 503
    assert here.ask(asked("x.y.z")) == 401


def test_a_full_queue_asks_for_patience(tmp_path: Path) -> None:
    with opened(tmp_path, 1) as queue:
        queue.put(1)
        assert door(queue, GATE).ask(asked(token())) == 503


@pytest.mark.parametrize("claims", [
    {}, {"ref": "refs/heads/main"}, {"repository": "aurora/monorepo"},
    {"ref": "main", "project_path": ""}, {"actor": "maria", "ref": "main", "repository": "x"},
])  # fmt: skip
def test_a_pipeline_is_bound_to_a_repository_and_a_branch(claims: dict[str, str]) -> None:
    value = {"issuer": ISSUER, "audience": "x", "claims": claims}
    with pytest.raises(ValidationError):
        Pipeline.model_validate(value)


def test_a_refusal_names_the_claim_and_not_the_token() -> None:
    told = token(ref="refs/heads/mallory")
    pipelines = Pipelines(lambda: (GATE,), lambda _: find_key)
    with pytest.raises(InputError, match="the claim ref to be refs/heads/main") as refusal:
        pipelines.number_asked({"authorization": f"Bearer {told}"}, b"")
    assert told not in str(refusal.value)
