"""Every model is held against every target; a target that lacks something is told, not skipped."""

from __future__ import annotations

from pathlib import Path

from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.reporting.equivalence import compared, together
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import ENVIRONMENT, Environment

ROOT = Path(__file__).parents[3]
CLOUDS_FILE = read(CLOUDS, (ROOT / "environments" / "clouds.yaml").read_bytes(), "clouds.yaml")
DEV = read(ENVIRONMENT, (ROOT / "environments/dev/environment.yaml").read_bytes(), "environment")
DRAFTS = [
    read(MODEL, file.read_bytes(), str(file)) for file in sorted(ROOT.glob("models/*/*/model.yaml"))
]


def wanting(kind: str) -> PredictiveModel | GenerativeModel:
    """Return a sample that asks for one accelerator of a kind."""
    draft = next(one for one in DRAFTS if isinstance(one, PredictiveModel))
    value = draft.model_dump(mode="json", by_alias=True)
    value["serving"]["accelerators"] = [{"kind": kind, "count": 1}]
    return MODEL.validate_python(value, strict=False)


def lacking(
    model: PredictiveModel | GenerativeModel, clouds: Clouds, dev: Environment
) -> list[str]:
    return [str(problem) for problem in compared([model], [dev], clouds).lacking]


def test_the_products_samples_are_equivalent_though_they_are_drafts() -> None:
    found = compared(DRAFTS, [DEV], CLOUDS_FILE)
    assert {model.artifact for model in DRAFTS} == {None}
    assert (found.models, found.targets, found.renderings) == (len(DRAFTS), 4, 4 * len(DRAFTS))
    assert found.is_equivalent


def test_a_target_that_lacks_what_a_model_asks_for_is_told_at_its_place() -> None:
    found = compared([wanting("nvidia-a100")], [DEV], CLOUDS_FILE)
    (problem,) = found.lacking
    assert problem.file == "environments/dev/environment.yaml"
    assert problem.field == "targets.2.accelerators"
    assert problem.expected.startswith("a pool of nvidia-a100, for ")
    assert problem.expected.endswith(" on gcp-eu")
    assert problem.actual == "nvidia-t4, nvidia-l4"
    assert (found.renderings, found.is_equivalent) == (2, False)


def test_what_a_cloud_declares_to_lack_is_not_missed() -> None:
    assert lacking(wanting("nvidia-t4"), CLOUDS_FILE, DEV) == []
    frank = tuple(one.model_copy(update={"lacks": ()}) for one in CLOUDS_FILE.clouds)
    (line,) = lacking(wanting("nvidia-t4"), CLOUDS_FILE.model_copy(update={"clouds": frank}), DEV)
    assert line.startswith("environments/dev/environment.yaml: targets.0.accelerators: expected a")


def test_another_misfit_is_told_as_it_stands() -> None:
    bare = DEV.model_copy(update={"runtimes": ()})
    found = lacking(wanting("nvidia-t4"), CLOUDS_FILE, bare)
    assert "serving.runtime: expected a runtime of dev: none, found mlserver" in found[0]


def test_an_undeclared_difference_names_environment_model_and_path() -> None:
    blind = CLOUDS_FILE.model_copy(update={"concerns": CLOUDS_FILE.concerns[1:]})
    found = compared([wanting("nvidia-t4")], [DEV], blind)
    paths = {(one.environment, one.difference.path) for one in found.unequal}
    assert ("dev", "InferenceService.spec.predictor.model.storageUri") in paths
    assert not found.is_equivalent


def test_comparisons_of_some_models_each_say_together_what_one_of_all_says() -> None:
    apart = [compared([model], [DEV], CLOUDS_FILE) for model in (*DRAFTS, wanting("nvidia-a100"))]
    assert together(apart) == compared([*DRAFTS, wanting("nvidia-a100")], [DEV], CLOUDS_FILE)
