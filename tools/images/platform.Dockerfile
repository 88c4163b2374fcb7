# The platform run, and what team runs start from. Copies alone: nothing is fetched while building.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY tools.images/libraries.pex/.deps /libraries/.deps
RUN ["/usr/bin/python3", "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash", "/libraries"]
COPY tools.runner/platform.pex /program
USER 65534:65534
WORKDIR /tmp
