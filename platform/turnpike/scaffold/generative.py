"""The manifest of a generative model: a provider's model behind the shared gateway."""

from __future__ import annotations

from turnpike.scaffold.subject import Subject, on_call


def generative_manifest(subject: Subject) -> str:
    """Return the manifest: a draft, for `turnpike register` to complete."""
    return _HEAD.format(team=subject.team, name=subject.name, contact=subject.contact) + (
        on_call(subject) + _REST
    )


_HEAD = """\
# yaml-language-server: $schema=../../../docs/schemas/model.schema.json
#
# A draft. Replace whatever says REPLACE, then run:
#   turnpike check models/{team}/{name}      what the gate would say
#   turnpike register models/{team}/{name}   registers the route, writes the block `artifact`
apiVersion: turnpike.dev/v1
kind: generative

# Name and team must equal the folder: models/<team>/<name>/.
name: {name}
team: {team}
description: "REPLACE: what the model writes, from what, for whom."
intendedUse: "REPLACE: who uses the text, and who answers for it."
outOfScopeUse: "REPLACE: what it must not be used for, even if it would seem to work."

# low, medium or high: the tier decides which evidence and whose approvals are needed.
riskTier: low # REPLACE
lifecycle: active

# People by their id in policies/data/organisation.yaml.
contacts:
  - person: {contact}
    role: data scientist

"""

_REST = """
# What is released is the digest of this block: every change in it is a new version. The gateway
# holds the provider's key; no key stands in any manifest.
route:
  provider: anthropic # anthropic, azure-openai, bedrock, openai or vertex-ai
  model: claude-sonnet-4-5 # REPLACE
  revision: "20250929" # REPLACE: a dated snapshot, never "latest"
  temperature: 0.0
  maxTokens: 1000
  systemPrompt: "REPLACE: the instruction that every request begins with."
  tokensPerMinute: 20000

serving:
  runtime: gateway
  resources: # of the team's share of the gateway
    cpuMillicores: 100
    memoryMebibytes: 128

# The promise to consumers; production admits no model without one.
slo:
  availabilityPercent: 99.0
  latencyP95Milliseconds: 20000.0

# The applications that call it (add them as they come):
# consumers:
#   - { application: the-application, contact: a-person, purpose: What it does with the text. }
"""
