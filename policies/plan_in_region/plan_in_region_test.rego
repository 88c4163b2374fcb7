package turnpike.rules.plan_in_region_test

import data.turnpike.rules.plan_in_region
import data.turnpike.testing
import data.turnpike.testing.inputs

aws := "registry.terraform.io/hashicorp/aws"

google := "registry.terraform.io/hashicorp/google"

test_a_provider_in_a_region_of_the_residency_passes if plan_in_region.deny == set() with input as inputs.root

test_a_provider_elsewhere_is_denied if {
	denials := plan_in_region.deny with input as provided(true, ["us-east-1"])
	testing.said(denials) == {[
		"region-outside-residency",
		sprintf("%s: one of EU, eu-central-1, eu-west-1", [aws]),
		"us-east-1",
	]}
}

test_a_provider_whose_region_nobody_knows_is_denied if {
	testing.codes(plan_in_region.deny) == {"region-outside-residency"} with input as provided(false, ["eu-central-1"])
	testing.codes(plan_in_region.deny) == {"region-outside-residency"} with input as provided(true, [])
}

test_a_resource_whose_provider_is_nowhere_configured_is_denied if {
	denials := plan_in_region.deny with input as testing.edited(inputs.root, {"/terraformRoot/plan/providers": []})
	testing.codes(denials) == {"region-outside-residency"}
	"aws_s3_bucket.this would lie outside of where the environment's data may be." in {denial.message | some denial in denials}
	edits := {"/terraformRoot/plan/providers": [], "/terraformRoot/plan/resources": of_google}
	plan_in_region.deny == set() with input as testing.edited(inputs.root, edits)
}

test_one_region_elsewhere_is_enough if {
	testing.codes(plan_in_region.deny) == {"region-outside-residency"} with input as provided(true, ["eu-central-1", "us-east-1"])
}

test_a_provider_that_says_no_region_is_asked_for_none if {
	edits := {"/terraformRoot/plan/providers/0/source": google, "/terraformRoot/plan/resources": of_google}
	plan_in_region.deny == set() with input as testing.edited(provided(true, []), edits)
}

test_a_resource_lies_in_a_region_a_zone_or_the_residency if {
	every place in {"eu-west-1", "EU-WEST-1", "eu-west-1-a", "EU", "global"} {
		plan_in_region.deny == set() with input as located("location", place)
	}
}

test_a_resource_elsewhere_is_denied if {
	every place in {"us", "us-east1", "eu-west-10", "eu-west-1-ab", "xeu-west-1"} {
		denials := plan_in_region.deny with input as located("location", place)
		testing.codes(denials) == {"region-outside-residency"}
	}
}

test_what_keeps_state_lies_somewhere if {
	stateful := testing.edited(located("location", "global"), {"/terraformRoot/plan/resources/6/stateful": true})
	testing.codes(plan_in_region.deny) == {"region-outside-residency"} with input as stateful
	inside := testing.edited(located("location", "eu-west-1"), {"/terraformRoot/plan/resources/6/stateful": true})
	plan_in_region.deny == set() with input as inside
}

test_what_is_copied_wherever_the_cloud_likes_is_denied if {
	path := "replication.@each.user_managed.@each.replicas.@each.location"
	unknown := plan_in_region.deny with input as secret(path, {"known": false, "values": []})
	testing.codes(unknown) == {"region-left-to-the-cloud", "region-outside-residency"}
	denials := plan_in_region.deny with input as secret(path, {"known": true, "values": []})
	testing.said(denials) == {[
		"region-left-to-the-cloud",
		sprintf("module.nodes.aws_eks_node_group.this: %s: one-matching .", [path]),
		"nothing",
	]}
	plan_in_region.deny == set() with input as secret(path, {"known": true, "values": ["eu-west-1"]})
}

test_only_what_says_where_it_lies_is_asked if {
	plan_in_region.deny == set() with input as located("machine_type", "us-east1")
	of_aws := testing.edited(located("location", "us-east-1"), {"/terraformRoot/plan/resources/6/provider": aws})
	plan_in_region.deny == set() with input as of_aws
}

test_what_is_removed_lies_nowhere if {
	plan_in_region.deny == set() with input as testing.edited(provided(true, ["us-east-1"]), {"/terraformRoot/removed": true})
}

test_without_a_plan_nothing_lies_anywhere if plan_in_region.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/plan": null})

test_an_environment_without_a_target_there_has_no_region if {
	testing.codes(plan_in_region.deny) == {"region-outside-residency"} with input as testing.edited(inputs.root, {"/terraformRoot/regions": []})
}

provided(known, regions) := testing.edited(inputs.root, {"/terraformRoot/plan/providers/0/regions": {"known": known, "values": regions}})

located(attribute, place) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/provider": google,
	"/terraformRoot/plan/resources/6/attributes": {attribute: {"known": true, "values": [place]}},
})

secret(path, found) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/provider": google,
	"/terraformRoot/plan/resources/6/type": "google_secret_manager_secret",
	"/terraformRoot/plan/resources/6/attributes": {path: object.union({"given": true, "begins": [], "sources": []}, found)},
})

of_google := [object.union(resource, {"provider": google}) |
	some resource in inputs.root.terraformRoot.plan.resources
]
