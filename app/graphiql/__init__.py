"""GraphiQL for browsers that open the graph's address, from our own origin."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.graphiql.site import Site, installed_site
from app.http.assets import sent_asset, sent_page

__all__ = ["page", "routes"]


def page(*, dev: bool) -> Response:
    """The page, for GET of the graph's address with `Accept: text/html`; with the picker of demo users when `dev`.

    It stands beside `graphiql/…`, `dev/users` and `dev/token`, which it names relative to its own address.
    """
    return page_of(installed_site(dev=dev))


def routes(*, dev: bool) -> list[Route]:
    """The addresses of what the page loads, under /graphiql."""
    return routes_of(installed_site(dev=dev))


def page_of(site: Site) -> Response:
    """The page of a site."""
    return sent_page(site.html, site.content_security_policy)


def routes_of(site: Site) -> list[Route]:
    """The addresses of a site's assets; any other release is unknown."""

    def asset(request: Request) -> Response:
        found = site.assets.get(request.path_params["name"])
        if found is None or request.path_params["release"] != site.release:
            return PlainTextResponse("Not found", status_code=404)
        return sent_asset(found, request)

    return [Route("/graphiql/{release}/{name}", asset)]
