"""The authorization server: OAuth 2.1 (draft) and OpenID Connect Core 1.0 on Authlib's grants.

    texts      secrets, codes, refresh tokens: made at random, kept as digests
    clients    who asks for tokens, as Authlib sees it
    proving    how clients prove who they are, where Authlib does it otherwise than written
    families   grants, from which all tokens of one family come, and with which they end
    forgetting  what has ended is not kept for ever
    issuing    what a token endpoint answers with
    grants     authorization code with PKCE (RFC 7636, S256 alone), refresh tokens used once, client credentials
    openid     the ID token
    declaring  what is said of a client, and what is wrong with it
    registering  clients, made and changed
    built_in   the clients that come with the product: GraphiQL and the console
    documents  the documents that a client may ask by their digest
    ending     revocation (RFC 7009) and introspection (RFC 7662)
    server     all of this, for one transaction
    passwords  how users prove who they are
    sessions   browsers in which they have

Authlib is synchronous: a server is made for one connection within `run_sync`. What it does stays when it refuses a
request, for a refusal may be the end of a family.
"""
