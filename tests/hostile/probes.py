"""What has broken services before, for every route: bytes written by hand."""

import json
import re
from collections.abc import Iterator

import attrs

from tests.integration.http.operations import Operation

from .wire import Raw

NOT_THERE = frozenset({403, 404})
"""403: a signed link whose key was changed."""
UNREADABLE = frozenset({400})
UNWANTED = frozenset({400, 413, 415, 422})


@attrs.frozen
class Probe:
    """One request, what it is about, and which answers are right if not any that is documented."""

    name: str
    raw: Raw
    right: frozenset[int] | None = None
    unfinished: bool = False
    """It announces more than it sends: there may be no answer, and we leave."""


IDS = (
    *(
        "9223372036854775808",
        "-1",
        "0",
        "1" * 5000,
        "1_0",
        "+1",
        "%201",
        "1%20",
        "01",
        "0x1",
        "1e3",
    ),
    *("1.0", "%D9%A1", "%EF%BC%91", "%00", "1%00", "..", "%2e%2e", "1%2f..%2f1", "..%2f1", "%ff"),
    *("null", "'%20or%201=1--", "1;", "%0d%0aX-Evil:1", "{image_id}", "*"),
)

QUERIES = (
    *("page=9223372036854775808", "page=" + "1" + "0" * 30, "page=-1", "page=0", "per_page=-1"),
    *("per_page=0", "per_page=1_0", "page=%D9%A1", "page=1&page=2", "page=%00", "q=%00", "q=%ff"),
    *(
        "q=" + "a" * 10_000,
        "q=%25_%5C'%22*:()",
        "sort=id;drop%20table",
        "cursor=AAAA",
        "a=%ED%A0%80",
    ),
    *("tags[]=" + "x" * 100, "&".join("tags[]=a" for _ in range(500)), "from=0000-00-00", "=&&==&"),
    *("%", "page=%", "status[]=" + "9" * 300, "expires=1&signature=%ff", "download=%0d%0aX:1"),
)

BODIES: tuple[tuple[str, bytes, frozenset[int]], ...] = (
    ("invalid UTF-8", b'{"title":"\xff\xfe"}', UNREADABLE),
    ("nested arrays", b"[" * 100_000 + b"]" * 100_000, UNREADABLE),
    ("nested objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, UNREADABLE),
    ("open arrays", b"[" * 100_000, UNREADABLE),
    ("a field twice", b'{"title":"a","title":"b"}', UNREADABLE),
    ("half an object", b'{"title":', UNREADABLE),
    ("NaN", b'{"title":NaN}', UNREADABLE),
    ("beyond all numbers", b'{"project_id":1e400}', UNREADABLE),
    ("a BOM", b'\xef\xbb\xbf{"title":"a"}', UNREADABLE),
    ("UTF-16", '{"title":"a"}'.encode("utf-16"), UNREADABLE),
    ("single quotes", b"{'title':'a'}", UNREADABLE),
    ("a digit too many to read", b'{"project_id":' + b"9" * 100_000 + b"}", UNWANTED),
    ("huge ints", b'{"project_id":1180591620717411303424,"ids":[9223372036854775808]}', UNWANTED),
    ("ints as other things", b'{"project_id":true,"ids":[1.0,"1",null,[],{}]}', UNWANTED),
    ("no object", b'"text"', UNWANTED),
    ("null", b"null", UNWANTED),
    ("an array", b"[]", UNWANTED),
    ("unknown fields", b'{"team_id":1,"__proto__":{},"credits":5,"is_favorite":1}', UNWANTED),
    ("NUL", b'{"title":"a\\u0000b","prompt":"\\u0000","name":"\\u0000"}', UNWANTED),
    ("a raw NUL", b'{"title":"a\x00b"}', UNREADABLE),
    ("lone surrogates", b'{"title":"\\ud800","prompt":"\\udfff","name":"\\ud800"}', UNWANTED),
    ("a megabyte", b'{"title":"' + b"a" * 1_000_000 + b'"}', UNWANTED),
)

TEXTS = (
    "\u202eevil\u202c",
    "a\r\nSet-Cookie: x",
    "<script>alert(1)</script>",
    "'; DROP TABLE images;--",
)

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"Host", b"evil.example"),
    (b"Host", b""),
    (b"Host", b"a b\x7f"),
    (b"X-Forwarded-Host", b"evil.example"),
    (b"X-Forwarded-Proto", b"javascript"),
    (b"X-Forwarded-For", b"127.0.0.1, \xff"),
    (b"Forwarded", b'for="_x";host=evil.example;proto=https'),
    (b"X-Request-Id", b"<script>"),
    (b"X-Request-Id", b"a" * 10_000),
    (b"X-HTTP-Method-Override", b"DELETE"),
    (b"X-Original-URL", b"/v1/credits"),
    (b"Authorization", b"Bearer \xff\xfe"),
    (b"Authorization", b"Bearer " + b"A" * 50_000),
    (b"Authorization", b"Basic Og=="),
    (b"If-None-Match", b'"' + b"a," * 20_000),
    (b"If-Match", b"\xff"),
    (b"Range", b"bytes=" + b"0-1," * 10_000),
    (b"Range", b"bytes=99999999999999999999-"),
    (b"Range", b"bytes=-0"),
    (b"Idempotency-Key", b"\xff" * 300),
    (b"Accept", b"*/" * 5_000),
    (b"Accept-Encoding", b"gzip;q=\xff"),
    (b"Cookie", b"a=" + b"b" * 30_000),
    (b"Traceparent", b"00-zz-zz-zz"),
    (b"Expect", b"100-continue"),
    (b"Expect", b"the-unexpected"),
    (b"Upgrade", b"websocket"),
    (b"Upgrade", b"h2c"),
    (b"Content-Type", b"application/json; charset=utf-7"),
    (b"Content-Type", b"multipart/form-data; boundary=" + b"-" * 1_000),
    (b"Content-Encoding", b"gzip"),
    (b"Connection", b"close, host"),
    (b"TE", b"trailers, deflate"),
)

