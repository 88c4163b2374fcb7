"""A small company for which models are scaffolded."""

from __future__ import annotations

from turnpike.documents.reading import read
from turnpike.topology.organisation import ORGANISATION, Organisation

_TEXT = b"""
apiVersion: turnpike.dev/v1
kind: Organisation
name: Small Company
codeownersDialect: github
people:
  - { id: maria-lopez, name: Maria, email: maria@example.org }
  - { id: tom-becker, name: Tom, email: tom@example.org }
groups:
  - { name: cancer, members: [maria-lopez, tom-becker] }
teams:
  - name: oncology
    group: cancer
    onCallRotations: [oncology-on-call]
    quota: { cpuMillicores: 1000, memoryMebibytes: 4096 }
  - name: unstaffed
    group: nobody
    quota: { cpuMillicores: 1000, memoryMebibytes: 4096 }
  - name: sleepy
    group: cancer
    quota: { cpuMillicores: 1000, memoryMebibytes: 4096 }
roles: { platformOwners: cancer, risk: cancer, releaseManagers: cancer }
"""


def small_company() -> Organisation:
    """Return a company with a team that has a rotation, one without, and one without members."""
    return read(ORGANISATION, _TEXT, "organisation.yaml")
