package turnpike.rules.platform_run_clean_test

import data.turnpike.rules.platform_run_clean
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_clean_run_passes if platform_run_clean.deny == set() with input as inputs.model

test_each_failed_check_is_denied if {
	denials := platform_run_clean.deny with input as testing.edited(inputs.model, {"/evidence/0/failed": [slow]})
	testing.said(denials) == {["platform-check-failed", "at most 50 ms", "80 ms"]}
}

test_no_run_at_all_is_refused_elsewhere if {
	platform_run_clean.deny == set() with input as testing.edited(inputs.model, {"/evidence": []})
}

test_a_clean_run_beside_a_failed_one_passes if {
	failed := object.union(inputs.model.evidence[0], {"failed": [slow]})
	both := array.concat([failed], inputs.model.evidence)
	platform_run_clean.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_a_failed_check_of_the_team_is_denied_elsewhere if {
	platform_run_clean.deny == set() with input as testing.edited(inputs.model, {"/evidence/1/failed": [slow]})
}

test_a_clean_run_for_another_manifest_does_not_help if {
	failed := object.union(inputs.model.evidence[0], {"failed": [slow]})
	unbound := object.union(inputs.model.evidence[0], {"bound": false})
	denials := platform_run_clean.deny with input as testing.edited(inputs.model, {"/evidence": [failed, unbound]})
	testing.codes(denials) == {"platform-check-failed"}
}

test_a_deployment_is_not_asked if {
	evidence := testing.edited(inputs.model, {"/evidence/0/failed": [slow]}).evidence
	platform_run_clean.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": evidence})
}

slow := {"name": "latency", "passed": false, "expected": "at most 50 ms", "actual": "80 ms"}
