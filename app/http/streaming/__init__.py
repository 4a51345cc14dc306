"""Operations that last: graphql-transport-ws over WebSockets, and GraphQL over server-sent events.

    sockets     handshake: subprotocol, origin, place
    socket      one connection, from `connection_init` to its close
    messages    a frame → a message, or why it closes the socket
    events      one request → one stream of events
    telling     an operation → its responses: one, or one after another
    transport   uvicorn's WebSocket protocol, mended

What lasts holds no queue. Whoever tells waits until the peer has taken what was told before, and a subscription tells
the state at that time; a peer that takes nothing for a while is left.
"""
