from __future__ import annotations

import pytest

from turnpike.documents.strict_yaml import parse
from turnpike.scaffold.subject import Subject, on_call


@pytest.mark.parametrize("rotation", ["plain", "no", 'with "quotes": and #', "12:30"])
def test_any_rotation_stays_the_same_text_in_the_manifest(rotation: str) -> None:
    text = on_call(Subject("oncology", "one", "maria-lopez", rotation))
    value = parse(text.encode(), "model.yaml").value
    assert value == {"onCall": {"rotation": rotation, "channel": "#oncology-models"}}
