"""What browsers are told with every answer, unless the answer says something of its own.

Nothing that is served here may run, be framed, be indexed, be kept, or pass its address on. A page
that needs more than nothing names what it needs.
"""

from collections.abc import Mapping

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

FOR_BROWSERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _NOTHING,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}

SHOWN_ANYWHERE: Mapping[str, str] = {
    "Content-Security-Policy": f"{_NOTHING}; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For pictures: any page may show them, and opened by themselves they can do nothing at all."""

OVER_TLS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year, and for this host alone: its neighbours are not ours."""


def for_browsers(public_url: str) -> tuple[tuple[bytes, bytes], ...]:
    """Those headers, as they are sent; over TLS, when that is how clients reach us."""
    over_tls = public_url.startswith("https:")
    found = {**FOR_BROWSERS, **(OVER_TLS if over_tls else {})}
    return tuple((name.lower().encode(), value.encode()) for name, value in found.items())
