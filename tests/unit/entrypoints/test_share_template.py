"""The public page as text: whatever a title says, it stays text."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.sharing.visiting import PublicPicture
from tearsheet.entrypoints.http.share_template import NOTHING_HERE, POLICY, picture_page
from tests.examples import a_picture
from tests.strategies import texts

ADDRESS = "https://pictures.example/s/" + "a" * 40
SOURCE = "a" * 40 + "/image"

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "--><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><input name=x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "&quot; onload=&quot;alert(1)",
    "{title} {0} {source!r} %s %(title)s ${title} {{7*7}}",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--#exec cmd=ls-->",
    "]]><?php echo 1 ?>",
    "\u2028<script>\u2029",
]
AROUND = ["{}", "a{}b", "\n{}\n", "</h1>{}<h1>", '">{}<"', "'>{}<'", "\x01{}\x7f", "\u202e{}\ufeff"]
HOSTILE = [frame.replace("{}", text, 1) for text in PAYLOADS for frame in AROUND]


class Skeleton(HTMLParser):
    """Every element of a page with the names of its attributes, and the text of the words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.values: dict[str, str | None] = {}
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Remember the element."""
        self.elements.append((tag, *(name for name, _ in attributes)))
        found = dict(attributes)
        name = found.get("property") or found.get("name") or tag
        self.values[name] = found.get("content") or found.get("alt") or found.get("href")
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """What follows belongs to nobody."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Remember the text."""
        self.texts[self._inside] = self.texts.get(self._inside, "") + data


def page_of(
    title: str | None = "Fox",
    alt_text: str | None = "A fox",
    size: tuple[int, int] = (1536, 1024),
) -> str:
    """The page of a picture with these words."""
    opened = PublicPicture(title=title, alt_text=alt_text, picture=a_picture(1, *size))
    return picture_page(opened, address=ADDRESS, source=SOURCE)


PLAIN = Skeleton(page_of())


def as_parsed(text: str) -> str:
    """How a parser of HTML reads line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_there_are_two_hundred_hostile_texts() -> None:
    """Each another one."""
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_adds_neither_element_nor_attribute(text: str) -> None:
    """As a title and as alternative text; a person reads exactly what was written."""
    page = Skeleton(page_of(text, text))

    assert page.elements == PLAIN.elements
    assert page.texts["h1"] == page.texts["p"] == page.texts["title"] == text
    assert page.values["img"] == page.values["og:title"] == page.values["description"] == text


@given(texts(80), texts(80))
def test_any_text_adds_neither_element_nor_attribute(title: str, alt_text: str) -> None:
    """Whatever a store can hold."""
    page = Skeleton(page_of(f"x{title}", f"x{alt_text}"))

    assert page.elements == PLAIN.elements
    assert as_parsed(page.texts["h1"]) == as_parsed(f"x{title}")


def test_a_picture_without_words_has_a_page_all_the_same() -> None:
    """It is called what it is; there is no empty caption."""
    page = Skeleton(page_of(None, None))

    assert page.texts["title"] == page.values["img"] == "Shared picture"
    assert {"h1", "p", "figcaption"} & {element[0] for element in page.elements} == set()
    assert "og:description" not in page.values


def test_a_picture_without_alternative_text_is_described_by_its_title() -> None:
    """Better than nothing for those who listen."""
    assert Skeleton(page_of("Fox", None)).values["img"] == "Fox"


@pytest.mark.parametrize(
    ("size", "narrow"),
    [
        ((1024, 1536), False),
        ((2048, 512), False),
        ((384, 384), False),
        ((256, 256), True),
        ((512, 2048), True),
    ],
)
def test_words_below_a_narrow_picture_stand_in_its_middle(
    size: tuple[int, int], narrow: bool
) -> None:
    """They are wider than it is; below others they begin where the picture does."""
    assert ('<figure class="narrow">' in page_of(size=size)) is narrow


def test_previews_get_the_whole_address_of_the_picture() -> None:
    """Open Graph and Twitter cards know no relative addresses."""
    values = PLAIN.values

    assert values["og:image"] == values["twitter:image"] == f"{ADDRESS}/image"
    assert values["og:url"] == ADDRESS
    assert values["twitter:card"] == "summary_large_image"
    assert (values["og:image:width"], values["og:image:height"]) == ("1536", "1024")
    assert values["og:image:type"] == "image/png"
    assert (values["og:title"], values["og:image:alt"]) == ("Fox", "A fox")


@pytest.mark.parametrize("page", [page_of(), NOTHING_HERE], ids=["picture", "nothing"])
def test_a_page_asks_not_to_be_indexed_and_says_nothing_about_where_one_came_from(
    page: str,
) -> None:
    """In its head, for those who do not read headers."""
    values = Skeleton(page).values

    assert values["robots"] == "noindex, nofollow"
    assert values["referrer"] == "no-referrer"


@pytest.mark.parametrize("page", [page_of(), NOTHING_HERE], ids=["picture", "nothing"])
def test_the_policy_allows_the_one_style_of_the_page(page: str) -> None:
    """By its hash; no other style and no script would run."""
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in POLICY
    assert "<script" not in page
    assert "style=" not in page


@given(st.sampled_from(["default-src", "base-uri", "form-action", "frame-ancestors"]))
def test_the_policy_forbids_everything_else(directive: str) -> None:
    """Nothing is loaded, sent or framed."""
    assert f"{directive} 'none'" in POLICY


def test_the_page_knows_light_and_dark() -> None:
    """As the reader's system has it."""
    assert "prefers-color-scheme: dark" in page_of()
    assert Skeleton(page_of()).values["color-scheme"] == "light dark"
