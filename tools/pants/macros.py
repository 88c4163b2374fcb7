# The one macro that a model's BUILD file may call; base's copy of this file is the one that counts.


def turnpike_model():
    python_sources(name="training", sources=["*.py"], resolve="core", skip_mypy=True)
    python_sources(name="checks", sources=["checks/*.py"], resolve="validation", skip_mypy=True)
