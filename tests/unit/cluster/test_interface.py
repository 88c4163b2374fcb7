from __future__ import annotations

from pathlib import Path

from turnpike.cluster.interface import Deployment, Running, served_name
from turnpike.documents.identifiers import digest_of

ARTIFACT = digest_of(b"artifact")


def test_no_two_models_are_served_under_one_name() -> None:
    assert served_name("a-b", "c") != served_name("a", "b-c")


def test_what_runs_has_the_name_of_what_was_deployed() -> None:
    deployed = Deployment("oncology", "one", "dev", "local", ARTIFACT, "1", Path("folder"))
    running = Running("oncology", "one", "dev", "local", ARTIFACT, "1", "http://127.0.0.1:1")
    assert deployed.name == running.name == "oncology.one"
