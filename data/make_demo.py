"""Build the demonstration corpus: the same reports as an office keeps them, in many formats, encodings and folders.

    python data/make_demo.py SOURCE_FOLDER TARGET_FOLDER

SOURCE_FOLDER holds the reports as .txt (UTF-8, one report a file). Every file keeps its stem, so that what is known
about a report is found again. The same source gives the same bytes.
"""

from __future__ import annotations

import html
import importlib.util
import io
import re
import sys
import zipfile
from pathlib import Path

import typst

from pipeline.profiles import load_part
from pipeline.reading.furniture import split_line

ENCODINGS = ("utf-8", "gb18030", "utf-8", "utf-8-sig", "gb18030", "utf-16")
_FIXED_TIME = (2024, 3, 1, 9, 0, 0)
_HEADING = re.compile(r"^(?:([一二三四五六七八九十]+)、|（([一二三四五六七八九十]+)）)(.*)$", re.DOTALL)
_CHINESE = "零一二三四五六七八九十"
_CARD = re.compile(r"索\s*引\s*号|发布机构|主题分类|体裁分类|成文日期|有\s*效\s*性|发文字号|发布日期：\S+　+有效性")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def main(source: Path, target: Path) -> None:
    """Write one file a report below `target`; existing files of other names stay."""
    stems = sorted(path.stem for path in source.glob("*.txt"))
    lines = {stem: (source / f"{stem}.txt").read_text(encoding="utf-8").splitlines() for stem in stems}
    web = [stem for stem in stems if _split_page(lines[stem])[0]]
    office = [stem for stem in stems if stem not in web]
    kinds = {stem: ("html" if place % 2 else "txt") for place, stem in enumerate(web)}
    kinds |= {stem: ("docx", "txt", "pdf", "txt", "docx")[place % 5] for place, stem in enumerate(office)}
    for place, stem in enumerate(stems):
        path, content = _as_file(stem, kinds[stem], place, lines[stem])
        path = target / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _as_file(stem: str, kind: str, place: int, lines: list[str]) -> tuple[Path, bytes]:
    """Where the file lies and its bytes. Offices sort by year, by department or not at all."""
    year = re.search(r"20\d\d", stem)
    folders = (Path(f"{year[0]}年" if year else "其他"), Path(stem.split("20")[0]), Path("各单位报送") / "汇总")
    folder = folders[place % 3]
    if kind == "docx":
        return folder / f"{stem}.docx", make_docx(lines, is_numbered=place % 2 == 0, has_revision=place % 3 == 0)
    if kind == "pdf":
        return folder / f"{stem}.pdf", make_pdf(lines)
    if kind == "html":
        # A page saved as .doc is a habit of old content systems; the reader looks at the content, not at the name.
        suffix, encoding = (("html", "utf-8"), ("htm", "gb18030"), ("doc", "utf-8"))[place % 3]
        return folder / f"{stem}.{suffix}", make_html(lines, encoding)
    suffix = "TXT" if place % 7 == 0 else "txt"
    text = ("\r\n" if place % 2 else "\n").join(lines)
    return folder / f"{stem}.{suffix}", text.encode(ENCODINGS[place % len(ENCODINGS)])


