"""The command line: ``tearsheet``."""

import gc
import json
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any, NoReturn, TypeVar

import click

from ..core.errors import TearsheetError
from .settings import Settings, WrongSetting

T = TypeVar("T")


def fail(message: str) -> NoReturn:
    """One line on standard error and exit status 1."""
    click.echo(f"tearsheet: {message}", err=True)
    sys.exit(1)


def main() -> None:
    """Run the command line; every failure that we know is one line."""
    gc.disable()  # nothing that a start makes is garbage, and looking costs a tenth of it
    from . import cli_admin, cli_audit, cli_upkeep  # noqa: F401  (they add their commands)

    try:
        cli.main(prog_name="tearsheet")
    except WrongSetting as error:
        fail(str(error))
    except TearsheetError as error:
        fail(error.message.lstrip("/"))


def read_settings() -> Settings:
    """The environment's settings; a shifted clock is announced loudly."""
    settings = Settings.read(os.environ)
    if settings.clock_offset:
        click.secho(
            f"THE CLOCK IS SHIFTED by {settings.clock_offset}", err=True, fg="red", bold=True
        )
    return settings


def run(
    act: Callable[[Any], Awaitable[T]],
    *,
    quiet: bool = False,
    works: bool = False,
    migrates: bool = False,
) -> T:
    """Open the service, act on it, close it; ``quiet`` logs only what is wrong.

    Jobs are announced and heard of, and the quick event loop is taken, only where it ``works``:
    importing those takes longer than most commands.
    """
    import asyncio

    from .logs import set_up_logging
    from .wiring import open_service

    settings = read_settings()
    set_up_logging(settings.log, logging.WARNING if quiet else logging.INFO)

    async def opened() -> T:
        async with open_service(settings, works=works, migrates=migrates) as service:
            gc.freeze()  # what was imported stays: it need not be looked through again
            gc.enable()
            return await act(service)

    with asyncio.Runner(loop_factory=quick_loop() if works else None) as runner:
        return runner.run(opened())


def quick_loop() -> Callable[[], Any] | None:
    """What makes event loops of uvloop, where there is one; None: the usual ones."""
    try:
        from uvloop import new_event_loop
    except ImportError:  # on Windows
        return None
    return new_event_loop


def show(data: Any, as_json: bool, columns: tuple[str, ...]) -> None:
    """One JSON document, or a short table."""
    if as_json:
        click.echo(json.dumps(data, indent=2))
        return
    from .showing import table

    table(data if isinstance(data, list) else [data], columns)


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
team_option = click.option(
    "--team", "team_id", type=click.IntRange(1), required=True, metavar="TEAM_ID"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tearsheet", prog_name="tearsheet")
def cli() -> None:
    """An editorial calendar and an AI image gallery.

    Settings come from TEARSHEET_* variables; docs/operating.md lists them.
    """


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Run the HTTP service; unless a broker is set, also the worker, in the same process."""
    from .listening import bind
    from .serving import serve as serve_requests

    settings = read_settings()
    with bind(host, port) as listener:

        def ready(address: str) -> None:
            click.echo(f"tearsheet is ready at {address}")

        run(lambda service: serve_requests(service, settings, listener, ready), works=True)


@cli.command()
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Jobs at once.")
@click.option("--host", default="127.0.0.1", show_default=True, help="For --port.")
@click.option("--port", type=click.IntRange(0, 65535), help="Show /health and /metrics there.")
def worker(concurrency: int | None, host: str, port: int | None) -> None:
    """Run a worker on its own, beside a service that shares its database and blobs."""
    from .listening import address_of, bind
    from .working import work

    if concurrency is not None:
        os.environ["TEARSHEET_WORKER_CONCURRENCY"] = str(concurrency)
    settings = read_settings()
    with ExitStack() as stack:
        listener = None if port is None else stack.enter_context(bind(host, port))

        def ready() -> None:
            where = f": {address_of(listener)}/health/ready" if listener else ""
            click.echo(f"tearsheet worker is ready{where}")

        run(lambda service: work(service, settings, listener, ready), works=True)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def demo(host: str, port: int) -> None:
    """Make a team with pictures and serve it; throwaway, unless TEARSHEET_DATA_DIR is set."""
    for name in ("TEARSHEET_BROKER_URL", "TEARSHEET_BROKER_URL_FILE"):
        os.environ.pop(name, None)  # all of it in this process
    from .demo import make_demo
    from .listening import bind
    from .serving import serve as serve_requests
    from .showing import progress_bar, welcome

    with ExitStack() as stack:
        if not os.environ.get("TEARSHEET_DATA_DIR"):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tearsheet-demo-"))
            os.environ["TEARSHEET_DATA_DIR"] = folder
        settings = read_settings()
        listener = stack.enter_context(bind(host, port))

        async def act(service: Any) -> None:
            with progress_bar("Painting") as progress:
                made = await make_demo(service.ports, progress)

            def ready(address: str) -> None:
                welcome(made, settings.public_url or address)

            await serve_requests(service, settings, listener, ready)

        run(act, quiet=True, works=True)
