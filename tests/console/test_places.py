"""Each place of the console, for anyone, on any screen: nothing is wider than the page, and axe finds nothing."""

from __future__ import annotations

import pytest

from tests.axe import violations
from tests.console.steps import SCREENS, sign_in
from tests.graphiql.chromium import Chromium
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted
from tests.http.asking import Asking
from tests.process import Server

SCHEMES = {"en": ("light", "dark"), "zh-CN": ("light",)}
PLACES = {
    "/matrix": ".matrix .PLAIN",
    "/matrix?type=Customer&text=email&against=1&version={number}&cell=sales_rep/Customer/email": "dialog .of-rules",
    "/versions": "tbody tr",
    "/versions/{number}/compare": "pre.lines ins",
    "/versions/{number}/rules/sales_rep": ".rule-list li",
    "/versions/{number}/rules/sales_rep/3": ".related select",
    "/versions/{number}/rules/-": "form input",
    "/versions/{number}/tests?file=sales_rep.yaml": ".cases textarea",
}
"""Each with what is there once it is whole."""


@pytest.mark.parametrize("language", SCHEMES)
@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_each_place(
    served: Server, browser: Chromium, graph: Asking, company: Company, screen: str, language: str
) -> None:
    draft = await drafted(graph, company.admin)
    await done(graph, company.admin, "policyDraftRuleSet", {"id": draft["id"], "role": "finance", "rule": RULE})
    with browser.page(width=SCREENS[screen]) as page:
        page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source=f"localStorage['customer360.console.language'] = '{language}'",
        )
        sign_in(page, served, "admin@example.com", "/versions")
        for place, whole in PLACES.items():
            page.open(f"{served.address}/admin{place.format(number=draft['number'])}")
            page.until(f"document.querySelector('{whole}')")
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place
            judged = SCHEMES[language] if screen != "a wall" else ()
            assert {scheme: violations(page, scheme=scheme) for scheme in judged} == {
                scheme: [] for scheme in judged
            }, place
        assert page.complaints == []
