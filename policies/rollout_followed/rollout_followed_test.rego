package turnpike.rules.rollout_followed_test

import data.turnpike.rules.rollout_followed
import data.turnpike.testing
import data.turnpike.testing.inputs

test_the_next_step_after_a_passed_analysis_passes if rollout_followed.deny == set() with input as inputs.deployment

test_a_share_that_no_step_gives_is_denied if {
	odd := testing.edited(inputs.deployment, {
		"/deployment/rollout/step": null,
		"/deployment/release/traffic": 40,
	})
	testing.said(rollout_followed.deny) == {["step-unknown", "traffic: one of 0, 10, 100", "40"]} with input as odd
}

test_a_skipped_step_is_denied if {
	denials := rollout_followed.deny with input as skipping
	testing.said(denials) == {["step-skipped", "10 % in aws-eu, gcp-eu first", "100 % in aws-eu at once"]}
	remedies(denials) == ["step 2 of the rollout is carried out: 10 % in gcp-eu, aws-eu"]
}

test_each_skipped_step_is_told if {
	two := testing.edited(inputs.deployment, {"/deployment/rollout/skipped": [
		{"number": 1, "traffic": 0, "targets": ["aws-eu"]},
		{"number": 2, "traffic": 10, "targets": ["aws-eu"]},
	]})
	count(rollout_followed.deny) == 2 with input as two
}

test_a_running_analysis_is_denied if {
	denials := rollout_followed.deny with input as analysed("running", ["12 of 600 seconds seen within the limits"])
	testing.said(denials) == {[
		"analysis-incomplete",
		"the analysis of step 2 passed in aws-eu",
		"12 of 600 seconds seen within the limits",
	]}
	remedies(denials) == ["the analysis of step 2 in aws-eu passes: 12 of 600 seconds seen within the limits"]
}

test_a_failed_analysis_is_denied_and_says_why if {
	failed := analysed("failed", ["5.00% of 120 requests failed, at most 1.00% may", "400 ms"])
	testing.said(rollout_followed.deny) == {[
		"analysis-failed",
		"the analysis of step 2 passed in aws-eu",
		"5.00% of 120 requests failed, at most 1.00% may; 400 ms",
	]} with input as failed
}

test_the_rest_stays_with_what_had_all_of_it if {
	elsewhere := testing.edited(inputs.deployment, {
		"/deployment/rollout/rest": rest("6"),
		"/deployment/release/rest": rest("5"),
	})
	testing.said(rollout_followed.deny) == {[
		"rest-differs",
		sprintf("rest: version 6 (%s)", [digest]),
		sprintf("rest: version 5 (%s)", [digest]),
	]} with input as elsewhere
}

test_a_rest_that_is_missing_is_denied if {
	missing := testing.edited(inputs.deployment, {"/deployment/rollout/rest": rest("6")})
	testing.codes(rollout_followed.deny) == {"rest-differs"} with input as missing
}

test_without_a_rollout_there_is_no_rest if {
	plain := testing.edited(inputs.deployment, {
		"/deployment/rollout": null,
		"/deployment/release/rest": rest("6"),
	})
	testing.said(rollout_followed.deny) == {[
		"rest-differs",
		"rest: nothing",
		sprintf("rest: version 6 (%s)", [digest]),
	]} with input as plain
}

test_an_environment_without_a_rollout_passes if {
	rollout_followed.deny == set() with input as testing.edited(inputs.deployment, {"/deployment/rollout": null})
}

test_a_rollback_passes_whatever_is_behind_it if {
	back := testing.edited(skipping, {
		"/deployment/rollback": true,
		"/deployment/rollout/analyses/0/verdict": "failed",
		"/deployment/rollout/step": null,
	})
	rollout_followed.deny == set() with input as back
}

test_a_rollback_has_no_rest if {
	back := testing.edited(inputs.deployment, {
		"/deployment/rollback": true,
		"/deployment/rollout/rest": rest("6"),
		"/deployment/release/rest": rest("6"),
	})
	testing.codes(rollout_followed.deny) == {"rest-differs"} with input as back
}

test_what_does_not_move_is_not_asked if {
	still := testing.edited(inputs.deployment, {
		"/deployment/rollout": null,
		"/deployment/movement": null,
		"/deployment/release/rest": rest("6"),
	})
	rollout_followed.deny == set() with input as still
}

test_a_deleted_deployment_is_not_asked if {
	rollout_followed.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

test_an_unknown_share_skips_nothing if {
	odd := testing.edited(skipping, {"/deployment/rollout/step": null})
	testing.codes(rollout_followed.deny) == {"step-unknown"} with input as odd
}

test_the_words_say_what_became_of_the_analysis if {
	running := rollout_followed.deny with input as analysed("running", [])
	{denial.message | some denial in running} == {"Step 2 (10 % in aws-eu) has not been seen for long enough."}
	failed := rollout_followed.deny with input as analysed("failed", [])
	{denial.message | some denial in failed} == {"Step 2 (10 % in aws-eu) was seen outside its limits."}
}

test_a_rollback_skips_steps_and_waits_for_no_analysis if {
	rollout_followed.deny == set() with input as testing.edited(skipping, {"/deployment/rollback": true})
	back := testing.edited(analysed("running", []), {"/deployment/rollback": true})
	rollout_followed.deny == set() with input as back
}

skipping := testing.edited(inputs.deployment, {"/deployment/rollout/skipped": [{
	"number": 2,
	"traffic": 10,
	"targets": ["gcp-eu", "aws-eu"],
}]})

analysed(verdict, reasons) := testing.edited(inputs.deployment, {
	"/deployment/rollout/analyses/0/verdict": verdict,
	"/deployment/rollout/analyses/0/reasons": reasons,
})

remedies(denials) := [remedy.text |
	some denial in denials
	some option in denial.remedies
	some remedy in option
]

digest := "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"

rest(version) := {
	"version": version,
	"artifact": digest,
	"manifest": "e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5",
	"decision": "sha256:d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4",
}
