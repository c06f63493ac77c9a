"""Blobs in a bucket of an S3-style store. It needs the extra ``s3``."""

from .blobs import S3Blobs

__all__ = ["S3Blobs"]
