from __future__ import annotations

from collections.abc import Iterator

import pytest

from turnpike.cluster.interface import Deployment
from turnpike.cluster.local import LocalServer
from turnpike.cluster.table_request import Row
from turnpike.delivery.predict import infer
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, InvalidDocument, Unavailable
from unit.cluster import small_server

ARTIFACT = digest_of(b"artifact")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("predict")
    python = small_server.install(folder / "interpreter")
    model = small_server.write_model(folder / "model", ("mean radius", "b"), 0.5)
    with LocalServer(python, folder / "state", starting_seconds=300) as server:
        deployment = Deployment("oncology", "one", "dev", "local", ARTIFACT, "1", model)
        server.apply((deployment,))
        yield server.endpoint


def test_answers_come_in_the_order_of_the_rows_whatever_the_order_of_the_names(
    endpoint: str,
) -> None:
    rows: list[Row] = [{"mean radius": 1.0, "b": 2}, {"b": 10.0, "mean radius": 20.0}]
    answer = infer(endpoint, "oncology/one", rows)
    assert answer.values == (3.5, 30.5)
    assert (answer.model, answer.artifact) == ("oncology/one", ARTIFACT)
    assert answer.seconds > 0


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"b": 1.0}, "mean radius", "found nothing"),
        ({"b": 1.0, "mean radius": 1.0, "c": 1.0}, "c", "expected a column"),
        ({"b": "1.0", "mean radius": 1.0}, "b", "expected FP64, found '1.0'"),
        ({"b": True, "mean radius": 1.0}, "b", "found True"),
        ({"b": float("nan"), "mean radius": 1.0}, "b", "found nan"),
        ({"b": float("inf"), "mean radius": 1.0}, "b", "found inf"),
    ],
)
def test_a_row_that_does_not_fit_is_told_by_its_number_and_column(
    endpoint: str, row: Row, field: str, said: str
) -> None:
    good: Row = {"b": 1.0, "mean radius": 1.0}
    with pytest.raises(InvalidDocument) as caught:
        infer(endpoint, "oncology/one", [good, row])
    (problem,) = caught.value.problems
    assert (problem.file, problem.field) == ("row 2", field)
    assert said in str(problem)


def test_no_rows_at_all_are_refused(endpoint: str) -> None:
    with pytest.raises(InvalidDocument, match="at least one row"):
        infer(endpoint, "oncology/one", [])


def test_a_model_that_is_not_served_is_told_with_those_that_are(endpoint: str) -> None:
    with pytest.raises(InputError, match=r"\(oncology/one\), found 'oncology/two'"):
        infer(endpoint, "oncology/two", [{"a": 1.0}])


@pytest.mark.parametrize("name", ["one", "oncology/", "/one", "a/b/c", ""])
def test_a_name_that_is_none_is_refused(endpoint: str, name: str) -> None:
    with pytest.raises(InputError, match="expected TEAM/MODEL"):
        infer(endpoint, name, [{"a": 1.0}])


def test_a_server_that_is_not_there_is_told_with_the_next_step() -> None:
    with pytest.raises(Unavailable) as caught:
        infer("http://127.0.0.1:1", "oncology/one", [{"a": 1.0}])
    assert "turnpike serve" in caught.value.solution
