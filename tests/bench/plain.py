"""What the pipeline is held against: segmentation alone, and the script that an analyst would write first.

    python -m tests.bench.plain jieba|rjieba|script FOLDER MOST_FILES

Prints characters and seconds of work, in one line.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

_QUANTITY = re.compile(r"(\d[\d,.]*)\s*(万?[件次人条场份户期起个项批家名]|%)")


def read(folder: Path, most: int) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))[:most]]


def segment_with_jieba(texts: list[str]) -> None:
    import jieba

    for text in texts:
        jieba.lcut(text)


def segment_with_rjieba(texts: list[str]) -> None:
    import rjieba

    for text in texts:
        rjieba.cut(text)


def run_script(texts: list[str]) -> None:
    """Words, TF-IDF, figures by one pattern, ten topics."""
    import jieba
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = [" ".join(word for word in jieba.lcut(text) if len(word) > 1) for text in texts]
    weights = TfidfVectorizer(token_pattern=r"\S+").fit_transform(words)
    for text in texts:
        _QUANTITY.findall(text)
    NMF(10, random_state=0, max_iter=400).fit(weights)


if __name__ == "__main__":
    kind, folder, most = sys.argv[1:]
    texts = read(Path(folder), int(most))
    work = {"jieba": segment_with_jieba, "rjieba": segment_with_rjieba, "script": run_script}[kind]
    work(texts[:1])  # dictionaries and libraries are loaded before the clock starts
    started = time.process_time()
    work(texts)
    print(sum(map(len, texts)), time.process_time() - started)
