# METADATA
# title: Answer of the child server
# description: >-
#   The gate's answers, with a proof that this server, and no other that took its port, gave them.
package turnpike.server

answer := {
	"results": data.turnpike.server.results,
	"proof": crypto.hmac.sha256(input.nonce, data.turnpike.server.secret),
}
