package turnpike.rules.evidence_current_test

import data.turnpike.rules.evidence_current
import data.turnpike.testing
import data.turnpike.testing.inputs

entering := testing.edited(inputs.deployment, {"/deployment/previous": null})

platform_ends(moment) := testing.edited(entering, {"/evidence/0/expiresAt": moment})

test_evidence_that_has_not_expired_passes if evidence_current.deny == set() with input as entering

test_the_last_moment_before_passes if {
	evidence_current.deny == set() with input as platform_ends("2026-01-15T12:00:00.000001Z")
}

test_from_its_end_on_a_statement_is_denied if {
	denials := evidence_current.deny with input as platform_ends("2026-01-15T12:00:00Z")
	testing.said(denials) == {[
		"release-evidence-expired",
		"validation (run: platform) that has not expired",
		"expired at 2026-01-15T12:00:00Z",
	]}
	{denial.yieldsTo | some denial in denials} == {["waiver", "emergency", "rollback"]}
	count([remedy | some denial in denials; some option in denial.remedies; some remedy in option]) == 1
}

test_a_newer_one_beside_it_is_enough if {
	old := platform_ends("2026-01-01T00:00:00Z")
	both := testing.edited(old, {"/evidence/1": object.union(old.evidence[0], {"expiresAt": null})})
	denials := evidence_current.deny with input as both
	not "validation (run: platform) that has not expired" in {denial.expected | some denial in denials}
}

test_what_is_no_longer_there_is_denied if {
	denials := evidence_current.deny with input as testing.edited(entering, {"/evidence": []})
	testing.codes(denials) == {"release-evidence-missing"}
	count(denials) == 4
	{denial.actual | some denial in denials} == {"none"}
	{denial.yieldsTo | some denial in denials} == {[]}
}

test_the_same_bytes_with_another_manifest_enter_anew if {
	other := testing.edited(platform_ends("2026-01-01T00:00:00Z"), {"/deployment/previous": object.union(
		inputs.deployment.deployment.release,
		{"manifest": "0000000000000000000000000000000000000000"},
	)})
	testing.codes(evidence_current.deny) == {"release-evidence-expired"} with input as other
}

test_other_bytes_with_the_same_manifest_enter_anew if {
	other := testing.edited(platform_ends("2026-01-01T00:00:00Z"), {"/deployment/previous": object.union(
		inputs.deployment.deployment.release,
		{"artifact": "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"},
	)})
	testing.codes(evidence_current.deny) == {"release-evidence-expired"} with input as other
}

test_what_stands_already_may_be_rendered_anew if {
	same := testing.edited(platform_ends("2026-01-01T00:00:00Z"), {"/deployment/previous": inputs.deployment.deployment.release})
	evidence_current.deny == set() with input as same
}

test_what_serves_the_rest_takes_back_its_traffic if {
	evidence_current.deny == set() with input as taking_back({})
}

test_other_bytes_than_the_rest_enter_anew if {
	other := taking_back({"artifact": "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"})
	testing.codes(evidence_current.deny) == {"release-evidence-expired"} with input as other
}

test_another_manifest_than_the_rests_enters_anew if {
	other := taking_back({"manifest": "0000000000000000000000000000000000000000"})
	testing.codes(evidence_current.deny) == {"release-evidence-expired"} with input as other
}

taking_back(changes) := testing.edited(platform_ends("2026-01-01T00:00:00Z"), {"/deployment/previous": object.union(
	inputs.deployment.deployment.release,
	{
		"artifact": "sha256:c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3",
		"rest": object.union(rest, changes),
	},
)})

rest := {name: inputs.deployment.deployment.release[name] | some name in ["version", "artifact", "manifest", "decision"]}

test_what_does_not_move_is_not_asked if {
	still := testing.edited(platform_ends("2026-01-01T00:00:00Z"), {"/deployment/movement": null})
	evidence_current.deny == set() with input as still
}

test_a_draft_has_no_evidence_to_expire if {
	draft := testing.edited(entering, {"/evidence": [], "/model/artifact": null})
	evidence_current.deny == set() with input as draft
}

bad := {"name": "latency", "passed": false, "expected": "at most 50 ms", "actual": "900 ms"}

found_bad(number) := testing.edited(entering, {
	sprintf("/evidence/%d/failed", [number]): [bad],
	sprintf("/evidence/%d/disproves", [number]): true,
	sprintf("/evidence/%d/finishedAt", [number]): "2026-01-10T12:00:00Z",
})

