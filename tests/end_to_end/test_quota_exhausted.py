"""A team at the end of its quota is refused until the quota is raised, by the runbook."""

from __future__ import annotations

from end_to_end.changes import DIABETES, LOCAL, Bench, resized, text_at
from end_to_end.people import PLATFORM_OWNER
from end_to_end.releases import released
from end_to_end.shells import shell_of
from runbooks import carried_out

REPLICAS = 40  # of a GiB each, where the team has 32


def test_a_team_that_asks_for_more_than_its_quota_waits_until_it_is_raised(merged: Bench) -> None:
    bench = merged.copied()
    world = bench.world
    for stage in ("dev", "staging", "production"):
        released(world, bench.draft("diabetes"), stage, *LOCAL)
    number = resized(REPLICAS)(bench).number
    values = {"team": "endocrinology", "number": str(number), "resource": "memoryMebibytes",
              "most": "65536", "owner": PLATFORM_OWNER}  # fmt: skip
    before = text_at(world, "policies/data/organisation.yaml")
    with carried_out("QuotaExhausted", shell_of(world, values, "sam-rivera")) as page:
        assert "quota-exceeded" in page.run("Look", 1, 0)
        page.run("Help")
        page.run("Over when")
    after = text_at(world, "policies/data/organisation.yaml")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    (changed,) = [pair for pair in pairs if pair[0] != pair[1]]
    assert changed == ("      memoryMebibytes: 32768", "      memoryMebibytes: 65536")
    settings = text_at(world, f"environments/production/local/{DIABETES}/settings.yaml")
    assert f"maximum: {REPLICAS}" in settings
