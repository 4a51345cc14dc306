"""The console for those who administer policies, under /admin: one page of our own origin, built by npm.

site        what was built
src         its sources
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.console.site import CONTENT_SECURITY_POLICY, MISSING, Site, installed_site
from app.http.assets import sent_asset, sent_page

__all__ = ["routes", "routes_of"]


def routes() -> list[Route]:
    """The console's addresses, of this installation."""
    return routes_of(installed_site())


def routes_of(site: Site | None) -> list[Route]:
    """The addresses of a console: what it loads, and the page at all others; without one, a page that says how to build it."""

    def page(_request: Request) -> Response:
        if site is None:
            return sent_page(MISSING, CONTENT_SECURITY_POLICY, 503)
        return sent_page(site.html, CONTENT_SECURITY_POLICY)

    def asset(request: Request) -> Response:
        found = site and site.assets.get(request.path_params["name"])
        return sent_asset(found, request) if found else PlainTextResponse("Not found", status_code=404)

    return [Route("/admin/assets/{name}", asset), Route("/admin", page), Route("/admin/{place:path}", page)]
