"""Users who sign in elsewhere: the company's own OpenID providers (OpenID Connect Core 1.0, authorization code and PKCE).

    faults       what can go wrong, and whose fault it is
    fetching     one request to a provider, bounded in time and size, never led elsewhere
    discovery    where a provider's addresses and keys are, kept for an hour
    attempts     one sign-in under way, kept by the browser that began it
    exchanging   a code for claims
    verifying    an ID token → claims, or a refusal
    rules        which claims give which roles
    registering  providers, made and changed by an operator
    finding      providers that may be signed in with
    linking      who someone at a provider is here
    assigning    roles by the provider's rules, given and ended at each sign-in

What a provider says is believed of who someone is, and of nothing else: its tokens open nothing here.
"""
