package turnpike.rules.team_run_clean_test

import data.turnpike.rules.team_run_clean
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_clean_run_passes if team_run_clean.deny == set() with input as inputs.model

test_checks_that_did_not_run_are_denied if {
	denials := team_run_clean.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.said(denials) == {["team-run-missing", "a run of: monotonicity", "none"]}
}

test_a_run_for_another_manifest_does_not_count if {
	denials := team_run_clean.deny with input as testing.edited(inputs.model, {"/evidence/1/bound": false})
	testing.codes(denials) == {"team-run-missing"}
}

test_a_model_without_checks_needs_no_run if {
	team_run_clean.deny == set() with input as testing.edited(inputs.model, {"/model/validation/checks": [], "/evidence": []})
}

test_each_failed_check_is_denied if {
	denials := team_run_clean.deny with input as testing.edited(inputs.model, {"/evidence/1/failed": [falling]})
	testing.said(denials) == {["team-check-failed", "rises with radius", "falls at 12.5"]}
}

test_a_clean_run_beside_a_failed_one_passes if {
	failed := object.union(inputs.model.evidence[1], {"failed": [falling]})
	both := array.concat([failed], inputs.model.evidence)
	team_run_clean.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_a_failed_run_of_a_model_without_checks_is_denied_too if {
	odd := testing.edited(inputs.model, {
		"/model/validation/checks": [],
		"/evidence/1/failed": [falling],
	})
	testing.codes(team_run_clean.deny) == {"team-check-failed"} with input as odd
}

test_a_draft_is_refused_elsewhere if {
	team_run_clean.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
}

test_a_generative_model_has_no_checks if team_run_clean.deny == set() with input as inputs.generative

test_a_deployment_is_not_asked if {
	evidence := testing.edited(inputs.model, {"/evidence/1/failed": [falling]}).evidence
	team_run_clean.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": evidence})
	team_run_clean.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": []})
}

falling := {
	"name": "monotonicity",
	"passed": false,
	"expected": "rises with radius",
	"actual": "falls at 12.5",
}
