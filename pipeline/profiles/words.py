"""Words that the segmenter must keep whole (words.txt) and words that say nothing in a comparison (stopwords.txt)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError

# The segmenter cuts at every other character before it looks at any dictionary,
# so that a word holding one of them (“12·4”, 互联网＋监管) could never take effect.
_USABLE = re.compile(r"[\u4e00-\u9fd5A-Za-z0-9+#&._%-]+")


@dataclass(frozen=True)
class Words:
    """`added`: words kept whole, in the order of the file. `stop`: words never counted."""

    added: tuple[str, ...] = ()
    stop: frozenset[str] = frozenset()


def load_words(folder: Path) -> Words:
    """Both lists. KnowledgeError names the line of a word that cannot take effect or stands twice."""
    added_file, stop_file = folder / "words.txt", folder / "stopwords.txt"
    added, stop = _read_lines(added_file), _read_lines(stop_file)
    for word, line in added.items():
        unusable = _USABLE.sub("", word)
        if unusable:
            raise KnowledgeError(added_file, f"第{line}行",
                                 f"词 {word} 含有分词时必定断开的字符 {unusable!r}，不会起作用",
                                 allowed="汉字、字母、数字", advice="删去该行，或只写不含该字符的部分")
        if len(word) < 2:
            raise KnowledgeError(added_file, f"第{line}行", f"词 {word} 只有一个字，不会计数", advice="删去该行")
        if word in stop:
            raise KnowledgeError(added_file, f"第{line}行",
                                 f"词 {word} 同时列在 {stop_file.name} 第{stop[word]}行，不会计数",
                                 advice="只保留一处")
    return Words(tuple(added), frozenset(stop))


def _read_lines(path: Path) -> dict[str, int]:
    """Words of a list, one a line, with their lines; blank lines and lines starting with # are skipped."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, f"第{error.start}字节", "不是 UTF-8 编码", advice="另存为 UTF-8") from error
    words: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        if len(word.split()) > 1:
            raise KnowledgeError(path, f"第{number}行", f"{word!r} 中有空格", advice="每行只写一个词，不写词频与词性")
        if word in words:
            raise KnowledgeError(path, f"第{number}行", f"词 {word} 与第{words[word]}行重复", advice="删去一处")
        words[word] = number
    return words
