"""Take the parts of a web page out of the body: they become fields of the document.

In any format, since people paste pages. Which labels and buttons there are is knowledge (furniture.csv); here is
only how they stand in lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.profiles.furniture import Furniture, Named
from pipeline.reading.raw import PARAGRAPH, TABLE_ROW, Piece

Field = tuple[str, str, str]

_SEPARATORS = re.compile(r"[\s\[\]【】（）()|｜/／、；;·•>＞：:]*")
_BEFORE_LABEL = re.compile(r"[\s【\[（(|｜/／；;]")
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
# When a page was put online: a date in figures. Alone on a line it needs the time; 2023年1月6日 may be a signature.
_STAMP = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?|(?=.*[：:【]))")
_WHOLE_STAMP = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
# A line of prose: it has an inner mark and some length. Index cards and button bars have neither.
_PROSE = re.compile(r"^.{24,}$|。")
_MARKS = re.compile("[。，]")
_LONGEST_VALUE = 80
_SURE_LABEL = 4


def take_furniture(pieces: list[Piece], furniture: Furniture) -> tuple[list[Piece], list[Field]]:
    """The pieces that are body, and (field, value, evidence) of the others, in page order.

    A repeated title line at the head, as web pages give it, is taken out too (field "other").
    """
    fields: list[Field] = []
    zones = _zones(pieces, furniture)
    bare = _bare_labels(pieces, zones, furniture)
    kept: list[Piece] = []
    is_cut = in_card = False
    for position, (piece, zone) in enumerate(zip(pieces, zones, strict=True)):
        text = piece.text.strip()
        if piece.is_outside:
            fields.extend(_fields_around(piece, furniture))
            continue
        if is_cut or (zone == "tail" and furniture.tail_pattern.match(text)):
            is_cut = True
            if text:
                fields.append(("other", text, text))
            continue
        found = bare.get(position)
        if found is None and text:
            found = _card_row(piece, furniture) if piece.kind == TABLE_ROW else split_line(text, zone, furniture)
        if found is None and zone == "head" and piece.kind == PARAGRAPH:
            found = _spaced_card(text, furniture, fewest=1 if in_card else 2)
            in_card = found is not None or (in_card and not text)
        if found is None and zone == "head" and len(text) >= 8 and _repeats_last(kept, text):
            found = [("other", text, text)]
        if found is None:
            kept.append(piece)
        else:
            fields.extend(found)
    return kept, fields


def split_line(text: str, zone: str, furniture: Furniture) -> list[Field] | None:
    """The fields of a line of nothing but labels with values and buttons; None where anything else remains.

    来源：区科技局　浏览次数：143　【打印】 gives source and two fields "other"; 数据来源：区科技局统计 gives None.
    """
    if zone == "body" and len(text) > _LONGEST_VALUE:
        return None
    for pattern, named in furniture.lines_of[zone]:
        if pattern.match(text):
            return [(named.field, text, text)]
    fields: list[Field] = []
    position = _skip_separators(text, 0)
    while position < len(text):
        label = furniture.label_pattern.match(text, position)
        named_label = _known(furniture.labels, label, zone)
        if label and named_label:
            end = _value_end(text, label.end(), furniture)
            value = text[label.end():end].strip(" 　【】[]|｜;；")
            if len(value) > _LONGEST_VALUE or "。" in value:
                return None
            if value:
                fields.append((named_label.field, _value_of(named_label.field, value), text))
            position = _skip_separators(text, end)
            continue
        word = furniture.word_pattern.match(text, position)
        if word and _known(furniture.words, word, zone):
            position = _skip_separators(text, word.end())
            continue
        stamp = _STAMP.match(text, position) if zone == "head" else None
        if stamp is None:
            return None
        fields.append(("published_date", _value_of("published_date", stamp[0]), text))
        position = _skip_separators(text, stamp.end())
    # Separators alone (———, ·) are no furniture.
    return (fields or [("other", text, text)]) if re.search(r"\w", text) else None


def _zones(pieces: list[Piece], furniture: Furniture) -> list[str]:
    """"head" before the first line of prose, "tail" after the last, "body" between."""
    def is_prose(position: int) -> bool:
        piece = pieces[position]
        return (not piece.is_outside and piece.kind == PARAGRAPH and bool(_PROSE.search(piece.text))
                and bool(_MARKS.search(piece.text)) and split_line(piece.text.strip(), "head", furniture) is None)

    first = next(filter(is_prose, range(len(pieces))), len(pieces))
    last = next(filter(is_prose, range(len(pieces) - 1, first - 1, -1)), -1)
    return ["head" if position < first else "tail" if position > last else "body" for position in range(len(pieces))]


def _skip_separators(text: str, position: int) -> int:
    match = _SEPARATORS.match(text, position)
    return match.end() if match else position


def _known(names: dict[str, Named], match: re.Match[str] | None, zone: str) -> Named | None:
    if match is None:
        return None
    named = names.get("".join(match["name"].split()))
    return named if named is not None and named.fits(zone) else None


def _value_end(text: str, start: int, furniture: Furniture) -> int:
    """Where the value of a label ends: before the next label or button, or at the end of the line."""
    # Pasted cards lose their gaps: 日期：2024-02-07来源：区科技局, 索引号：LS001发布机构：区科技局.
    stamp = _WHOLE_STAMP.match(text, start)
    if stamp and (label := furniture.label_pattern.match(text, stamp.end())) and _has_colon(label):
        return stamp.end()
    stuck = furniture.label_pattern.search(text, start)
    while stuck and (len(stuck["name"]) < _SURE_LABEL or not _has_colon(stuck)):
        stuck = furniture.label_pattern.search(text, stuck.end())
    limit = stuck.start() if stuck else len(text)
    return min(limit, _gap_end(text, start, furniture))


def _has_colon(label: re.Match[str]) -> bool:
    return label[0].rstrip().endswith(("：", ":"))


def _gap_end(text: str, start: int, furniture: Furniture) -> int:
    position = start
    while position < len(text):
        gap = _BEFORE_LABEL.search(text, position)
        if gap is None:
            return len(text)
        after = _skip_separators(text, gap.start())
        if furniture.label_pattern.match(text, after) or furniture.word_pattern.match(text, after):
            return gap.start()
        position = max(gap.end(), after)
    return len(text)


def _value_of(field: str, value: str) -> str:
    """Dates as 年-月-日; other values as they stand."""
    if field in ("signed_date", "published_date") and (date := _DATE.search(value)):
        return f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}"
    return value


def _card_row(piece: Piece, furniture: Furniture) -> list[Field] | None:
    """The fields of a table row 索引号 | … | 主题分类 | …; None where a cell that should be a label is none."""
    fields: list[Field] = []
    cells = list(piece.cells)
    n_labels = 0
    while cells:
        label, value = cells.pop(0), cells.pop(0) if cells else ""
        named = furniture.labels.get("".join(label.split()).rstrip("：:"))
        if named is None and label.strip():
            return None
        n_labels += named is not None
        if named is not None and value.strip():
            fields.append((named.field, _value_of(named.field, value.strip()), " ".join(piece.cells)))
    return fields if n_labels else None


def _spaced_card(text: str, furniture: Furniture, fewest: int) -> list[Field] | None:
    """The fields of a row of an index card whose cells are set apart by blanks alone; below another row one label is enough."""
    labels = list(furniture.spaced_label_pattern.finditer(text))
    if len(labels) < fewest or labels[0].start() > 0:
        return None
    fields: list[Field] = []
    for place, label in enumerate(labels):
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        value, named = text[label.end():end].strip(), _known(furniture.labels, label, "head")
        if named and value:
            fields.append((named.field, _value_of(named.field, value), text))
    return fields


def _fields_around(piece: Piece, furniture: Furniture) -> Iterator[Field]:
    """Fields from a line around the article of a web page; what has no name is dropped."""
    if piece.kind == TABLE_ROW:
        found = _card_row(piece, furniture)
        if found is not None:
            yield from (field for field in found if field[0] != "other")
            return
    text = piece.text.strip()
    for pattern, named in furniture.lines:
        if named.field != "other" and pattern.match(text):
            yield named.field, text, text
            return
    position = 0
    while match := furniture.label_pattern.search(text, position):
        named_label = _known(furniture.labels, match, "head")
        end = _value_end(text, match.end(), furniture)
        value = text[match.end():end].strip(" 　【】[]|｜;；")
        starts_clean = (match.start() == 0 or _BEFORE_LABEL.match(text[match.start() - 1])) and _has_colon(match)
        if named_label and starts_clean and named_label.field != "other" and 0 < len(value) <= _LONGEST_VALUE:
            yield named_label.field, _value_of(named_label.field, value), text
        position = max(end, match.end())


def _bare_labels(pieces: list[Piece], zones: list[str], furniture: Furniture) -> dict[int, list[Field]]:
    """Positions of labels and values of an index card pasted with one cell a line: 索引号 / LS0412/2023 / 主题分类 / …

    Only three such labels or more make a card, so that a heading 来源 or 名称 stays where it is.
    """
    lines = [(position, "".join(piece.text.split())) for position, piece in enumerate(pieces)
             if zones[position] == "head" and piece.kind == PARAGRAPH and not piece.is_outside and piece.text.strip()]
    labels = [index for index, (_, text) in enumerate(lines) if text in furniture.labels]
    if len(labels) < 3:
        return {}
    found: dict[int, list[Field]] = {}
    for index in labels:
        position, name = lines[index]
        found[position] = []
        if index + 1 < len(lines) and index + 1 not in labels:
            place, _ = lines[index + 1]
            value = pieces[place].text.strip()
            # The last label may have no value; what follows is then the title of the report.
            if index == labels[-1] and len(value) > 16:
                continue
            field = furniture.labels[name].field
            found[place] = [(field, _value_of(field, value), f"{name} {value}")]
    return found


def _repeats_last(kept: list[Piece], text: str) -> bool:
    return next((piece.text.strip() == text for piece in reversed(kept) if piece.text.strip()), False)
