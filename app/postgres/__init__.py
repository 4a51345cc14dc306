"""PostgreSQL inside the product: a private server over a folder, run only while somebody uses it.

Any number of processes may use one folder at once; the first starts the server, the last to leave stops it.
What was committed survives the death of all of them: the next to come recovers it.
"""

from app.postgres.embedded import EmbeddedServer, embedded
from app.postgres.errors import PostgresError

__all__ = ["EmbeddedServer", "PostgresError", "embedded"]
