package turnpike.rules.artifact_scanned_test

import data.turnpike.rules.artifact_scanned
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_scanned_artifact_passes if artifact_scanned.deny == set() with input as inputs.model

test_a_route_has_no_files_to_scan if artifact_scanned.deny == set() with input as inputs.generative

test_a_draft_is_refused_elsewhere if {
	artifact_scanned.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
}

test_a_deployment_is_not_asked if artifact_scanned.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": []})

test_no_scan_is_denied if {
	denials := artifact_scanned.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.said(denials) == {["scan-missing", "a scan bound to this manifest", "none"]}
}

test_a_scan_for_another_manifest_is_denied if {
	denials := artifact_scanned.deny with input as testing.edited(inputs.model, {"/evidence/2/bound": false})
	testing.codes(denials) == {"scan-missing"}
}

test_each_failed_check_is_denied if {
	denials := artifact_scanned.deny with input as testing.edited(inputs.model, {"/evidence/2/failed": [pickle]})
	testing.said(denials) == {["scan-failed", "no pickle", "a pickle in model.bin"]}
}

test_a_clean_scan_beside_a_failed_one_passes if {
	failed := object.union(inputs.model.evidence[2], {"failed": [pickle]})
	both := array.concat(inputs.model.evidence, [failed])
	artifact_scanned.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

pickle := {
	"name": "formats",
	"passed": false,
	"expected": "no pickle",
	"actual": "a pickle in model.bin",
}

test_a_failed_scan_of_a_draft_is_refused_elsewhere if {
	draft := testing.edited(inputs.model, {"/model/artifact": null, "/evidence/2/failed": [pickle]})
	artifact_scanned.deny == set() with input as draft
}
