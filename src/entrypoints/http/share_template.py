"""The text of the public pages. Whatever a person wrote is escaped before it gets in."""

import base64
import hashlib
from html import escape

from ...core.gallery.image import Picture
from ...core.sharing.visiting import PublicPicture

UNTITLED = "Shared picture"

STYLE = """\
:root { color-scheme: light dark; --paper: #f7f6f3; --ink: #1d1c1a; --soft: #6d6a64;
  --edge: rgb(0 0 0 / 8%); --shade: 0 1px 2px rgb(0 0 0 / 10%), 0 12px 40px rgb(0 0 0 / 14%); }
@media (prefers-color-scheme: dark) {
  :root { --paper: #131312; --ink: #edebe6; --soft: #98948c;
    --edge: rgb(255 255 255 / 10%); --shade: 0 12px 40px rgb(0 0 0 / 60%); }
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; display: grid; place-content: center;
  grid-template-columns: minmax(0, 100%); background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
main { width: 100%; }
figure { margin: 0 auto; width: fit-content; max-width: 100%;
  min-width: min(100%, 30rem); padding: clamp(1.5rem, 4vh, 3rem) clamp(1.5rem, 4vw, 4rem); }
.picture { display: block; width: fit-content; max-width: 100%; margin: 0 auto;
  border-radius: 6px; }
.picture:focus-visible { outline: 3px solid Highlight; outline-offset: 4px; }
img { display: block; max-width: 100%; width: auto; height: auto; max-height: 76vh;
  max-height: 76svh; border-radius: inherit; outline: 1px solid var(--edge);
  outline-offset: -1px; box-shadow: var(--shade); font-style: italic; color: var(--soft); }
figcaption { width: 0; min-width: 100%; margin-top: 1.5rem; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: clamp(1.25rem, 1rem + 1vw, 1.6rem); line-height: 1.25;
  font-weight: 620; letter-spacing: -0.012em; text-wrap: balance; }
h1 + p { margin-top: 0.5rem; }
p { margin: 0; padding-inline-end: max(0px, 100% - 42rem); color: var(--soft);
  white-space: pre-line; text-wrap: pretty; }
h1, p { unicode-bidi: isolate; }
.nothing { padding: 2rem; text-align: center; }
.nothing p { max-width: 24rem; margin-inline: auto; padding: 0; text-wrap: balance; }
.narrow { text-align: center; }
@media (max-width: 40rem) {
  body { align-content: start; }
  figure { padding: 0 0 2rem; min-width: 0; width: 100%; }
  .picture { border-radius: 0; }
  img { max-height: 80vh; max-height: 80svh; box-shadow: none; outline: none; margin: 0 auto; }
  .narrow { padding-top: 1.25rem; }
  .narrow .picture { border-radius: 6px; }
  figcaption { width: auto; min-width: 0; padding: 0 1.25rem; margin-top: 1.25rem; }
  body:has(.nothing) { align-content: center; }
}
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; img-src 'self'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Nothing runs, nothing is sent, and nothing is loaded but the picture."""

NARROW_PIXELS = 384
NARROW_RATIO = 0.56
"""A picture narrower than this leaves its caption no room: the words stand centred below it."""

_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
"""

NOTHING_HERE = f"""{_HEAD}\
<title>Nothing here</title>
<style>{STYLE}</style>
</head>
<body>
<main class="nothing">
<h1>There is no picture here</h1>
<p>The link is not quite right, or the picture is no longer shared.</p>
</main>
</body>
</html>
"""


def picture_page(opened: PublicPicture, *, address: str, source: str) -> str:
    """The page of a picture: ``address`` is the page's own, ``source`` leads from it to the bytes.

    Previews elsewhere need the whole address of the picture; the page itself takes the near one.
    """
    picture = opened.picture
    title = opened.title or UNTITLED
    alt = opened.alt_text or title
    preview = {
        "og:type": "website",
        "og:title": title,
        "og:url": address,
        "og:image": f"{address}/image",
        "og:image:type": picture.format.media_type,
        "og:image:width": str(picture.width),
        "og:image:height": str(picture.height),
        "og:image:alt": alt,
    }
    card = {
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:image": f"{address}/image",
        "twitter:image:alt": alt,
    }
    if opened.alt_text is not None:
        preview["og:description"] = card["twitter:description"] = opened.alt_text
        card["description"] = opened.alt_text
    lines = [
        *(f'<meta property="{name}" content="{escape(text)}">' for name, text in preview.items()),
        *(f'<meta name="{name}" content="{escape(text)}">' for name, text in card.items()),
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        '<figure class="narrow">' if _is_narrow(picture) else "<figure>",
        f'<a class="picture" href="{escape(source)}">'
        f'<img src="{escape(source)}" alt="{escape(alt)}" '
        f'width="{picture.width}" height="{picture.height}"></a>',
        *_caption(opened),
        "</figure>",
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return _HEAD + "\n".join(lines)


def _is_narrow(picture: Picture) -> bool:
    """Whether it is shown narrower than a few words."""
    return picture.width < NARROW_PIXELS or picture.width < picture.height * NARROW_RATIO


def _caption(opened: PublicPicture) -> list[str]:
    """The words below. The alternative text is in the picture for those who listen."""
    words = []
    if opened.title is not None:
        words.append(f'<h1 dir="auto">{escape(opened.title)}</h1>')
    if opened.alt_text is not None:
        words.append(f'<p dir="auto" aria-hidden="true">{escape(opened.alt_text)}</p>')
    return ["<figcaption>", *words, "</figcaption>"] if words else []
