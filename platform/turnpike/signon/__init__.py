"""Who somebody is, as an OpenID provider says it: the flow, its tokens, and sessions of our own.

The provider says who; which groups that person is in, and what these may do, is said by Git alone.
Signatures are PyJWT's affair, nothing here computes one.
"""
