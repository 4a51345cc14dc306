"""The product as it is served: the real policy, a real token, limits on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.caller import Caller
from benchmarks.contenders import SELECTIONS, Bodies, Contender, text_of, write_bodies
from benchmarks.processes import HOST, free_port, output_of, running
from benchmarks.volume import Volume
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

TOKEN_MINUTES = 60


@contextmanager
def ours(volume: Volume, caller: Caller, **settings: object) -> Iterator[Contender]:
    """Our server, as long as the block; with its default settings but for those given."""
    token = output_of(volume.c360("token", caller.email, "--minutes", str(TOKEN_MINUTES))).strip()
    port = free_port()
    base = f"http://{HOST}:{port}"
    tag = GRAPH["Customer"].tag
    ids = [encode(NodeId(tag, None, key)) for key in caller.cycle]
    bodies: Bodies = {
        "one": [{"query": text_of("one", "ours"), "variables": {"id": id_}} for id_ in ids],
        "list": [{"query": text_of("list", "ours")}],
    }
    files = write_bodies(volume.folder, "ours", bodies)
    with running(volume.c360("serve", host=HOST, port=port, **settings), f"{base}/readyz"):
        urls = dict.fromkeys(SELECTIONS, f"{base}/graphql")
        yield Contender("Customer 360", urls, files, {"Authorization": f"Bearer {token}"})
