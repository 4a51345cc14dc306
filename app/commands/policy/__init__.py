"""c360 policy: the rules, from files and in the database."""

import typer

from app.commands.policy import activating, comparing, explaining, exporting, linting, schema, testing, weighing

commands = typer.Typer(no_args_is_help=True, help="Check, test, explain, show and activate the policy.")
commands.command()(linting.lint)
commands.command(name="test")(testing.run_tests)
commands.command()(explaining.explain)
commands.command()(activating.apply)
commands.command()(activating.show)
commands.command()(activating.rollback)
commands.command()(comparing.diff)
commands.command()(weighing.impact)
commands.command()(exporting.export)
commands.command()(schema.schema)
