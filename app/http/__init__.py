"""The product on the wire: the graph, GraphiQL, health, and what development mode adds."""