METHODS = (b"TRACE", b"PROPFIND", b"get", b"OPTIONS", b"PURGE", b"M-SEARCH", b"BREW", b"PATCH")


def ids(operation: Operation, valid: Raw) -> Iterator[Probe]:
    """Other things where an id is expected."""
    if not operation.names("path"):
        return
    pieces = re.split(r"\{\w+\}", operation.path)
    for odd in IDS:
        target = f"{pieces[0]}{odd}{''.join(['1'.join(pieces[1:])])}"
        yield Probe(
            f"id {odd[:20]}", attrs.evolve(valid, target=target.encode()), NOT_THERE | {400, 405}
        )


def queries(operation: Operation, valid: Raw) -> Iterator[Probe]:
    """Other things where a query is expected, and where none is."""
    for query in QUERIES:
        target = valid.target + (b"&" if b"?" in valid.target else b"?") + query.encode()
        named = query.partition("=")[0]
        wrong = named in ("page", "per_page") and named in operation.names("query")
        yield Probe(
            f"query {query[:20]}",
            attrs.evolve(valid, target=target),
            frozenset({422}) if wrong else None,
        )


def bodies(operation: Operation, valid: Raw) -> Iterator[Probe]:
    """Other things where a body is expected; where none is, they are not looked at."""
    expected = bool(operation.examples)
    for name, body, right in BODIES:
        yield Probe(f"body: {name}", valid.saying(body), right if expected else None)
    for kind in (
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"application/json, text/html",
        b"",
    ):
        typed = valid.saying(b'{"title":"a"}', kind)
        yield Probe(f"body as {kind!r}", typed, frozenset({415}) if expected else None)
    for field in operation.fields[:3]:
        for text in TEXTS:
            yield Probe(f"{field}={text[:10]!r}", valid.saying(json.dumps({field: text}).encode()))


def headers(_: Operation, valid: Raw) -> Iterator[Probe]:
    """Headers that lie, shout or break the line."""
    for name, value in HEADERS:
        yield Probe(f"{name.decode()}: {value[:20]!r}", valid.having((name, value)))
    several = attrs.evolve(valid, headers=(*valid.headers, *valid.headers))
    yield Probe("every header twice", several)
    many = tuple((b"X-%d" % n, b"x") for n in range(1_000))
    yield Probe("a thousand headers", attrs.evolve(valid, headers=(*valid.headers, *many)))
    yield Probe("100 kB of header", valid.having((b"X-Long", b"x" * 100_000)), frozenset({431}))


