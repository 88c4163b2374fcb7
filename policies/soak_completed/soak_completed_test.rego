package turnpike.rules.soak_completed_test

import data.turnpike.rules.soak_completed
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_completed_soak_passes if soak_completed.deny == set() with input as inputs.deployment

test_a_soak_that_just_suffices_passes if soak_completed.deny == set() with input as seen(3600)

test_one_second_too_few_is_denied if {
	denials := soak_completed.deny with input as seen(3599)
	testing.said(denials) == {["soak-incomplete", "3600 seconds healthy in staging", "3599 seconds"]}
	[remedy.text | some denial in denials; some option in denial.remedies; some remedy in option] == ["1 more seconds seen healthy in staging"]
}

test_other_bytes_soak_for_themselves if {
	other := testing.edited(inputs.deployment, {"/deployment/sources/0/artifact": "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"})
	testing.said(soak_completed.deny) == {["soak-incomplete", "3600 seconds healthy in staging", "0 seconds"]} with input as other
}

test_a_release_that_is_nowhere_has_not_soaked if {
	nowhere := testing.edited(inputs.deployment, {"/deployment/sources": []})
	testing.codes(soak_completed.deny) == {"soak-incomplete"} with input as nowhere
}

test_the_best_target_of_a_stage_counts if {
	two := testing.edited(seen(10), {"/deployment/sources": [
		object.union(first, {"target": "local", "healthySeconds": 3600}),
		object.union(first, {"healthySeconds": 10}),
	]})
	soak_completed.deny == set() with input as two
}

test_where_all_stages_must_have_it_each_is_asked if {
	both := testing.edited(inputs.deployment, {
		"/deployment/environment/fanIn": "all",
		"/deployment/environment/promotesFrom": ["staging", "canary"],
	})
	testing.said(soak_completed.deny) == {["soak-incomplete", "3600 seconds healthy in canary", "0 seconds"]} with input as both
}

test_where_any_stage_will_do_the_others_are_not_asked if {
	two := testing.edited(inputs.deployment, {"/deployment/environment/promotesFrom": ["staging", "canary"]})
	soak_completed.deny == set() with input as two
}

test_an_environment_without_a_soak_passes if {
	soak_completed.deny == set() with input as testing.edited(seen(0), {"/deployment/environment/soakSeconds": 0})
}

test_a_first_environment_has_no_stage_before if {
	first_stage := testing.edited(seen(0), {
		"/deployment/environment/promotesFrom": [],
		"/deployment/release/promotedFrom": null,
	})
	soak_completed.deny == set() with input as first_stage
}

test_a_rollback_passes if {
	soak_completed.deny == set() with input as testing.edited(seen(0), {"/deployment/rollback": true})
}

test_what_does_not_move_is_not_asked if {
	soak_completed.deny == set() with input as testing.edited(seen(0), {"/deployment/movement": null})
}

test_a_deleted_deployment_is_not_asked if {
	soak_completed.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

seen(seconds) := testing.edited(inputs.deployment, {"/deployment/sources/0/healthySeconds": seconds})

first := inputs.deployment.deployment.sources[0]
