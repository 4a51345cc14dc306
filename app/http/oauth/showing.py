"""Pages for people, rendered by the server: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.http.oauth.texts import PAGES
from app.services.messages import language_of

_PAGES = Environment(loader=PackageLoader("app.http.oauth", "pages"), autoescape=True, undefined=StrictUndefined)
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # under `no-referrer` browsers send forms with `Origin: null`
    "Vary": "Accept-Language, Cookie",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def style() -> Response:
    """GET /oauth/style.css."""
    source = PackageLoader("app.http.oauth", "pages").get_source(_PAGES, "style.css")[0]
    return Response(source, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def page(
    request: Request, name: str, *, status: int = 200, target: str = "", template: str | None = None, **values: Any
) -> Response:
    """A page in the caller's language. `target` is where its form may lead in the end (Content-Security-Policy)."""
    language = language_of(request.headers.get("accept-language"))
    form = template or (name if f"{name}.html" in _PAGES.list_templates() else "message")
    said = PAGES[language][name]
    up = "../" * (request.url.path.count("/") - 2)
    shown = _PAGES.get_template(f"{form}.html").render(
        language=language, say=said, text=said.get("text", ""), target=target, up=up, **values
    )
    leads = f"'self' {origin(target)}".strip()
    policy = f"default-src 'none'; style-src 'self'; form-action {leads}; frame-ancestors 'none'; base-uri 'none'"
    return HTMLResponse(shown, status, headers={**HEADERS, "Content-Security-Policy": policy})


def origin(address: str) -> str:
    """The origin of an address, as a Content-Security-Policy names it; the scheme alone of one without a host."""
    parts = urlsplit(address)
    if not parts.scheme:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
