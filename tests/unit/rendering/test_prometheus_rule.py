"""Each alert says who is told and which runbook helps, and prints text of a manifest as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.prometheus_rule import prometheus_rule

ROOT = Path(__file__).resolve().parents[3]
_PRINTED = re.compile(r'\{\{ "(\{+)" \}\}')
HOSTILE = '{{ query "up" }}{'

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]


def rules(deployment: Deployment) -> list[Any]:
    rule: Any = prometheus_rule(deployment)
    [group] = rule["spec"]["groups"]
    return list(group["rules"])


def test_every_alert_has_a_runbook_of_its_name(deployed: Deployed, predictive: Predictive) -> None:
    for rule in rules(deployed(predictive())):
        assert rule["annotations"]["runbook"] == f"runbooks/{rule['alert']}.md"
        assert (ROOT / rule["annotations"]["runbook"]).is_file()


def test_every_runbook_belongs_to_an_alert(deployed: Deployed, predictive: Predictive) -> None:
    alerts = {rule["alert"] for rule in rules(deployed(predictive()))}
    written = {file.stem for file in (ROOT / "runbooks").glob("Model*.md")}
    assert written == alerts


def test_an_alert_goes_to_the_rotation_that_the_manifest_names(
    deployed: Deployed, predictive: Predictive
) -> None:
    for rule in rules(deployed(predictive())):
        assert rule["labels"]["rotation"] == "oncology-models"
        assert rule["labels"]["channel"] == "#oncology-models"


def test_no_text_of_a_manifest_is_run_as_a_template(
    deployed: Deployed, predictive: Predictive
) -> None:
    hostile = predictive(
        onCall={"rotation": HOSTILE, "channel": HOSTILE},
        monitoring={
            "drift": [{"feature": HOSTILE, "statistic": "psi", "threshold": 0.1}],
            "decay": {"metric": HOSTILE, "threshold": 0.5, "labelDelayDays": 1},
        },
    )
    for rule in rules(deployed(hostile)):
        for text in (*rule["labels"].values(), *rule["annotations"].values()):
            assert "{" not in _PRINTED.sub("", text)
        assert _PRINTED.sub(r"\1", rule["labels"]["rotation"]) == HOSTILE
