from __future__ import annotations

from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, GenerativeModel
from turnpike.scaffold.generative import generative_manifest
from turnpike.scaffold.subject import Subject


def test_the_route_names_a_dated_revision_behind_the_gateway() -> None:
    text = generative_manifest(Subject("oncology", "one", "maria-lopez", ""))
    model = read(MODEL, text.encode(), "model.yaml")
    assert isinstance(model, GenerativeModel)
    assert model.serving.runtime == "gateway"
    assert model.route.revision.isdigit()
