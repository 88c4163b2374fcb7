"""A target that was made unlike the others holds up releases until the difference is declared."""

from __future__ import annotations

from end_to_end.changes import DIABETES, LOCAL, Bench, ruled
from end_to_end.people import PLATFORM_OWNER
from end_to_end.releases import opened

DEV = "environments/dev/environment.yaml"
CLOUDS = "environments/clouds.yaml"
POD_LABEL = "InferenceService.spec.predictor.labels[sidecar.example/inject]"
IDENTITY = "  - name: identity\n    reason: "


def on_main(bench: Bench, path: str) -> str:
    content = bench.world.house.host.read(bench.world.main, path)
    assert content is not None
    return content.decode()


def test_an_undeclared_difference_denies_until_it_is_declared(merged: Bench) -> None:
    bench = merged.copied()
    world = bench.world
    plain = on_main(bench, DEV)
    inject = 'azure.workload.identity/use: "true", sidecar.example/inject: "true"'
    ruled(bench, DEV, plain.replace('azure.workload.identity/use: "true"', inject))
    number = opened(world, bench.draft("diabetes"), "dev", *LOCAL)
    (finding,) = world.gate(number).json()["findings"]
    assert (finding["code"], finding["subject"]) == (
        "manifests.not-equivalent",
        f"dev/local/{DIABETES}",
    )
    assert finding["expected"].startswith(f"the same {POD_LABEL} on every target")
    assert 'azure-eu: "true"' in finding["actual"]
    declared = on_main(bench, CLOUDS)
    path = f'    paths:\n      - {{path: "{POD_LABEL}"}}\n'
    start = declared.index("    paths:\n", declared.index(IDENTITY))
    ruled(bench, CLOUDS, declared[:start] + path + declared[start + len("    paths:\n") :])
    world.merged(number)


def test_a_cloud_that_is_none_cannot_be_brought(merged: Bench) -> None:
    bench = merged.copied()
    text = on_main(bench, DEV).replace("cloud: gcp", "cloud: gpc")
    number = bench.world.propose({DEV: text.encode()}, "sam-rivera", (PLATFORM_OWNER,))
    codes = {(f["code"], f["expected"]) for f in bench.world.gate(number).json()["findings"]}
    assert ("environment.cloud-mismatch", "targets.2.cloud: one of aws, azure, gcp, local") in codes
