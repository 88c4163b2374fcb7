# METADATA
# title: Authorization of the child server
# description: >-
#   Only who holds the token may ask, and only for the gate's answer. The token itself is not kept
#   here, only its digest.
package system.authz

default allow := false

allow if {
	input.method == "POST"
	input.path == ["v1", "data", "turnpike", "server", "answer"]
	crypto.sha256(input.identity) == data.turnpike.server.tokenDigest
}
