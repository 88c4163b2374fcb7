# METADATA
# title: Modules and providers are pinned
# description: >-
#   A module comes from this repository or, from another one, by a whole commit id; a provider is one
#   that main names. Versions of providers stand with their hashes in the root's lock file.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: policies/data/plans.yaml (providers)
package turnpike.rules.plan_pinned

import data.turnpike.library.findings
import data.turnpike.library.plans

# METADATA
# title: A module is not pinned
# custom:
#   code: module-unpinned
#   yields_to: [waiver]
#   solution: >-
#     Bring the module into terraform/modules, or name the commit of its repository:
#     git::https://HOST/REPOSITORY?ref=<40 hexadecimal digits>.
deny contains finding if {
	input.terraformRoot.removed == false
	some module in input.terraformRoot.plan.modules
	not pinned(module.source)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s is whatever its source has when it is next asked.", [module.at]),
		"a module of this repository, or one by its commit",
		module.source,
		[],
	)
}

# METADATA
# title: A provider is not one that main names
# custom:
#   code: provider-unknown
#   solution: >-
#     Use a provider that policies/data/plans.yaml on main names, or have it added there by a change
#     of class policy.
deny contains finding if {
	used := {provider.source | some provider in input.terraformRoot.plan.providers}
	made := {resource.provider | some resource in plans.standing}
	some source in (used | made)
	not source in known
	finding := findings.denial(
		rego.metadata.rule(),
		"Nobody has looked at what this provider does, nor at what is judged of its resources.",
		sprintf("one of %s", [findings.listed(known)]),
		source,
		[],
	)
}

known := {provider.source | some provider in data.turnpike.data.plans.providers}

pinned(source) if regex.match("^\\.{1,2}/", source)

pinned(source) if regex.match("^git::(https|ssh)://[^?]+\\?ref=[0-9a-f]{40}$", source)
