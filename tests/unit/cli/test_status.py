"""``turnpike status`` of an instance into which nothing was released yet."""

from __future__ import annotations

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora


def test_an_instance_without_releases_has_an_empty_table(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "status") == []
    assert told(aurora.instance.monorepo, "status").startswith("model")


def test_a_model_without_releases_is_nowhere(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "status", "oncology/tumour-malignancy") == []


def test_a_name_that_is_no_model_is_refused(aurora: Aurora) -> None:
    assert refused(aurora.instance.monorepo, "status", "oncology").code == "input.model-name"
