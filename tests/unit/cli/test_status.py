"""``turnpike status`` of an instance into which nothing was released yet."""

from __future__ import annotations

from pathlib import Path

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora, git


def test_an_instance_without_releases_has_an_empty_table(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "status") == []
    assert told(aurora.instance.monorepo, "status").startswith("model")


def test_a_model_without_releases_is_nowhere(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "status", "oncology/tumour-malignancy") == []


def test_a_name_that_is_no_model_is_refused(aurora: Aurora) -> None:
    assert refused(aurora.instance.monorepo, "status", "oncology").code == "input.model-name"


def test_a_clone_that_is_named_is_read_without_its_instance(aurora: Aurora, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(aurora.instance.host), "clone")
    assert answered(tmp_path, "status", "--clone", "clone") == []
    git(tmp_path, "init", "--quiet", "empty")
    assert refused(tmp_path, "status", "--clone", "empty").code == "git.no-branch"


def test_whose_signature_argo_cd_asks_for_stands_in_a_clone(aurora: Aurora, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--mirror", str(aurora.instance.host), "mirror")
    here = answered(aurora.instance.monorepo, "delivery", "signers")
    assert answered(tmp_path, "delivery", "signers", "--clone", "mirror") == here


def test_a_wrong_name_is_told_before_a_kubeconfig_is_opened(aurora: Aurora) -> None:
    words = ("delivery", "status", "oncology/tumour-malignancy", "--kubeconfig", "/dev/null")
    error = refused(aurora.instance.monorepo, *words, "--environment", "qa")
    assert error.code == "environment.unknown"
