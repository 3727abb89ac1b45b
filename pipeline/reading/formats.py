"""Which module reads which format. A new format is one module with `read_x(content, limits)` and one line here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.errors import ReadingError
from pipeline.reading.raw import RawDocument
from pipeline.settings import Limits

if TYPE_CHECKING:
    # Readers are imported when first needed; named here they count as code that the stage depends on.
    from pipeline.reading import doc, docx, html, mht, odt, ofd, pdf, rtf, text, wordxml  # noqa: F401

Reader = Callable[[bytes, Limits], RawDocument]

# Small text files are pure Python on bounded input; everything else runs in the worker process (see worker.py).
READERS: dict[str, str] = {
    "txt": "text:read_text",
    "docx": "docx:read_docx",
    "pdf": "pdf:read_pdf",
    "html": "html:read_html",
    "doc": "doc:read_doc",
    "rtf": "rtf:read_rtf",
    "odt": "odt:read_odt",
    "fodt": "odt:read_fodt",
    "mht": "mht:read_mht",
    "ofd": "ofd:read_ofd",
    "wordxml": "wordxml:read_wordxml",
}
IMAGE = "image"
IN_PROCESS = frozenset({"txt"})
IN_PROCESS_BYTES = 2**20

_SAVE_AS_DOCX = "请用 Word 或 WPS 打开，另存为 docx 后再放入"
_NO_DATA = "不是报告正文，请移出原始文件夹；如报告确在其中，请另存为 docx 或 txt 后再放入"
REFUSED: dict[str, tuple[str, str]] = {
    "word2": ("Word 2.0 时期的文件", _SAVE_AS_DOCX),
    "uof": ("UOF 标文通文件", _SAVE_AS_DOCX),
    "ooxml_encrypted": ("加密的 Office 文件", "请用密码打开，取消“用密码进行加密”后重新保存"),
    "rar": ("RAR 压缩包", "请解压后把其中的报告放入"),
    "7z": ("7z 压缩包", "请解压后把其中的报告放入"),
    "gzip": ("gzip 压缩包", "请解压后把其中的报告放入"),
    "xlsx": ("Excel 工作簿", "报告正文请另存为 docx 后再放入"),
    "xls": ("Excel 工作簿（xls）", "报告正文请另存为 docx 后再放入"),
    "pptx": ("PowerPoint 演示文稿", "报告正文请另存为 docx 后再放入"),
    "ppt": ("PowerPoint 演示文稿（ppt）", "报告正文请另存为 docx 后再放入"),
    "msworks": ("Microsoft Works 文件", "请用能打开它的软件另存为 docx 后再放入"),
    "ole": ("不认识的 OLE 复合文件", "请确认它是什么软件生成的，另存为 docx 后再放入"),
    "json": ("JSON 数据文件", _NO_DATA),
    "csv": ("表格数据文件（csv）", _NO_DATA),
    "code": ("程序、配置、日志或外文文本，其中几乎没有中文正文", _NO_DATA),
    "xml": ("XML 数据文件", "报告正文请另存为 docx 或 txt 后再放入"),
    "ceb": ("方正 CEB/CEBX 版式文件", "请用方正阅读器打开，打印或导出为 pdf 后再放入"),
    "caj": ("知网 CAJ 文件", "请用 CAJViewer 打开，另存为 pdf 后再放入"),
    "gd": ("书生 GD/SEP 版式文件", "请用书生阅读器打开，打印为 pdf 后再放入"),
    "executable": ("可执行程序", "请勿放入程序文件"),
    "binary": ("不认识的二进制文件", "请确认文件完好，另存为 docx、pdf 或 txt 后再放入"),
}
IMAGE_ADVICE = "请安装文字识别（pip install 'hengbao[ocr]'）后再运行，或换成有文字层的 pdf、docx"


def find_reader(name: str) -> Reader:
    """The reader of a format as named by the sniffer; ReadingError says what the file is and what to do instead."""
    if name in READERS:
        module, function = READERS[name].split(":")
        reader: Reader = getattr(import_module(f"pipeline.reading.{module}"), function)
        return reader
    if name == IMAGE:
        raise ReadingError(f"是图片或扫描件，没有文字；{IMAGE_ADVICE}", status="needs_ocr")
    what, advice = REFUSED.get(name, REFUSED["binary"])
    raise ReadingError(f"是{what}，目前不能读取；{advice}")
