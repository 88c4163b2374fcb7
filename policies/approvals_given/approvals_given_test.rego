package turnpike.rules.approvals_given_test

import data.turnpike.rules.approvals_given
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_met_requirement_passes if approvals_given.deny == set() with input as inputs.change

test_no_requirement_at_all_passes if {
	approvals_given.deny == set() with input as testing.edited(inputs.change, {"/requirements": []})
}

test_each_missing_approval_is_denied if {
	denials := approvals_given.deny with input as missing(inputs.change, "risk-quorum")
	testing.said(denials) == {["approvals-missing", "2 of risk-quorum", "1"]}
	{denial.message | some denial in denials} == {"risk-quorum must approve (riskTier high)."}
}

test_a_path_without_owner_is_denied if {
	denials := approvals_given.deny with input as missing(inputs.change, "")
	testing.said(denials) == {["approvals-missing", "2 of an owner (the path has none)", "1"]}
}

test_only_the_change_as_a_whole_is_asked if {
	approvals_given.deny == set() with input as missing(inputs.model, "risk-quorum")
}

missing(document, group) := testing.edited(document, {"/requirements": [{
	"group": group,
	"count": 2,
	"given": 1,
	"missing": 1,
	"reason": "riskTier high",
}]})
