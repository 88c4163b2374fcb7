# The one macro that a model's BUILD file may call; base's copy of this file is the one that counts.


def turnpike_model() -> None:
    """Declare a model's folder: its training, its checks, and the image that runs the checks."""
    python_sources(name="training", sources=["*.py"], resolve="core", skip_mypy=True)
    python_sources(
        name="checks", sources=["checks/*.py"], resolve="validation", skip_mypy=True
    )
    # The team's validation container: the platform's program, libraries and image, plus the checks.
    pex_binary(
        name="team",
        dependencies=[":checks", "tools/runner:runner"],
        resolve="validation",
        include_requirements=False,
        layout="loose",
    )
    folder = str(build_file_dir()).replace("/", ".")
    docker_image(
        name="image",
        dependencies=[":team"],
        repository="turnpike/" + folder,
        instructions=[
            "ARG PLATFORM=tools/images:platform",
            "FROM $PLATFORM",
            "COPY " + folder + "/team.pex /program",
        ],
    )
