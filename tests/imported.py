"""Everything that a process of the service imports sooner or later, imported once.

What is forked from a process that has done so is ready in a quarter of the time.
"""

import anyio
import httpx2
import obstore.store
import openai.resources.images
import PIL.Image
import PIL.ImageOps
import PIL.JpegImagePlugin
import PIL.PngImagePlugin
import PIL.WebPImagePlugin
import sqlalchemy.dialects.postgresql.asyncpg
import sqlalchemy.dialects.sqlite.aiosqlite
import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvloop

import tearsheet.adapters.openai_images.model
import tearsheet.adapters.painter
import tearsheet.adapters.prometheus
import tearsheet.adapters.queue.hearing
import tearsheet.adapters.queue.streams
import tearsheet.adapters.s3
import tearsheet.adapters.sql.lobby
import tearsheet.adapters.sql.migrate
import tearsheet.adapters.sql.postgresql
import tearsheet.adapters.thumbnails
import tearsheet.entrypoints.cli_admin
import tearsheet.entrypoints.cli_upkeep
import tearsheet.entrypoints.serving
import tearsheet.entrypoints.wiring

__all__ = [
    "PIL",
    "anyio",
    "httpx2",
    "obstore",
    "openai",
    "sqlalchemy",
    "tearsheet",
    "uvicorn",
    "uvloop",
]
