"""The authorization server: OAuth 2.1 (draft) and OpenID Connect Core 1.0 on Authlib's grants.

    texts      secrets, codes, refresh tokens: made at random, kept as digests
    clients    who asks for tokens, as Authlib sees it
    families   grants, from which all tokens of one family come, and with which they end
    issuing    what a token endpoint answers with
    codes      authorization code with PKCE (RFC 7636, S256 alone), and the ID token
    refreshing refresh tokens, used once (RFC 9700, section 4.14)
    own        client credentials
    ending     revocation (RFC 7009) and introspection (RFC 7662)
    server     all of this, for one transaction
    passwords  how users prove who they are
    sessions   browsers in which they have

Authlib is synchronous: a server is made for one connection within `run_sync`. What it does stays when it refuses a
request, for a refusal may be the end of a family.
"""