def targets(_: Operation, valid: Raw) -> Iterator[Probe]:
    """Other spellings of the address, and other methods."""
    target = valid.target
    for name, odd in (
        ("absolute form", b"http://evil.example" + target),
        ("authority form", b"evil.example:443"),
        ("asterisk form", b"*"),
        ("two slashes", b"/" + target),
        ("dots", b"/v1/.." + target),
        ("encoded dots", b"/%2e%2e" + target),
        ("a backslash", target.replace(b"/", b"\\")),
        ("a fragment", target + b"#x"),
        ("a percent sign", target + b"%"),
        ("NUL", target.replace(b"/", b"/%00", 1)),
        ("encoded letters", b"".join(b"%%%02x" % byte for byte in target)),
        ("a raw byte", target + b"\xff"),
        ("a parameter", target.partition(b"?")[0] + b";a=b"),
        ("two questions", target + b"??"),
        ("8 kB", target + b"/" + b"a" * 8_000),
    ):
        yield Probe(f"target: {name}", attrs.evolve(valid, target=odd))
    for method in METHODS:
        yield Probe(f"method {method.decode()}", attrs.evolve(valid, method=method))


def framing_probes(valid: Raw) -> Iterator[Probe]:
    """Lengths that lie, chunks that do not add up, requests within requests."""
    bare = valid.without(b"content-length")
    chunked = bare.having((b"Transfer-Encoding", b"chunked"))
    smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    def with_body(raw: Raw, body: bytes) -> Raw:
        return attrs.evolve(raw, body=body)

    both = chunked.having((b"Content-Length", str(len(smuggled)).encode()))
    yield Probe("length and chunks", with_body(both, smuggled), unfinished=True)
    twice = attrs.evolve(
        bare, headers=(*bare.headers, (b"Content-Length", b"2"), (b"Content-Length", b"3"))
    )
    yield Probe("two lengths", with_body(twice, b"{} "), unfinished=True)
    for length in (b"-1", b"+2", b"0x2", b"2, 2", b"99999999999999999999", b"1e3", b""):
        named = bare.having((b"Content-Length", length))
        yield Probe(f"length {length!r}", with_body(named, b"{}"), unfinished=True)
    for name, body in (
        ("chunk without a size", b"\r\n{}\r\n0\r\n\r\n"),
        ("chunk of a negative size", b"-2\r\n{}\r\n0\r\n\r\n"),
        ("chunk of a huge size", b"ffffffffffffffffff\r\n{}\r\n"),
        ("chunk with a word", b"zz\r\n{}\r\n0\r\n\r\n"),
        ("chunk that is longer", b"1\r\n{}\r\n0\r\n\r\n"),
        ("chunk with 10 kB of extension", b"2;" + b"x" * 10_000 + b"\r\n{}\r\n0\r\n\r\n"),
        ("chunks without an end", b"2\r\n{}\r\n"),
        ("trailers", b"2\r\n{}\r\n0\r\nHost: evil\r\n\r\n"),
    ):
        yield Probe(name, with_body(chunked, body), unfinished=True)
    odd = bare.having((b"Transfer-Encoding", b"chunked, identity"))
    yield Probe("an odd encoding", with_body(odd, b"2\r\n{}\r\n0\r\n\r\n"), unfinished=True)
    spaced = attrs.evolve(bare, headers=(*bare.headers, (b"Transfer-Encoding ", b"chunked")))
    yield Probe("a space before the colon", with_body(spaced, b"0\r\n\r\n"), unfinished=True)
    folded = bare.having((b"X-Folded", b"a\r\n b"))
    yield Probe("a folded header", folded, unfinished=True)
    yield Probe("a bare line feed", bare.having((b"X-Bare", b"a\nX-Evil: b")), unfinished=True)
    yield Probe("NUL in a header", bare.having((b"X-Nul", b"a\x00b")), unfinished=True)
    yield Probe("CONNECT", attrs.evolve(valid, method=b"CONNECT", target=b"x:443"), unfinished=True)
    yield Probe("HTTP/1.0", attrs.evolve(valid, version=b"HTTP/1.0"), unfinished=True)
    yield Probe("HTTP/2.0", attrs.evolve(valid, version=b"HTTP/2.0"), unfinished=True)
    yield Probe("HTTP/0.9", attrs.evolve(valid, headers=(), version=b""), unfinished=True)
    large = b"x" * 12_000_000
    yield Probe("12 MB", valid.saying(large), unfinished=True)
    yield Probe(
        "12 MB in a chunk",
        with_body(chunked, b"b71b00\r\n" + large + b"\r\n0\r\n\r\n"),
        unfinished=True,
    )
    yield Probe("no Host", bare.without(b"host"))


KINDS = (ids, queries, bodies, headers, targets)


def probes_of(operation: Operation, valid: Raw) -> Iterator[Probe]:
    """All of them for one route."""
    for kind in KINDS:
        yield from kind(operation, valid)
