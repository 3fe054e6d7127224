"""The static files as they are served: named by their content, cached for ever, compressed when they are collected."""
import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 400_000  # bytes; beyond (map and chart libraries) the last three per cent would cost most of a minute of a slow machine


class QuickCompressor(Compressor):
    """Brotli at its best for what every page loads, a little less for the few large files."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=9 if len(data) > LARGE else 11)


class Assets(CompressedManifestStaticFilesStorage):
    """Keeps only the files that pages name (WHITENOISE_KEEP_ONLY_HASHED_FILES), each with its compressed twins."""

    def create_compressor(self, **kwargs: object) -> Compressor:
        return QuickCompressor(**kwargs)
