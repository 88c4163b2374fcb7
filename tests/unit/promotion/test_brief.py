"""A brief says of a manifest what an outlook needs, and reads back as it was."""

from __future__ import annotations

from turnpike.promotion.brief import BRIEFS, Brief
from unit.judge.examples import ARTIFACT, model


def test_a_registered_model_is_told_with_its_bytes() -> None:
    brief = Brief.of(model("medium"))
    assert (brief.tier, brief.lifecycle, brief.version, brief.artifact) == (
        "medium", "active", "1", ARTIFACT,
    )  # fmt: skip


def test_a_draft_has_neither_version_nor_bytes() -> None:
    brief = Brief.of(model().model_copy(update={"artifact": None}))
    assert (brief.version, brief.artifact) == (None, None)


def test_briefs_read_back() -> None:
    told = {"a": Brief.of(model())}
    assert BRIEFS.validate_json(BRIEFS.dump_json(told, by_alias=True)) == told


def test_thresholds_are_those_of_all_records() -> None:
    assert Brief.of(model()).metrics == {"roc_auc": 0.9}
