"""c360 provider: providers made, linked and shut out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Line
from tests.graphql_schema.rows import Row

RULES = "- {claim: groups, contains: reps, role: sales_rep}\n- {claim: level, equals: 3, role: auditor}\n"
ISSUER = "http://127.0.0.1:9"


def _add(line: Line, *more: str, code: str = "there", issuer: str = ISSUER) -> tuple[int, str, str]:
    ran = line.run("provider", "add", code, "--name", "There", "--issuer", issuer, "--client-id", "us", *more)
    return ran.code, ran.out, ran.err


def test_a_provider_is_added_changed_linked_and_shut_out(line: Line, rep: Row, tmp_path: Path) -> None:
    rules, secret = tmp_path / "rules.yaml", tmp_path / "secret"
    rules.write_text(RULES)
    secret.write_text("hidden\n")
    code, out, err = _add(line, "--rules", str(rules), "--secret-file", str(secret), "--domain", "example.com")
    assert (code, out) == (0, "http://127.0.0.1:8000/oauth/back/there\n")
    assert err == "Nobody can sign in with it now: it cannot be reached.\n"
    (found,) = json.loads(line.run("provider", "list", "--json").out)
    assert found == {
        "code": "there",
        "name": "There",
        "issuer": ISSUER,
        "client_id": "us",
        "secret": f"file:{secret}",
        "scopes": ["openid", "profile", "email"],
        "domains": ["example.com"],
        "provisions": False,
        "rules": [
            {"claim": "groups", "contains": "reps", "role": "sales_rep"},
            {"claim": "level", "equals": 3, "role": "auditor"},
        ],
        "disabled_at": None,
        "links": 0,
    }
    assert line.run("provider", "link", "there", "someone", "rep@example.com").code == 0
    told = "the subject, or the user, is linked already; unlink the user first"
    assert line.run("provider", "link", "there", "another", "rep@example.com").complaint == told
    assert json.loads(line.run("provider", "list", "--json").out)[0]["links"] == 1
    assert "hidden" not in line.run("provider", "list").err
    assert line.run("provider", "unlink", "there", "rep@example.com").code == 0
    assert line.run("provider", "unlink", "there", "rep@example.com").complaint == "the user is not linked there"
    rules.write_text("- {claim: groups, contains: all, role: finance}")
    assert line.run("provider", "rules", "there", str(rules)).code == 0
    assert line.run("provider", "disable", "there").code == 0
    (found,) = json.loads(line.run("provider", "list", "--json").out)
    assert (found["rules"][0]["role"], found["disabled_at"] is None) == ("finance", False)
    assert line.run("provider", "enable", "there").code == 0
    assert json.loads(line.run("provider", "list", "--json").out)[0]["disabled_at"] is None
    assert _add(line)[::2] == (1, "there is a provider 'there' already\n")


def test_all_that_is_wrong_with_a_provider_is_told_at_once(line: Line, rep: Row, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {claim: [], contains: [1], equals: 1, roles: x}\n- 1\n")
    wrong = ("--scope", "email", "--domain", "Example.com", "--secret-file", str(tmp_path / "none"))
    code, out, err = _add(line, *wrong, "--rules", str(rules), code="A B", issuer="http://there.example")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "a code is of a-z, 0-9 and '-'",
        "'http://there.example' is no issuer over https",
        "openid is asked for",
        "'Example.com' is no domain",
        f"file:{tmp_path}/none holds no secret",
        "rule 1: 'roles' is none of claim, contains, department, equals, region, role",
        "rule 1: a claim is a name, or the names that lead to it",
        "rule 1: says one of equals and contains",
        "rule 1: compares with a text, a whole number or a truth value",
        "rule 1: a role is named by its code",
        "rule 2: is no object",
    ]
    assert line.run("provider", "list", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "{path} is no YAML"),
        ("claim: x", "{path} is no list of rules"),
        ("- {claim: x, equals: 1, role: nobody, region: XX}", "there is no role 'nobody'\nthere is no region 'XX'"),
    ],
)
def test_rules_name_what_is_there(line: Line, rep: Row, tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    code, _, err = _add(line, "--rules", str(path))
    assert (code, err) == (1, complaint.format(path=path) + "\n")


def test_a_secret_may_be_in_a_variable_that_is_no_setting(
    line: Line, rep: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AT_THERE", "hidden")
    assert _add(line, "--secret-env", "C360_SECRET")[2] == "a variable whose name begins with C360_ is a setting\n"
    assert _add(line, "--secret-env", "NOT_THERE")[2] == "env:NOT_THERE holds no secret\n"
    assert (
        _add(line, "--secret-env", "AT_THERE", "--secret-file", "x")[2] == "a secret is in a file, or in a variable\n"
    )
    assert _add(line, "--secret-env", "AT_THERE")[0] == 0
    assert json.loads(line.run("provider", "list", "--json").out)[0]["secret"] == "env:AT_THERE"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("disable", "nobody"), "there is no provider 'nobody'"),
        (("enable", "nobody"), "there is no provider 'nobody'"),
        (("link", "nobody", "x", "rep@example.com"), "there is no provider 'nobody'"),
        (("link", "nobody", "x", "no@example.com"), "there is no active user 'no@example.com'"),
    ],
)
def test_what_is_not_there_is_told(line: Line, rep: Row, arguments: tuple[str, ...], complaint: str) -> None:
    assert line.run("provider", *arguments).complaint == complaint
