package turnpike.rules.risk_tier_kept_test

import data.turnpike.rules.risk_tier_kept
import data.turnpike.testing
import data.turnpike.testing.inputs

test_the_same_tier_passes if risk_tier_kept.deny == set() with input as inputs.model

test_a_lower_tier_with_new_bytes_is_denied if {
	denials := risk_tier_kept.deny with input as testing.edited(inputs.model, {"/model/riskTier": "medium"})
	testing.said(denials) == {["risk-tier-lowered", "riskTier: high", "riskTier: medium"]}
}

test_from_medium_to_low_is_lower_too if {
	lower_still := testing.edited(inputs.model, {"/model/riskTier": "low", "/previousModel/riskTier": "medium"})
	testing.codes(risk_tier_kept.deny) == {"risk-tier-lowered"} with input as lower_still
}

test_a_higher_tier_passes if {
	risk_tier_kept.deny == set() with input as testing.edited(inputs.model, {"/previousModel/riskTier": "low"})
}

test_a_lower_tier_without_new_bytes_passes_to_its_approvers if {
	alone := testing.edited(inputs.model, {
		"/model/riskTier": "low",
		"/previousModel/artifact": inputs.model.model.artifact,
	})
	risk_tier_kept.deny == set() with input as alone
}

test_a_new_model_had_no_tier if {
	risk_tier_kept.deny == set() with input as testing.edited(inputs.model, {"/previousModel": null})
}

test_a_deployment_is_not_asked if {
	older := testing.edited(inputs.deployment, {
		"/model/riskTier": "low",
		"/previousModel": inputs.model.previousModel,
	})
	risk_tier_kept.deny == set() with input as older
}
