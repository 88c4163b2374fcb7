package turnpike.rules.on_call_present_test

import data.turnpike.rules.on_call_present
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_rotation_of_the_team_passes if on_call_present.deny == set() with input as inputs.model

test_nobody_on_call_is_denied if {
	denials := on_call_present.deny with input as testing.edited(inputs.model, {"/model/onCall": null})
	testing.said(denials) == {["on-call-missing", "onCall: rotation and channel", "none"]}
}

test_a_rotation_that_the_team_does_not_have_is_denied if {
	denials := on_call_present.deny with input as testing.edited(inputs.model, {"/model/onCall/rotation": "nights"})
	testing.said(denials) == {["on-call-unknown", "oncology-on-call", "nights"]}
}

test_a_team_without_rotations_is_denied if {
	denials := on_call_present.deny with input as testing.edited(inputs.model, {"/team/onCallRotations": []})
	testing.said(denials) == {["on-call-unknown", "nothing", "oncology-on-call"]}
}

test_an_unknown_team_is_denied if {
	denials := on_call_present.deny with input as testing.edited(inputs.model, {"/team": null})
	testing.codes(denials) == {"on-call-unknown"}
}

test_a_deleted_model_needs_nobody if {
	on_call_present.deny == set() with input as testing.edited(inputs.model, {"/model": null})
}

test_a_deployment_is_not_asked if {
	on_call_present.deny == set() with input as testing.edited(inputs.deployment, {"/model/onCall": null})
	on_call_present.deny == set() with input as testing.edited(inputs.deployment, {"/model/onCall/rotation": "nights"})
}
