# METADATA
# title: The card is complete
# description: >-
#   The model card has the sections that its kind and risk tier ask for, so that whoever reviews,
#   uses or audits the model finds its purpose, its data and its limits in the same places.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.card: schema.data.card
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/card.yaml
package turnpike.rules.card_complete

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: There is no card
# custom:
#   code: card-missing
#   solution: Write card.md beside model.yaml; `turnpike new` writes one with all sections.
deny contains finding if {
	applies
	not is_array(input.card)
	finding := findings.denial(
		rego.metadata.rule(),
		"The model has no card.",
		"card.md beside model.yaml",
		"no such file",
		[[remedies.such_as(["card"], sections)] |
			sections := data.turnpike.data.card.sections[input.model.kind][input.model.riskTier]
		],
	)
}

# METADATA
# title: A section is missing
# custom:
#   code: card-section-missing
#   yields_to: [waiver]
#   solution: Add the section as a heading of the second level (`## …`) to card.md.
deny contains finding if {
	applies
	is_array(input.card)
	some section in data.turnpike.data.card.sections[input.model.kind][input.model.riskTier]
	not lower(section) in headings
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The card of a %s model of tier %s needs the section %q.", [
			input.model.kind,
			input.model.riskTier,
			section,
		]),
		section,
		findings.listed(written),
		[[remedies.includes(["card"], section)]],
	)
}

headings contains lower(heading) if some heading in written

written contains heading if some heading in input.card

applies if {
	input.subject.kind == "model"
	is_object(input.model)
}
