package turnpike.rules.deletion_approved_test

import data.turnpike.rules.deletion_approved
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_change_that_deletes_nothing_passes if deletion_approved.deny == set() with input as inputs.change

test_an_approved_deletion_passes if deletion_approved.deny == set() with input as deletion("deletion of models/oncology/a/model.yaml", 0)

test_a_deletion_without_an_approval_of_its_own_is_denied if {
	denials := deletion_approved.deny with input as deletion("owners", 0)
	testing.said(denials) == {[
		"deletion-unapproved",
		"a met requirement whose reason is the deletion",
		"deleted without it: oncology/a",
	]}
}

test_a_deletion_whose_approval_is_still_missing_is_denied if {
	denials := deletion_approved.deny with input as deletion("deletion of models/oncology/a/model.yaml", 1)
	testing.codes(denials) == {"deletion-unapproved"}
}

test_a_deletion_of_no_requirements_is_denied if {
	bare := testing.edited(deletion("", 0), {"/requirements": []})
	testing.codes(deletion_approved.deny) == {"deletion-unapproved"} with input as bare
}

test_a_mass_deletion_is_denied if {
	mass := testing.edited(deletion("deletion of models", 0), {
		"/change/deletedModels": ["oncology/a", "oncology/b"],
		"/change/deletedReleases": releases(11),
	})
	denials := deletion_approved.deny with input as mass
	testing.said(denials) == {
		["deletion-too-large", "at most 1", "2"],
		["deletion-too-large", "at most 10", "11"],
	}
}

test_what_a_stop_recalls_is_not_counted if {
	recall := {"/change/deletedReleases": releases(14), "/change/recalledReleases": releases(4)}
	deletion_approved.deny == set() with input as testing.edited(inputs.change, recall)
	fewer := object.union(recall, {"/change/recalledReleases": releases(3)})
	denials := deletion_approved.deny with input as testing.edited(inputs.change, fewer)
	testing.said(denials) == {["deletion-too-large", "at most 10", "11"]}
}

test_as_many_releases_as_allowed_pass if {
	deletion_approved.deny == set() with input as testing.edited(inputs.change, {"/change/deletedReleases": releases(10)})
}

test_only_the_change_as_a_whole_is_asked if {
	many := testing.edited(inputs.model, {"/change/deletedModels": ["oncology/a", "oncology/b"]})
	deletion_approved.deny == set() with input as many
}

releases(count) := [sprintf("dev/local/oncology/%d", [number]) | some number in numbers.range(1, count)]

deletion(reason, missing) := testing.edited(inputs.change, {
	"/change/deletedModels": ["oncology/a"],
	"/requirements": [{
		"group": "platform-owners",
		"count": 1,
		"given": 1 - missing,
		"missing": missing,
		"reason": reason,
	}],
})