def _split_page(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Lines of the web page around the report, the report itself, and lines after it."""
    furniture = load_part("furniture")
    is_furniture = [bool(line.strip()) and split_line(line.strip(), "head", furniture) is not None for line in lines]
    filled = [place for place, line in enumerate(lines) if line.strip()]
    around = [place for place in filled if is_furniture[place]]
    if not around:
        return [], lines, []
    # The title may stand between the navigation and the line with the dates, so only the furniture lines go.
    head = [place for place in around if place < len(lines) // 2]
    tail = [place for place in around if place >= len(lines) // 2]
    last = min(tail, default=len(lines))
    body = [line for place, line in enumerate(lines[:last]) if place not in head]
    return [lines[place] for place in head], body, lines[last:]


# ---------------------------------------------------------------- docx

def make_docx(lines: list[str], is_numbered: bool, has_revision: bool) -> bytes:
    """A minimal Word file. With `is_numbered`, 一、 and （一） are automatic numbers and not in the text."""
    paragraphs = []
    counts = [0, 0]
    for place, line in enumerate(line.strip() for line in lines if line.strip()):
        heading = _HEADING.match(line) if is_numbered else None
        level = None
        if heading:
            level = 0 if heading[1] else 1
            expected = counts[level] + 1
            if _chinese(expected) == (heading[1] or heading[2]):
                counts[level] = expected
                if level == 0:
                    counts[1] = 0
                line = heading[3]
            else:
                level = None
        revision = has_revision and place == 8
        paragraphs.append(_paragraph(line, level, is_title=place < 4 and "报告" in line, revision=revision))
    body = "".join(paragraphs)
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    document = f"<w:document {_W}><w:body>{body}{page}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(("numbering", "numbering.xml")),
        "word/numbering.xml": _NUMBERING,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            package.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return buffer.getvalue()


def _chinese(number: int) -> str:
    return _CHINESE[number] if number <= 10 else "十" + _CHINESE[number - 10]


def _paragraph(text: str, level: int | None, is_title: bool, revision: bool) -> str:
    number = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    centred = '<w:jc w:val="center"/>' if is_title else ""
    properties = f"<w:pPr>{number}{centred}</w:pPr>"
    if revision and len(text) > 20:
        # Someone inserted the middle and struck out a word; what counts is the accepted text.
        by = 'w:author="办公室" w:date="2024-01-01T00:00:00Z"'
        inserted = f'<w:ins w:id="1" {by}>{_run(text[6:16])}</w:ins>'
        deleted = f'<w:del w:id="2" {by}><w:r><w:delText>认真</w:delText></w:r></w:del>'
        runs = _run(text[:6]) + inserted + deleted + _run(text[16:])
    else:
        runs = _run(text)
    return f"<w:p>{properties}{runs}</w:p>"


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t></w:r>'


def _relations(*targets: tuple[str, str]) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entries = "".join(f'<Relationship Id="rId{place}" Type="{kind}/{name}" Target="{target}"/>'
                      for place, (name, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'


_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_MAIN}.numbering+xml"/></Types>')
_NUMBERING = (
    f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>')


# ---------------------------------------------------------------- pdf

def make_pdf(lines: list[str]) -> bytes:
    """A printed report with running page numbers; indents and line breaks as in 公文."""
    fonts = importlib.util.find_spec("zhplot")
    if fonts is None or not fonts.submodule_search_locations:
        raise SystemExit("缺少字体包 zhplot：请先运行 make pipeline 安装依赖")
    filled = [line.strip() for line in lines if line.strip()]
    body_start = next((place for place, line in enumerate(filled) if line.endswith("：") or "。" in line), 0)
    prose = [place for place, line in enumerate(filled) if line.endswith("。") and len(line) > 20]
    body_end = max(prose, default=len(filled)) + 1
    parts = []
    for place, line in enumerate(filled):
        text = f"#text({_typst(line)})"
        if place < body_start:
            parts.append(f"#align(center)[#text(size: 20pt)[{text}]]")
        elif place >= body_end:
            # The colophon is set smaller, so that office and date fit on one line.
            parts.append(f"#align(right)[#text(size: {14 if '印发' in line else 16}pt)[{text}]]")
        else:
            is_addressee = line.endswith("：") and "现将" not in line
            parts.append(f"#par(first-line-indent: 0em)[{text}]" if is_addressee else f"#par[{text}]")
    source = _TYPST_HEAD + "\n\n".join(parts)
    folder = str(Path(fonts.submodule_search_locations[0]) / "fonts")
    return typst.compile(source.encode(), font_paths=[folder], ignore_system_fonts=True, format="pdf")


def _typst(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_TYPST_HEAD = """
#set document(date: none)
#set page(paper: "a4", margin: (top: 3.7cm, bottom: 3.5cm, left: 2.8cm, right: 2.6cm),
  footer: context align(center)[— #counter(page).display() —])
#set text(font: "Noto Sans SC", size: 16pt, lang: "zh", region: "cn")
#set par(first-line-indent: (amount: 2em, all: true), leading: 0.9em, spacing: 0.9em, justify: true)

"""


# ---------------------------------------------------------------- html

def make_html(lines: list[str], encoding: str) -> bytes:
    """A page of a government site: navigation, index card, article, footer. The card is what the source already says."""
    before, body, after = _split_page(lines)
    filled = [line.strip() for line in body if line.strip()]
    title = filled[0]
    navigation = "".join(f'<li><a href="/{place}/">{name}</a></li>' for place, name in enumerate(
        ("首页", "政务要闻", "走进澜山", "政务公开", "政务服务", "互动交流", "专题专栏")))
    paragraphs = "\n".join(f'<p style="text-indent:2em">&emsp;&emsp;{html.escape(line, quote=False)}</p>'
                           for line in filled[1:])
    shares = "".join(f'<div class="share">{html.escape(line.strip())}</div>' for line in after if line.strip())
    charset = "gb2312" if encoding == "gb18030" else encoding
    page = f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{html.escape(title)} - 澜山区人民政府</title>
<style>.nav li{{float:left}}</style><script>var hits=0;</script></head>
<body><div class="header"><div class="top">今天是：2024年3月1日 星期五　欢迎访问澜山区人民政府网站</div>
<ul class="nav">{navigation}</ul></div>
{_card(before)}
<div class="article"><h1>{html.escape(title)}</h1>
<div class="TRS_Editor">
{paragraphs}
</div></div>
{shares}
<div class="footer"><p>版权所有：澜山区人民政府　主办单位：澜山区人民政府办公室</p>
<p>网站标识码：0000000004　本站为示例，内容均为虚构</p></div>
</body></html>
"""
    return page.replace("\n", "\r\n").encode(encoding)


def _card(lines: list[str]) -> str:
    """Index card lines as a table, other lines as they stand."""
    rows, others = [], []
    for line in lines:
        cells = [cell for part in re.split(r"　+|\s{2,}", line.strip()) for cell in re.split("[：:]", part, maxsplit=1)]
        is_card = _CARD.match(line)
        if is_card and len(cells) % 2 == 0:
            rows.append("<tr>" + "".join(f"<td>{html.escape(cell.strip())}</td>" for cell in cells) + "</tr>")
        else:
            others.append(f'<div class="info">{html.escape(line.strip())}</div>')
    return (f'<table class="xxgk">{"".join(rows)}</table>' if rows else "") + "\n".join(others)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("用法：python data/make_demo.py 源文件夹 目标文件夹")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
