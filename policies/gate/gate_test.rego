package turnpike.gate_test

import data.turnpike.gate
import data.turnpike.testing
import data.turnpike.testing.inputs

test_every_rule_passes_the_valid_inputs if {
	answers := gate.batch with input as {"batch": valid}
	[answer.denials | some answer in answers] == [[], [], [], [], []]
}

test_every_rule_answers_for_every_input if {
	answers := gate.batch with input as {"batch": valid}
	every answer in answers {
		{rule | some rule in answer.rules} == {rule | some rule, _ in data.turnpike.rules; not endswith(rule, "_test")}
	}
}

test_the_answers_keep_the_order_of_the_batch if {
	draft := testing.edited(inputs.model, {"/model/artifact": null})
	answers := gate.batch with input as {"batch": [inputs.model, draft, inputs.model]}
	[count(answer.denials) | some answer in answers] == [0, 1, 0]
}

test_denials_of_several_rules_come_together_and_sorted if {
	bad := testing.edited(inputs.model, {"/model/onCall": null, "/card": null})
	answers := gate.batch with input as {"batch": [bad]}
	[denial.code | some denial in answers[0].denials] == ["card-missing", "on-call-missing"]
}

test_an_empty_batch_has_no_answers if gate.batch == [] with input as {"batch": []}

valid := [inputs.model, inputs.generative, inputs.deployment, inputs.root, inputs.change]
