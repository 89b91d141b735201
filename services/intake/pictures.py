"""Pictures drawn anew from their pixels, so that nothing else that came with them is kept: no place, owner or hour."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from services.intake.rules.attachment import MOST_PIXELS
from services.intake.rules.file_kind import Kind, Refusal

_FORMATS: Final = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
_QUALITY: Final = 90


def draw_anew(data: bytes, kind: Kind) -> tuple[bytes, Kind] | Refusal:
    """Return the pixels of a picture, turned as its camera says, as a file of their own; of a GIF the first as PNG."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return Refusal.TOO_MANY_PIXELS
                return _encode(ImageOps.exif_transpose(opened), Kind.PNG if kind is Kind.GIF else kind)
    except Image.DecompressionBombError:
        return Refusal.TOO_MANY_PIXELS
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError):
        # Pillow raises any of these for a file that is not what its beginning says.
        return Refusal.BROKEN


def _encode(opened: Image.Image, kind: Kind) -> tuple[bytes, Kind]:
    transparent = kind is not Kind.JPEG and (opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info)
    pixels = opened.convert("RGBA" if transparent else "RGB")
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    written = io.BytesIO()
    options = {} if kind is Kind.PNG else {"quality": _QUALITY}
    bare.save(written, format=_FORMATS[kind], **options)
    return written.getvalue(), kind
