"""c360 policy lint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from app.commands.common import AsJson, console, print_json
from app.commands.policy.documents import Folder, as_data, read_documents, refuse
from policies.faults import PolicyError
from policies.linting import Finding, Severity
from policies.linting import lint as findings_of
from policies.linting.widest import widest
from policies.loading import DEFAULT_RULES
from policies.rules import Policy
from policies.wording import listed


def lint(
    folder: Folder = DEFAULT_RULES,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="Show on what each role sees rows, at its widest.")] = False,
) -> None:
    """Check policy documents; every fault and every finding is shown with file and line. Exit code 1 where there is an error."""
    try:
        policy = read_documents(folder).policy
    except PolicyError as error:
        raise refuse(error, as_json=as_json) from None
    findings = findings_of(policy)
    if rows:
        _show_rows(policy, as_json=as_json)
    elif as_json:
        print_json(list(map(as_data, findings)))
    else:
        show_findings(findings)
        _sum_up(policy, findings)
    if any(strict or finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def show_findings(findings: Iterable[Finding]) -> None:
    """Prints findings, one to a line."""
    for finding in findings:
        typer.echo(str(finding))


def _sum_up(policy: Policy, findings: Sequence[Finding]) -> None:
    rules = sum(len(role.rules) for role in policy.roles.values())
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    told = f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}" if findings else "no fault"
    console.print(f"{len(policy.roles)} roles, {rules} rules: {told}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _show_rows(policy: Policy, *, as_json: bool) -> None:
    opened = widest(policy)
    if as_json:
        data = [{"role": o.role, "resources": o.resources, "rows": o.rows, "rules": o.rules} for o in opened]
        print_json(data)
        return
    for each in opened:
        typer.echo(f"{each.role}: {listed(each.resources)}: {each.rows} ({', '.join(each.rules)})")
