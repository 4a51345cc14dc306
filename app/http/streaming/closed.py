"""Why a socket is closed.

    1012  the server stops            4400  no message of the protocol      4408  no `connection_init` in time
    1013  try again later             4401  nothing may be asked (any more) 4409  an id that is in use
    1009  a message too long          4403  the token is not valid (now)    4429  a second `connection_init`
    1011  a fault of ours             4406  another subprotocol

The client of the npm package graphql-ws connects again after 1012, 1013 and 4403, asking for its token anew, and
after 4408; all others it reports.
"""

from __future__ import annotations


class Closed(Exception):
    """A socket is to be closed, with a code and a reason of at most 123 bytes. What runs may end where it is `gentle`."""

    def __init__(self, code: int, reason: str, *, gentle: bool = False) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason, self.gentle = code, reason, gentle


class Gone(Closed):
    """The peer has closed, or takes nothing."""

    def __init__(self, code: int = 1006) -> None:
        super().__init__(code, "")
