"""c360 policy schema."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.common import print_json
from policies.document import RoleDocument
from policies.testing.document import TestDocument


def schema(tests: Annotated[bool, typer.Option("--tests", help="Of a table of tests instead.")] = False) -> None:
    """Print the JSON Schema of a policy document, for editors."""
    print_json((TestDocument if tests else RoleDocument).model_json_schema())
