package turnpike.rules.card_complete_test

import data.turnpike.rules.card_complete
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_complete_card_passes if card_complete.deny == set() with input as inputs.model

test_headings_may_differ_in_case if {
	shouted := [upper(heading) | some heading in inputs.model.card]
	card_complete.deny == set() with input as testing.edited(inputs.model, {"/card": shouted})
}

test_a_generative_model_has_sections_of_its_own if {
	lean := testing.edited(inputs.generative, {"/card": [
		"Intended use",
		"Out-of-scope use",
		"Data",
		"Limitations",
		"Ethical considerations",
	]})
	card_complete.deny == set() with input as lean
}

test_no_card_is_denied if {
	denials := card_complete.deny with input as testing.edited(inputs.model, {"/card": null})
	testing.said(denials) == {["card-missing", "card.md beside model.yaml", "no such file"]}
}

test_each_missing_section_is_denied if {
	lean := testing.edited(inputs.model, {"/model/riskTier": "low", "/card": ["Data", "Intended use", "Performance"]})
	denials := card_complete.deny with input as lean
	testing.said(denials) == {
		["card-section-missing", "Limitations", "Data, Intended use, Performance"],
		["card-section-missing", "Out-of-scope use", "Data, Intended use, Performance"],
	}
}

test_an_empty_card_is_said_to_hold_nothing if {
	denials := card_complete.deny with input as testing.edited(inputs.model, {"/card": []})
	{denial.actual | some denial in denials} == {"nothing"}
}

test_a_deleted_model_needs_no_card if {
	card_complete.deny == set() with input as testing.edited(inputs.model, {"/model": null, "/card": null})
}

test_a_deployment_is_not_asked if card_complete.deny == set() with input as inputs.deployment

test_a_card_beside_a_deployment_is_not_asked_for_sections if {
	card_complete.deny == set() with input as testing.edited(inputs.deployment, {"/card": []})
}
