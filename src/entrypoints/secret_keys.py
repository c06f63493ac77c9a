"""Which secret keys are taken: long ones that nobody can guess from our documents or a keyboard."""

import re

MIN_LENGTH = 16
"""Characters of a secret key: 16 random ones are beyond guessing."""

MIN_DIFFERENT = 6
"""Different characters in it. Of keys of 16 random hexadecimal digits, one in 30,000 has fewer."""

_EXAMPLE = re.compile(
    r"change.?(me|this|it)|replace.?(me|this|it)|(your|my).?secret|secret.?key|example|openssl|\$[({]",
    re.IGNORECASE,
)
"""Words of documents. The last is a command that an environment file did not carry out."""

_MAKE = "make one with: openssl rand -base64 48"


def secret_key(text: str) -> str | None:
    """A key to make things with; raises ``ValueError`` with what it takes."""
    previous_key(text)
    if len(set(text)) < MIN_DIFFERENT:
        raise ValueError(f"at least {MIN_DIFFERENT} different characters; {_MAKE}")
    if _EXAMPLE.search(text):
        raise ValueError(f"a random value, and this one looks like an example; {_MAKE}")
    return text


def previous_key(text: str) -> str | None:
    """A key to leave behind, perhaps because it is weak; raises ``ValueError``."""
    if len(text) < MIN_LENGTH:
        raise ValueError(f"at least {MIN_LENGTH} characters")
    return text
