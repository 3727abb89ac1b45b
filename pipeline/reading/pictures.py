"""Pages as pictures: a page of a pdf drawn, or a frame of an image file. Runs in the reader process, extra `ocr` only."""

from __future__ import annotations

import ctypes
import io
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package
from pipeline.reading.formats import IMAGE
from pipeline.reading.pdf import load_page, open_pdf
from pipeline.settings import Limits

# numpy array, height × width × 3, blue green red.
Picture = Any

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
# In pixels: an A4 page at 200 dpi has 2339; more only costs time, since the recogniser shrinks it.
_LONGEST_SIDE = 3000
_MOST_PIXELS = 120_000_000
_DAMAGED = "图片已损坏或不完整；请重新扫描或下载"


def open_page(name: str, content: bytes, number: int, part: str, limits: Limits) -> tuple[Picture, int]:
    """(the picture of page `number`, the number of pages). ReadingError where it cannot be opened.

    In a package the page is the picture in `part`.
    """
    if part:
        return _open_frame(Package(content, limits).read(part), 1, limits)
    return _open_frame(content, number, limits) if name == IMAGE else _draw_page(content, number)


def _draw_page(content: bytes, number: int) -> tuple[Picture, int]:
    import numpy as np
    import pypdfium2.raw as pdfium

    with open_pdf(content) as pdf:
        n_pages = pdfium.FPDF_GetPageCount(pdf)
        with load_page(pdf, number) as page:
            width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
            scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _LONGEST_SIDE / max(width, height, 1))
            across, down = max(int(width * scale), 1), max(int(height * scale), 1)
            bitmap = pdfium.FPDFBitmap_Create(across, down, 0)
            if not bitmap:
                raise ReadingError(f"第 {number} 页太大，画不出来；请拆分或缩小后再放入")
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
                pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, 0)
                stride = pdfium.FPDFBitmap_GetStride(bitmap)
                data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * down)
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
    rows = np.frombuffer(data, np.uint8).reshape(down, stride)[:, :across * 4]
    return np.ascontiguousarray(rows.reshape(down, across, 4)[:, :, :3]), n_pages


def _open_frame(content: bytes, number: int, limits: Limits) -> tuple[Picture, int]:
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ReadingError(_too_large(image.width, image.height))
            n_pages = getattr(image, "n_frames", 1) if image.format in ("TIFF", "MPO") else 1
            image.seek(number - 1)
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I;16") or upright.mode in ("I", "F"):
                grey = np.asarray(upright, dtype=np.float64)
                upright = Image.fromarray((255 * grey / max(float(grey.max()), 1.0)).astype(np.uint8))
            if "A" in upright.getbands() or "transparency" in upright.info:
                # Transparent means paper; black text on transparent ground would vanish on black.
                layer = upright.convert("RGBA")
                paper = Image.new("RGBA", layer.size, "white")
                upright = Image.alpha_composite(paper, layer)
            upright = upright.convert("RGB")
            if max(upright.size) > _LONGEST_SIDE:
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1]), n_pages
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ReadingError("图片像素过多，未读取；请按 200 dpi 重新扫描") from error
    except UnidentifiedImageError as error:
        raise ReadingError("不认识这种图片；请另存为 jpg 或 png 后再放入") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise ReadingError(_DAMAGED) from error


def _too_large(width: int, height: int) -> str:
    return f"图片有 {width}×{height} 像素，超过上限；请按 200 dpi 重新扫描"
