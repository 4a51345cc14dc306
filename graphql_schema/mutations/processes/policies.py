"""A version of the policy from its draft to its coming into force."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.enums import PolicyStatus
from app.services.policies import activating, deciding, drafts, shadowing
from app.services.policies.versions import NOTHING
from app.services.records import rules
from graphql_schema.making import Part, listed, maybe
from graphql_schema.mutations.declaring import Before, Request
from graphql_schema.mutations.given import ref
from graphql_schema.mutations.steps import Step
from graphql_schema.scalars import JSON

_ROLE = Part("role", maybe(str), "Code of the role; of a scope, `scope:` and its name.")
_NAME = Part("name", maybe(str), "Name of the file, such as `sales_rep.yaml`.")
_TEXT = Part("text", maybe(str), "All that it holds: YAML. Null takes it away.")


def _edit(verb: str, description: str, change: drafts.Change, *asks: Part) -> Step:
    """A step that changes the documents of a draft."""
    return Step(
        "PolicyVersion",
        f"Draft{verb}",
        description,
        drafts.changing(change),
        sets={"document": NOTHING},
        asks=asks,
        called="policy",
    )


def _decide(
    verb: str,
    description: str,
    service: rules.Step,
    status: PolicyStatus,
    takes: tuple[str, ...] = (),
    ahead: Before | None = None,
) -> Step:
    """A step to another status."""
    sets = {"status": status}
    return Step("PolicyVersion", verb, description, service, ahead=ahead, takes=takes, sets=sets, called="policy")


async def _judge(connection: AsyncConnection, request: Request) -> None:
    """Lints and tests a version before everybody has to wait for its activation."""
    await activating.judge_ahead(connection, ref(request.graph, request.given["id"]).id)


STEPS = (
    _edit(
        "RuleSet",
        "Set a rule of a role in a draft: another in the place of one, or one more. Comments and other rules stay as"
        " they are written.",
        drafts.set_rule,
        _ROLE,
        Part("index", maybe(int), "Which of the role's rules, from 0; without it, one more."),
        Part("rule", maybe(JSON), "The rule, as an object of what a document says of it."),
    ),
    _edit(
        "RuleRemove",
        "Take a rule of a role out of a draft.",
        drafts.remove_rule,
        _ROLE,
        Part("index", maybe(int), "Which of the role's rules, from 0."),
    ),
    _edit(
        "RoleSet",
        "Set what a draft says of a role besides its rules, or make a new role. Absent fields stay; null clears.",
        drafts.set_role,
        _ROLE,
        Part("name", maybe(str), "What people read that it is."),
        Part("includes", maybe(listed(str)), "Codes of the roles whose rules it has, too."),
        Part("schema", maybe(str), "`complete` or `tailored`: all of the schema, or what it can ever see or do."),
        Part("minGroup", maybe(int), "Groups of fewer rows are not shown to it."),
    ),
    _edit("RoleRemove", "Take a role, with all its rules, out of a draft.", drafts.remove_role, _ROLE),
    _edit("FileSet", "Set the text of a whole document of a draft, or take it away.", drafts.set_file, _NAME, _TEXT),
    _edit(
        "TestsSet",
        "Set a table of tests of a draft, or a case of it, or take it away.",
        drafts.set_tests,
        _NAME,
        _TEXT,
        Part("index", maybe(int), "Which of its cases, from 0; without it, one more."),
        Part("case", maybe(JSON), "Instead of `text`: the case, as an object. Null takes it away."),
    ),
    _decide("DraftDiscard", "Give up a draft.", deciding.discard, PolicyStatus.DISCARDED),
    _decide(
        "Submit", "Ask for the approval of a draft. It is changed no more.", deciding.submit, PolicyStatus.SUBMITTED
    ),
    _decide("Approve", "Approve what was submitted.", deciding.approve, PolicyStatus.APPROVED),
    _decide(
        "Reject", "Turn down what was submitted, and say why.", deciding.reject, PolicyStatus.REJECTED, ("reason",)
    ),
    Step(
        "PolicyVersion",
        "ShadowStart",
        "Have a share of all reads asked of a draft, too, after they were answered, to count what it would change of them."
        " It ends by itself. `policyShadow` tells the counts.",
        shadowing.start,
        takes=("shadowShare", "shadowUntil"),
        called="policy",
    ),
    Step(
        "PolicyVersion",
        "ShadowStop",
        "Have reads asked of a draft no longer. What was counted stays.",
        shadowing.stop,
        sets={"shadowUntil": None},
        called="policy",
    ),
    _decide(
        "Activate",
        "Have a draft come into force, if no error is found in it, its tests pass, and it was made from what is in"
        " force. From the next request on everybody's rights are what it says.",
        activating.activate,
        PolicyStatus.ACTIVE,
        ahead=_judge,
    ),
)
