"""Policies may call only what follows from their input."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.opa.capabilities import allowed_capabilities, capabilities_of
from unit.opa.small_policies import program


def builtin(name: str, *, nondeterministic: bool = False) -> JsonValue:
    return {"name": name} | ({"nondeterministic": True} if nondeterministic else {})


def allowed() -> set[str]:
    builtins = allowed_capabilities(capabilities_of(program()))["builtins"]
    assert isinstance(builtins, list)
    return {str(one["name"]) for one in builtins if isinstance(one, dict)}


@pytest.mark.parametrize(
    "name",
    [
        "http.send", "net.lookup_ip_addr", "time.now_ns", "rand.intn", "uuid.rfc4122",
        "opa.runtime", "io.jwt.decode_verify", "crypto.x509.parse_and_verify_certificates",
        "json.match_schema", "time.clock", "time.format", "print", "trace", "internal.print",
        "providers.aws.sign_req",
    ],
)  # fmt: skip
def test_nothing_that_depends_on_the_world_is_allowed(name: str) -> None:
    assert name not in allowed()


@pytest.mark.parametrize("name", ["count", "sprintf", "regex.match", "object.get", "round"])
def test_what_only_computes_is_allowed(name: str) -> None:
    assert name in allowed()


def test_a_function_that_opa_calls_nondeterministic_is_never_allowed() -> None:
    current: dict[str, JsonValue] = {"builtins": [builtin("count", nondeterministic=True)]}
    assert allowed_capabilities(current)["builtins"] == []


def test_a_function_of_a_later_opa_is_not_allowed_until_it_is_listed() -> None:
    current: dict[str, JsonValue] = {"builtins": [builtin("quantum.flip"), builtin("count")]}
    assert allowed_capabilities(current)["builtins"] == [builtin("count")]


def test_no_schema_is_fetched_from_the_network() -> None:
    assert allowed_capabilities({"builtins": []})["allow_net"] == []
