"""What can go wrong when somebody signs in elsewhere.

ProviderFault
    ProviderAway     the provider cannot be reached, or does not answer as it has to; it may pass
    SignInRefused    what came back is not what was asked for
    NotLinked        the provider says who it is, but nobody here is that

The message is ours, for the log: nothing that came from outside stands in it.
"""

from __future__ import annotations


class ProviderFault(Exception):
    """Nobody is signed in."""


class ProviderAway(ProviderFault):
    """The provider cannot be reached, or does not answer as it has to."""


class SignInRefused(ProviderFault):
    """What came back is not what was asked for."""


class NotLinked(ProviderFault):
    """Nobody here is who signed in there. Its subject is kept for the page, which tells it to that very person."""

    def __init__(self, message: str, subject: str) -> None:
        super().__init__(message)
        self.subject = subject
