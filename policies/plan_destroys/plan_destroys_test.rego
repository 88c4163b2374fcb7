package turnpike.rules.plan_destroys_test

import data.turnpike.rules.plan_destroys
import data.turnpike.testing
import data.turnpike.testing.inputs

reason := "destruction of aws_s3_bucket.this in terraform/environments/dev/aws"

test_a_plan_that_destroys_nothing_passes if plan_destroys.deny == set() with input as inputs.root

test_an_approved_destruction_passes if plan_destroys.deny == set() with input as destroying(reason, 0)

test_a_destruction_without_an_approval_of_its_own_is_denied if {
	denials := plan_destroys.deny with input as destroying("owners", 0)
	testing.said(denials) == {[
		"destruction-unapproved",
		"a met requirement whose reason is the destruction in terraform/environments/dev/aws",
		"destroyed without it: aws_s3_bucket.this",
	]}
	[denial.remedies | some denial in denials] == [[]]
}

test_a_destruction_whose_approval_is_still_missing_is_denied if {
	denials := plan_destroys.deny with input as destroying(reason, 1)
	testing.codes(denials) == {"destruction-unapproved"}
	[count(denial.remedies) | some denial in denials] == [1]
}

test_the_approval_of_another_roots_destruction_is_none if {
	testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as destroying(sprintf("%s-2", [reason]), 0)
}

test_another_reason_is_none if {
	testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as destroying("owners in terraform/environments/dev/aws", 0)
}

test_a_destruction_of_no_requirements_is_denied if {
	bare := testing.edited(destroying("", 0), {"/requirements": []})
	testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as bare
}

test_a_replacement_is_a_destruction if {
	again := testing.edited(destroying("owners", 0), {"/terraformRoot/plan/resources/0/actions": ["delete", "create"]})
	testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as again
}

test_what_is_forgotten_is_out_of_sight if {
	out := testing.edited(destroying("owners", 0), {"/terraformRoot/plan/resources/0/actions": ["forget"]})
	testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as out
	still := testing.edited(destroying("owners", 0), {"/terraformRoot/plan/resources/0/actions": ["update"]})
	plan_destroys.deny == set() with input as still
}

test_what_keeps_state_is_known_by_its_type_or_by_a_part_of_its_name if {
	every kind in ["aws_cloudtrail", "aws_other_volume", "google_sql_database"] {
		lost := testing.edited(destroying("owners", 0), {"/terraformRoot/plan/resources/0/type": kind})
		testing.codes(plan_destroys.deny) == {"destruction-unapproved"} with input as lost
	}
	every kind in ["aws_cloudtrails", "aws_volume_attachment", "aws_s3_bucket_acl"] {
		gone := testing.edited(destroying("owners", 0), {"/terraformRoot/plan/resources/0/type": kind})
		plan_destroys.deny == set() with input as gone
	}
}

test_what_keeps_nothing_may_go if {
	nodes := testing.edited(inputs.root, {"/terraformRoot/plan/resources/6/actions": ["delete"]})
	plan_destroys.deny == set() with input as nodes
}

test_without_a_plan_nothing_is_destroyed if plan_destroys.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/plan": null})

destroying(why, missing) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/0/actions": ["delete"],
	"/requirements": [{
		"group": "risk-quorum",
		"count": 1,
		"given": 1 - missing,
		"missing": missing,
		"reason": why,
	}],
})
