package turnpike.rules.release_group_whole_test

import data.turnpike.rules.release_group_whole
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_model_without_a_group_moves_alone if release_group_whole.deny == set() with input as inputs.deployment

test_a_group_whose_others_stand_as_in_the_stage_before_passes if {
	release_group_whole.deny == set() with input as beside(["sha256:aa", "sha256:bb"], "sha256:bb")
}

test_a_companion_with_other_bytes_is_left_behind if {
	denials := release_group_whole.deny with input as beside(["sha256:bb"], "sha256:aa")
	testing.said(denials) == {["release-group-split", "oncology/second-reader in the same target: sha256:bb", "sha256:aa"]}
	{denial.yieldsTo | some denial in denials} == {["waiver", "emergency"]}
}

test_a_companion_that_is_not_there_yet_is_left_behind if {
	denials := release_group_whole.deny with input as beside(["sha256:bb"], null)
	testing.said(denials) == {["release-group-split", "oncology/second-reader in the same target: sha256:bb", "no release of it"]}
}

test_a_rollback_passes if {
	back := testing.edited(beside(["sha256:bb"], "sha256:aa"), {"/deployment/rollback": true})
	release_group_whole.deny == set() with input as back
}

test_what_does_not_move_is_not_asked if {
	still := testing.edited(beside(["sha256:bb"], null), {"/deployment/movement": null})
	release_group_whole.deny == set() with input as still
}

test_a_deleted_deployment_is_not_asked if {
	release_group_whole.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

beside(there, here) := testing.edited(inputs.deployment, {"/deployment/companions": [{
	"model": "oncology/second-reader",
	"group": "mammography",
	"there": there,
	"here": here,
}]})
