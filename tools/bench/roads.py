"""Give a measured instance what a plan has to weigh: four environments, soaks, times and a stop.

Staging and production ask for a soak; observers have seen every model in dev, a third of them for
long enough. Windows, freezes and a stop speak of some teams and tiers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from instance import MAIN, import_files, make_instance, signed
from workload import Sample, samples

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, statement_about
from turnpike.git.repository import Repository
from turnpike.instance.instance import Instance
from turnpike.record import layout
from turnpike.record.record import RECORD_REF
from turnpike.signing.service import load

SOAK = 3600
SCHEDULE = """\
apiVersion: turnpike.dev/v1
kind: Schedule
windows:
  - {name: office-hours, timezone: Europe/Berlin, start: "2020-01-01T09:00",
     rrule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", duration: PT8H, environments: [production, reserve]}
  - {name: nights, timezone: America/New_York, cron: "0 22 * * *", duration: PT4H,
     environments: [production], tiers: [low]}
freezes:
  - {name: year-end, timezone: Europe/Berlin, start: "2020-12-15T18:00",
     rrule: FREQ=YEARLY, duration: P23D, environments: [production, reserve]}
  - {name: release-day, timezone: UTC, cron: "0 6 1 * *", duration: PT12H,
     teams: [team-a0, team-a1]}
"""
STOP = """\
apiVersion: turnpike.dev/v1
kind: Stop
name: cluster-outage
reason: the cluster is down
incident: INC-7
teams: [team-b0, team-b1]
"""


def make_roads(folder: Path, count: int) -> Instance:
    """Make an instance with that many models, and with all that a plan weighs."""
    instance = make_instance(folder, count)
    with Repository(instance.host) as host:
        files = _environments(host) | {
            "environments/schedule.yaml": SCHEDULE.encode(),
            "environments/stops/cluster-outage.yaml": STOP.encode(),
        }
        import_files(instance.host, MAIN, host.resolve(MAIN), files)
        tip = host.resolve(RECORD_REF)
    import_files(instance.host, RECORD_REF, tip, _observed(instance, count))
    return instance


def _environments(host: Repository) -> dict[str, bytes]:
    """Return staging and production with a soak, and a fourth environment beside production."""
    paths = {n: f"environments/{n}/environment.yaml" for n in ("staging", "production")}
    plain = host.read_all(host.resolve(MAIN), paths.values())
    soaking = {p: c.replace(b"soakSeconds: 0", b"soakSeconds: %d" % SOAK) for p, c in plain.items()}
    reserve = soaking[paths["production"]].replace(b"name: production", b"name: reserve")
    return {**soaking, "environments/reserve/environment.yaml": reserve}


def _observed(instance: Instance, count: int) -> dict[str, bytes]:
    key = load("observer", instance.key("observer"))
    files: dict[str, bytes] = {}
    for one in samples(count):
        seen = _observation(one).model_dump(mode="json", by_alias=True)
        said = statement_about(one.key, one.artifact, OBSERVATION, seen)
        envelope: Envelope = signed(key, said)
        path = layout.path_of(layout.folder_of(said), envelope.digest())
        files[path] = layout.content_of(envelope)
        files |= dict.fromkeys(layout.index_paths(envelope.digest(), said), layout.EMPTY)
    return files


def _observation(one: Sample) -> Observation:
    now = datetime.now(UTC).replace(microsecond=0)
    seen = SOAK if one.number % 3 == 0 else 60 + one.number % 3000
    return Observation(
        environment="dev", target=next(one.places())[1], healthy=True, error_rate=0.0,
        latency_p95_milliseconds=20.0, requests=1000, started_at=now - timedelta(seconds=seen),
        finished_at=now,
    )  # fmt: skip
