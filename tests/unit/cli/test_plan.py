"""``turnpike plan`` of an instance that has no models yet."""

from __future__ import annotations

from typing import Any

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora


def asked(aurora: Aurora, *words: str) -> Any:
    return answered(aurora.instance.monorepo, "plan", *words)


def test_without_models_nothing_can_go(aurora: Aurora) -> None:
    value = asked(aurora)
    assert (value["moves"], value["problems"], value["main"]) == ([], [], aurora.main())
    text = told(aurora.instance.monorepo, "plan", "--all")
    assert text == "0 of 0 can go now; 0 others stand where they could go\n"


def test_what_main_does_not_list_is_refused(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    assert refused(clone, "plan", "--to", "nowhere").code == "environment.unknown"
    assert refused(clone, "plan", "--to", "dev", "--target", "moon").code == "target.unknown"
    assert refused(clone, "plan", "--target", "local").code == "input.usage"
    assert refused(clone, "plan", "oncology/no-such").code == "plan.unknown-model"
    assert refused(clone, "plan", "oncology").code == "input.model-name"
