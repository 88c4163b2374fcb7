package turnpike.rules.resources_within_quota_test

import data.turnpike.rules.resources_within_quota
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_team_exactly_at_its_quota_passes if resources_within_quota.deny == set() with input as inputs.deployment

test_too_much_processor_is_denied if {
	denials := resources_within_quota.deny with input as testing.edited(inputs.deployment, {"/deployment/usage/cpuMillicores": 8001})
	testing.said(denials) == {["quota-exceeded", "at most 8000 millicores of CPU", "8001"]}
}

test_too_much_memory_is_denied if {
	denials := resources_within_quota.deny with input as testing.edited(inputs.deployment, {"/deployment/usage/memoryMebibytes": 16385})
	testing.said(denials) == {["quota-exceeded", "at most 16384 MiB of memory", "16385"]}
}

test_an_unknown_team_is_denied if {
	denials := resources_within_quota.deny with input as testing.edited(inputs.deployment, {"/team": null})
	testing.said(denials) == {["team-unknown", "a team in policies/data/organisation.yaml", "none of that name"]}
}

test_a_model_of_an_unknown_team_is_denied if {
	testing.codes(resources_within_quota.deny) == {"team-unknown"} with input as testing.edited(inputs.model, {"/team": null})
}

test_a_change_as_a_whole_has_no_team if resources_within_quota.deny == set() with input as inputs.change

test_a_deleted_deployment_asks_for_nothing if {
	resources_within_quota.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}
