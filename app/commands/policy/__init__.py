"""c360 policy: the rules, from files and in the database."""

import typer

from app.commands.policy import activating, linting, schema, testing

commands = typer.Typer(no_args_is_help=True, help="Check, test, show and activate the policy.")
commands.command()(linting.lint)
commands.command(name="test")(testing.run_tests)
commands.command()(activating.apply)
commands.command()(activating.show)
commands.command()(schema.schema)
