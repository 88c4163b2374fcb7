"""``turnpike revalidate`` where nothing is released, and what it refuses."""

from __future__ import annotations

from unit.cli.calling import answered, refused
from unit.instance.aurora import Aurora


def test_where_nothing_is_released_nothing_is_due(aurora: Aurora) -> None:
    said = answered(aurora.instance.monorepo, "revalidate", "--due", "--within", "3650")
    assert said == {"models": [], "due": [], "opened": []}


def test_models_and_due_exclude_each_other(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    assert "neither" in refused(clone, "revalidate").message
    assert "both" in refused(clone, "revalidate", "--due", "oncology/triage").message


def test_a_model_that_main_does_not_have_is_refused(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "revalidate", "oncology/nothing")
    assert error.code == "model.unknown"
