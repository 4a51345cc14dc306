"""Two processes over one database, and a third that is the provider of both."""

from tests.http.fixtures import company, log, writer
from tests.http.processes.scene import office, other, three

__all__ = ["company", "log", "office", "other", "three", "writer"]
