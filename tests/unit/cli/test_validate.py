"""``turnpike validate`` of what has nothing to validate says which of the two it is."""

from __future__ import annotations

from turnpike.forge.interface import Opening
from unit.cli.calling import refused
from unit.instance.aurora import Aurora

AUTHOR = "maria-lopez"
MANIFEST = "models/oncology/tumour-malignancy/model.yaml"


def test_a_change_of_no_model_is_said_to_be_one(aurora: Aurora) -> None:
    number, _ = aurora.opened("nothing-to-validate", AUTHOR)
    error = refused(aurora.instance.monorepo, "validate", "--pr", str(number))
    assert (error.code, error.exit_code) == ("validate.no-model", 2)
    assert error.message.endswith("found a change that brings no model")
    assert error.solution.startswith("There is nothing to validate; `turnpike gate --pr")


def test_a_manifest_that_cannot_be_read_is_named(aurora: Aurora) -> None:
    commit = aurora.commit(MANIFEST, "broken: [")
    number = aurora.forge(AUTHOR).open(Opening(head=commit, title="Broken"))
    error = refused(aurora.instance.monorepo, "validate", "--pr", str(number))
    assert error.message.endswith(f"found one that cannot be read: {MANIFEST}")
    assert error.solution == f"`turnpike gate --pr {number}` says what cannot be read."
