"""What one look finds: a model that answers as released, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.cluster.interface import Deployment, Watched
from turnpike.cluster.local import LocalServer
from turnpike.cluster.local_probe import LocalProbe
from turnpike.documents.identifiers import Digest, digest_of
from unit.cluster import small_server
from unit.judge.deployed import RELEASE

ARTIFACT = digest_of(b"artifact")
ROWS = ({"a": 1.0, "b": 2.0},)


def now() -> datetime:
    return datetime.now(UTC)


def watched(model: str = "one", artifact: Digest = ARTIFACT, **changed: object) -> Watched:
    release = RELEASE.model_copy(update={"model": model, "artifact": artifact})
    fields: dict[str, object] = {"environment": "dev", "target": "local", "rows": ROWS}
    return Watched(release=release, **{**fields, **changed})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("probed")
    python = small_server.install(folder / "interpreter")
    model = small_server.write_model(folder / "model", ("a", "b"), 0.5)
    with LocalServer(python, folder / "state", starting_seconds=300) as server:
        server.apply((Deployment("oncology", "one", "dev", "local", ARTIFACT, "1", model),))
        yield folder / "state"


def fault(state: Path, watched: Watched) -> str:
    return LocalProbe(state, now).look(watched).fault


def test_a_model_that_answers_as_released_has_no_fault(state: Path) -> None:
    before = now()
    look = LocalProbe(state, now).look(watched())
    assert look.fault == ""
    assert before <= look.started_at <= look.finished_at <= now()
    assert look.seconds > 0  # by a clock that is never set, unlike that of the moments


def test_other_bytes_than_the_released_are_a_fault(state: Path) -> None:
    other = digest_of(b"other")
    assert fault(state, watched(artifact=other)) == f"serves {ARTIFACT}, released is {other}"


def test_a_model_that_the_server_lacks_is_a_fault(state: Path) -> None:
    assert fault(state, watched("two")) == "the server does not have oncology/two"


@pytest.mark.parametrize("rows", [(), ({"a": 1.0},)])
def test_a_model_that_cannot_be_asked_is_a_fault(state: Path, rows: tuple[object, ...]) -> None:
    assert "no example" in fault(state, watched(rows=rows))


def test_a_server_that_does_not_run_is_a_fault(tmp_path: Path) -> None:
    assert "expected one that runs" in fault(tmp_path, watched())


def test_a_server_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "endpoint").write_text("http://127.0.0.1:1")
    assert "Connection refused" in fault(tmp_path, watched())
