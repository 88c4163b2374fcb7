"""A server that tells no patterns is unavailable; the real one is in ``test_sign_on_mlflow``."""

from __future__ import annotations

import pytest

from turnpike.errors import Unavailable
from turnpike.registry.mlflow_groups import MlflowGroups
from turnpike.registry.rest import RestServer
from unit.registry.bad_server import Talk, answers, server


@pytest.mark.parametrize("talk", [
    answers("<html>sign in</html>", kind="text/html"), answers('{"groups": []}'), answers("[1]"),
    answers('["oncology"]'), answers("{}", "401 Unauthorized"), answers("{}", "403 Forbidden"),
    answers("{}", "404 Not Found"),
])  # fmt: skip
def test_whatever_else_a_server_says_are_no_patterns(talk: Talk) -> None:
    with server(talk) as address, pytest.raises(Unavailable) as failure:
        MlflowGroups(RestServer(address)).given()
    assert failure.value.code == "registry.unavailable"


@pytest.mark.parametrize(
    ("talk", "step"),
    [
        (answers("{}", "403 Forbidden"), "TURNPIKE_MLFLOW_TOKEN"),
        (answers("no such page", "404 Not Found"), "mlflow-oidc-auth"),
        (answers("{}"), "mlflow-oidc-auth"),
        (answers("{}", "503 Service Unavailable"), "turnpike doctor"),
    ],
)
def test_the_next_step_is_that_of_what_was_answered(talk: Talk, step: str) -> None:
    with server(talk) as address, pytest.raises(Unavailable) as failure:
        MlflowGroups(RestServer(address)).given()
    assert step in (failure.value.solution or "")


def test_a_server_that_knows_no_groups_gives_nothing() -> None:
    with server(answers("[]")) as address:
        assert MlflowGroups(RestServer(address)).given() == ()
