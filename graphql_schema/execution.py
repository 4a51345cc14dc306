"""Execution by graphql-core, where finished JSON is passed through as it is."""

from __future__ import annotations

from typing import Any

import orjson
from graphql.execution.executor import Executor


class PassingThrough(Executor[Any]):
    """An executor that takes a `Fragment` for a completed value: the database has made it."""

    def complete_value(self, return_type: Any, *args: Any, **kwargs: Any) -> Any:
        """The fragment itself; anything else is completed as usual."""
        result = args[3] if len(args) > 3 else kwargs["result"]
        if isinstance(result, orjson.Fragment):
            return result
        return super().complete_value(return_type, *args, **kwargs)


class Introspected(PassingThrough):
    """Such an executor, which finds what is told of the schema in its context."""

    def complete_value(self, return_type: Any, *args: Any, **kwargs: Any) -> Any:
        """What was told already, under the response key of a field of Query."""
        path = args[2]
        if path.prev is None and path.key in (told := args[1].context.introspected):
            return told[path.key]
        return super().complete_value(return_type, *args, **kwargs)
