"""Who asks for what does not answer here is told what does, or what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.judge.layout import ORGANISATION_PATH, DeploymentKey
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.scaffold.scaffold import Request, scaffold
from turnpike.topology.organisation import ORGANISATION
from unit.cli.calling import refused
from unit.instance.aurora import MAIN, MARIA, Aurora, new_product, now
from unit.judge.examples import model

DEV = ("--environment", "dev")


@pytest.fixture(scope="module")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    product = new_product(tmp_path_factory.mktemp("product"))
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)


def release_of(manifest: PredictiveModel | GenerativeModel, blob: ObjectId) -> Release:
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=manifest.team,
        model=manifest.name,
        version="1",
        artifact=manifest.artifact.digest if manifest.artifact else digest_of(b""),
        manifest=blob,
        decision=digest_of(b"decision"),
        promoted_from=None,
        traffic=100,
    )


def release_on_main(aurora: Aurora, manifest: PredictiveModel | GenerativeModel) -> None:
    """Put a release on main behind the gate's back: predicting judges nothing."""
    place = DeploymentKey("dev", "local", manifest.team, manifest.name)
    blob = aurora.host.write_blob(canonical_document(manifest))
    files = {place.path("release.yaml"): canonical_document(release_of(manifest, blob))}
    main = aurora.main()
    tree = aurora.host.write_tree_with(main, files)
    commit = aurora.host.write_commit(tree, (main,), MARIA, MARIA, "Release\n", now())
    aurora.host.update_ref(MAIN, commit, main)


def generative(aurora: Aurora) -> GenerativeModel:
    organisation = read(ORGANISATION, aurora.host.read(aurora.main(), ORGANISATION_PATH) or b"", "")
    team = organisation.teams[0].name
    files = scaffold(Request(team, "notes", "generative", "skops"), organisation)
    (text,) = (text for path, text in files.items() if path.endswith("/model.yaml"))
    found = read(MODEL, text.encode(), "model.yaml")
    assert isinstance(found, GenerativeModel)
    return found


def test_a_generative_model_is_asked_at_the_gateway(aurora: Aurora, tmp_path: Path) -> None:
    released = generative(aurora)
    release_on_main(aurora, released)
    key = released.key
    rows = tmp_path / "rows.json"
    rows.write_text('[{"x": 1}]')
    for more in ((), ("--rows", str(rows))):
        error = refused(aurora.instance.monorepo, "predict", key, *DEV, *more)
        assert (error.code, error.exit_code) == ("serving.by-gateway", 2)
        assert "the route notes" in error.solution


def test_an_example_that_is_gone_or_garbage_is_named_by_its_file(aurora: Aurora) -> None:
    released = model()
    release_on_main(aurora, released)
    assert released.artifact is not None
    folder = aurora.instance.store() / released.artifact.digest.removeprefix("sha256:")
    file = folder / "input_example.json"
    for content in (None, b"{}", b"[1", b'{"columns": ["a"], "data": [[1, 2]]}'):
        if content is not None:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        error = refused(aurora.instance.monorepo, "predict", "oncology/triage", *DEV)
        assert (error.code, error.exit_code) == ("serving.no-example", 2)
        assert error.message.startswith(str(file))
        assert "--rows FILE" in error.solution


def test_a_model_that_is_not_released_is_no_question_for_a_server(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "predict", "oncology/other", *DEV)
    assert error.code == "release.not-released"
