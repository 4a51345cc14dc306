"""From the socket to the application, and the end of a process.

server       uvicorn's server, which says when it is about to end
connection   uvicorn's connection, which waits for no request longer than it may
"""

from app.http.serving.connection import Connection
from app.http.serving.server import Server

__all__ = ["Connection", "Server"]
