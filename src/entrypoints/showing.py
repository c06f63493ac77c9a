"""What the demo shows a person in the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from .demo import Demo

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


def welcome(demo: Demo, address: str) -> None:
    """Where it is, how to get in, and what to try."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(_WELCOME.format(address=address, token=demo.token, image=demo.first.id))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; call it with how many of how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield advance
