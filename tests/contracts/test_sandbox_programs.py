"""The platform's and the team's program, run confined on real artifacts, good and hostile.

Bubblewrap shows this machine's own libraries in the place of the packaged ones; the demo runs the
same programs as Pants packages them.
"""

from __future__ import annotations

import functools
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from contracts.sandboxes import REPOSITORY, confined
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, IntegrityError
from turnpike.sandbox.interface import Job, Mount, Outcome, Program, Sandbox, SandboxName, Stop
from turnpike.validation.programs import ProgramRequest, RequestColumn, RobustnessCase
from turnpike.validation.running import run_platform, run_team

Foreign = Any  # objects of libraries that ship no types
NAMES = ("width", "height")
ROWS = tuple((float(n), float(n % 3)) for n in range(12))
LABELS = [int(n >= 6) for n in range(12)]
REQUEST = ProgramRequest(
    format="skops",
    columns=tuple(RequestColumn(name=name, type="double", required=True) for name in NAMES),
    rows=ROWS,
    output_kind="classes",
    robustness=(
        RobustnessCase(name="text", rows=(("wide", 1.0),)),
        RobustnessCase(name="huge", rows=((1e300, -1e300),)),
    ),
    repeats=5,
)
HOLDS = '''
def check_order(predict, data):
    """A wider thing is never of the lower class."""
    print("noise that must not reach the answer")
    answers = predict(data)
    assert answers == sorted(answers), f"expected a sorted list, got {answers}"
'''
FAILS = '''
def check_never(predict, data):
    """No record is of class 1."""
    assert 1 not in predict(data), "expected no class 1, got some"
'''
LEAVES = "import sys\nsys.exit(0)\n"
FORGES = """
import json, os
for descriptor in range(3, 20):
    try:
        os.write(descriptor, json.dumps({"probe": [], "checks": []}).encode())
    except OSError:
        pass
os._exit(0)
"""


@functools.cache
def _libraries() -> tuple[Mount, ...]:
    """Return mounts of the folders from which this process has the libraries."""
    import onnxruntime  # noqa: F401
    import pandas as pd  # noqa: F401
    import sklearn.ensemble  # noqa: F401
    import skops.io  # noqa: F401

    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    paths = (Path(file).resolve() for file in files if file and "site-packages" in file)
    folders = sorted({_site_of(path) for path in paths if "site-packages" in path.parts})
    return tuple(Mount(f, f"/libraries/.deps/{n}") for n, f in enumerate(folders))


def _site_of(path: Path) -> Path:
    return next(parent for parent in path.parents if parent.name == "site-packages")


class WithLibraries:
    """A sandbox that shows the libraries of this process to every job."""

    name: ClassVar[SandboxName] = "bubblewrap"

    def __init__(self, inner: Sandbox) -> None:
        self._inner = inner

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        return self._inner.run(replace(job, mounts=(*job.mounts, *_libraries())), stop)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return WithLibraries(confined("bubblewrap").sandbox)


def _program(script: str, folder: Path) -> Program:
    base = confined("bubblewrap")
    command = (base.python, "-E", "-s", "-B", f"/program/{script}")
    return Program(script, digest_of(b""), command, pex=folder, root=base.root)


PLATFORM = REPOSITORY / "tools" / "runner"


def _frame() -> Foreign:
    import pandas as pd

    return pd.DataFrame(ROWS, columns=list(NAMES))


def _saved(model: Foreign, folder: Path) -> Path:
    import skops.io

    folder.mkdir(exist_ok=True)
    skops.io.dump(model, folder / "model.skops")
    return folder


def _classifier() -> Foreign:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(_frame(), LABELS)


def test_a_linear_model_answers_every_row_and_refuses_text(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    model = _classifier()
    program = _program("predict.py", PLATFORM)
    run = run_platform(sandbox, program, _saved(model, tmp_path / "a"), REQUEST)
    assert run.isolated
    assert run.output.classes == (0, 1)
    assert run.output.raw() == pytest.approx(model.predict_proba(_frame()))
    text, huge = run.output.robustness
    assert (text.outcome, huge.outcome) == ("refused", "answered")
    assert "expected double" in text.detail
    assert run.output.peak_memory_mebibytes > 10


def test_a_forest_is_trusted_until_one_of_its_trees_points_outside(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(n_estimators=3, random_state=0).fit(_frame(), LABELS)
    program = _program("predict.py", PLATFORM)
    good = run_platform(sandbox, program, _saved(model, tmp_path / "a"), REQUEST)
    assert good.output.raw() == pytest.approx(model.predict_proba(_frame()))
    model.estimators_[0].tree_.children_left[0] = 4000
    with pytest.raises(InputError) as caught:
        run_platform(sandbox, program, _saved(model, tmp_path / "b"), REQUEST)
    assert caught.value.code == "artifact.broken-tree"


def test_a_type_that_is_not_on_the_list_is_refused_before_it_is_loaded(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    import os

    from sklearn.preprocessing import FunctionTransformer

    model = FunctionTransformer(os.getcwd)
    with pytest.raises(InputError, match="getcwd") as caught:
        run_platform(
            sandbox, _program("predict.py", PLATFORM), _saved(model, tmp_path / "a"), REQUEST
        )
    assert caught.value.code == "artifact.untrusted-type"


def test_an_onnx_graph_answers_like_the_model_it_was_made_from(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skl2onnx import to_onnx

        model = _classifier()
        graph = to_onnx(model, _frame().to_numpy()[:1].astype("float32"))
    (tmp_path / "model.onnx").write_bytes(graph.SerializeToString())
    request = REQUEST.model_copy(update={"format": "onnx"})
    run = run_platform(sandbox, _program("predict.py", PLATFORM), tmp_path, request)
    assert run.output.classes == (0, 1)
    expected = model.predict_proba(_frame())
    assert run.output.raw() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04K\x01."], ids=["empty", "cut", "pickle"])
def test_bytes_that_are_no_model_are_refused(
    sandbox: Sandbox, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "model.skops").write_bytes(content)
    with pytest.raises(InputError) as caught:
        run_platform(sandbox, _program("predict.py", PLATFORM), tmp_path, REQUEST)
    assert caught.value.code == "artifact.unreadable"


def _team(folder: Path, **checks: str) -> Program:
    (folder / "checks").mkdir(parents=True)
    for file in PLATFORM.glob("*.py"):
        (folder / file.name).write_bytes(file.read_bytes())
    for name, code in checks.items():
        (folder / "checks" / f"{name}.py").write_text(code)
    return _program("team.py", folder)


def test_each_check_of_a_team_is_told_apart_and_its_noise_is_kept_away(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    program = _team(tmp_path / "t", good_order=HOLDS, never=FAILS, leaves=LEAVES, empty="")
    run = run_team(sandbox, program, _saved(_classifier(), tmp_path / "a"), REQUEST)
    assert {check.file: check.passed for check in run.output.checks} == {
        "good-order": True, "never": False, "leaves": False, "empty": False,
    }  # fmt: skip
    never = next(check for check in run.output.checks if check.file == "never")
    assert never.expected == "No record is of class 1."
    assert never.actual == "expected no class 1, got some"
    assert "noise that must not reach the answer" in run.outcome.log


def test_a_check_that_forges_the_answer_can_not_make_a_listed_check_pass(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    program = _team(tmp_path / "t", bias=FAILS, a_forger=FORGES)
    artifact = _saved(_classifier(), tmp_path / "a")
    with pytest.raises(IntegrityError):
        run_team(sandbox, program, artifact, REQUEST)
