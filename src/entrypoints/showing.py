"""What people see in the terminal: tables, progress, the demo's welcome."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from .demo import Demo

WIDE = 10_000
"""Columns of a pipe: no line is broken there."""

_WELCOME = """\

  [bold]tearsheet is ready at {address}[/bold]

  Look       [link={address}/docs]{address}/docs[/link]
  Token      {token}

  [dim]Generate a picture:[/dim]
    export BASE={address}/v1 TOKEN={token}
    curl -s $BASE/generate/image -H "Authorization: Bearer $TOKEN" \\
      -H "Content-Type: application/json" -d '{{"prompt":"a red balloon over the sea"}}'

  [dim]Edit one into a variant, then look at it; open its url in a browser:[/dim]
    curl -s $BASE/images/{image}/edit -H "Authorization: Bearer $TOKEN" \\
      -H "Content-Type: application/json" -d '{{"prompt":"same scene, golden hour lighting"}}'
    curl -s $BASE/images/{image} -H "Authorization: Bearer $TOKEN" \\
      | jq '.data.variants[-1] | {{id, processing_status, url}}'

  [dim]Stop with Ctrl-C.[/dim]
"""


def welcome(demo: "Demo", address: str) -> None:
    """Where it is, how to get in, and what to try."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(_WELCOME.format(address=address, token=demo.token, image=demo.first.id))


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """A line of headings and a line, or more, for each row; numbers to the right.

    What is too long for the terminal is folded, and nothing is cut. Into a pipe a row is a line.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDE
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        values = [row[column] for row in rows]
        number = any(isinstance(value, int) for value in values)
        found.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in rows:
        found.add_row(*(_cell(row[column]) for column in columns))
    console.print(found)


def _cell(value: Any) -> Text:
    """A value as people write it. It is text, whatever brackets are in it."""
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    return Text("" if value is None else str(value))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where somebody looks; call it with how many of how many are done."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    disable = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disable) as progress:
        task = progress.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield advance