test_a_finding_that_speaks_against_it_keeps_it_out if {
	denials := evidence_current.deny with input as found_bad(0)
	testing.said(denials) == {[
		"release-evidence-failed",
		"validation (run: platform): at most 50 ms",
		"900 ms, found at 2026-01-10T12:00:00Z",
	]}
	{denial.message | some denial in denials} == {"Since it was let in, validator found something wrong: latency."}
	{denial.yieldsTo | some denial in denials} == {["waiver", "emergency"]}
	count([remedy | some denial in denials; some option in denial.remedies; some remedy in option]) == 1
}

test_so_does_a_scan if {
	denials := evidence_current.deny with input as found_bad(2)
	{denial.expected | some denial in denials} == {"scan (run: none): at most 50 ms"}
}

test_a_team_s_run_speaks_against_nothing if evidence_current.deny == set() with input as found_bad(1)

test_what_was_taken_back_or_is_not_recorded_speaks_against_nothing if {
	taken_back := testing.edited(found_bad(0), {"/evidence/0/disproves": false})
	evidence_current.deny == set() with input as taken_back
}

test_what_is_bound_to_another_manifest_speaks_against_nothing if {
	both := testing.edited(found_bad(0), {
		"/evidence/0/bound": false,
		"/evidence/1": object.union(entering.evidence[0], {"disproves": false}),
	})
	not "release-evidence-failed" in testing.codes(evidence_current.deny) with input as both
}

test_what_serves_already_is_not_taken_out_by_it if {
	same := testing.edited(found_bad(0), {"/deployment/previous": inputs.deployment.deployment.release})
	evidence_current.deny == set() with input as same
}

test_a_model_that_asks_for_nothing_is_not_asked if evidence_current.deny == set() with input as inputs.model

asking := testing.edited(inputs.model, {"/model/revalidation": {
	"requestedAt": "2026-01-15T11:00:00Z",
	"reason": "It is a year old.",
}})

found_at(moment) := testing.edited(asking, {
	"/evidence/0/finishedAt": moment,
	"/evidence/1/finishedAt": moment,
	"/evidence/2/finishedAt": moment,
})

test_a_model_that_asks_needs_newer_runs if {
	denials := evidence_current.deny with input as found_at("2026-01-15T10:59:59Z")
	testing.said(denials) == {
		[
			"revalidation-missing",
			"validation (run: platform), clean and after 2026-01-15T11:00:00Z",
			"1 older ones, or with failed checks",
		],
		[
			"revalidation-missing",
			"validation (run: team), clean and after 2026-01-15T11:00:00Z",
			"1 older ones, or with failed checks",
		],
		[
			"revalidation-missing",
			"scan (run: none), clean and after 2026-01-15T11:00:00Z",
			"1 older ones, or with failed checks",
		],
	}
	{denial.message | some denial in denials} == {"The manifest asks for a new validation: It is a year old."}
	count([remedy | some denial in denials; some option in denial.remedies; some remedy in option]) == 3
}

test_runs_of_that_very_moment_pass if evidence_current.deny == set() with input as found_at("2026-01-15T11:00:00Z")

test_a_newer_run_that_failed_is_denied if {
	failed := testing.edited(found_at("2026-01-15T11:30:00Z"), {"/evidence/0/failed": [{
		"name": "latency",
		"passed": false,
		"expected": "fast",
		"actual": "slow",
	}]})
	denials := evidence_current.deny with input as failed
	{denial.expected | some denial in denials} == {"validation (run: platform), clean and after 2026-01-15T11:00:00Z"}
}

test_a_provider_s_model_has_nothing_to_run_again if {
	route := testing.edited(inputs.generative, {"/model/revalidation": asking.model.revalidation})
	evidence_current.deny == set() with input as route
}

test_a_provider_s_model_is_not_scanned if {
	bare := testing.edited(entering, {"/model": inputs.generative.model, "/evidence": []})
	denials := evidence_current.deny with input as bare
	{denial.expected | some denial in denials} == {"bill-of-materials (run: none) by a key that counts"}
}

test_what_main_asks_for_already_is_not_asked_again if {
	before := found_at("2026-01-15T10:00:00Z")
	again := testing.edited(before, {"/previousModel": before.model})
	evidence_current.deny == set() with input as again
}

test_a_release_of_a_manifest_that_asks_is_not_asked if {
	release := testing.edited(entering, {"/model/revalidation": asking.model.revalidation})
	evidence_current.deny == set() with input as release
}
