# METADATA
# title: Gate
# description: >-
#   Asks every rule about every input of a batch. The answer lists the rules that were asked, so
#   that the judge can see that none is missing; an input without an answer is a failure, not a yes.
# schemas:
#   - input: schema.batch
package turnpike.gate

# METADATA
# description: The answers, in the order of the batch.
# entrypoint: true
batch := [answer |
	some one in input.batch
	answer := decision with input as one
]

# METADATA
# description: What all rules say of one input.
decision := {
	"rules": sort([rule | some rule; data.turnpike.rules[rule].deny]),
	"denials": sort([denial | some rule; some denial in data.turnpike.rules[rule].deny]),
	"notes": sort([told | some rule; some told in data.turnpike.rules[rule].note]),
}
