"""A corpus of any size from the demonstration reports: other regions, years, figures, wording, order; no two equal.

    python -m tests.bench.corpus FOLDER SIZE [SEED]

Every region gets all offices and years of the demonstration reports, so departments can be followed and compared.
The same size and seed give the same bytes, and a larger corpus holds the smaller one.
"""

from __future__ import annotations

import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.api import read_report

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "data" / "raw"

_FIRST = "青云松柏溪岭河湖江原平安宁兴永长临新东西南北凤龙鹤鹿石金玉银白丹碧翠锦瑞祥和庆丰禾谷稻荷莲梅兰竹桂枫榆桐梧"
_SECOND = "川阳阴泉溪岭峰谷原坪洲湾浦港桥渡关城州昌宁安康平和兴泰丰禾林木田野陵丘岗岩潭塘池渠源口门头台亭阁"
_KINDS = "县区市"
_TOWNS = ("镇", "乡", "街道")
_SYNONYMS = (
    ("积极", "主动"), ("进一步", "持续"), ("加强", "强化"), ("推动", "促进"), ("完善", "健全"), ("提升", "提高"), ("深入", "扎实"),
    ("全面", "系统"), ("严格", "从严"), ("及时", "按时"), ("不断", "逐步"), ("有效", "切实"), ("群众", "居民"), ("组织", "安排"),
    ("问题", "情形"), ("机制", "制度"), ("重点", "关键"), ("通过", "借助"), ("结合", "围绕"), ("形成", "建立"),
)
_SYNONYM = {one: other for pair in _SYNONYMS for one, other in (pair, pair[::-1])}
_SYNONYM_PATTERN = re.compile("|".join(map(re.escape, sorted(_SYNONYM, key=len, reverse=True))))
_YEAR = re.compile(r"(?<!\d)20[12]\d(?!\d)")
_FIGURE = re.compile(r"(?<![\d〔.,])(\d[\d,]*)(\.\d+)?(?=[余多]?(?:万|%|[件次人条场份户期起个项批家名宗]))")
_SENTENCE = re.compile(r"[^。]+。")
_PROJECTS = ("法律明白人", "企业法治体检", "送法下乡", "以案释法", "法治讲堂", "公众开放日", "执法回访", "惠企政策宣讲")


@dataclass(frozen=True)
class Template:
    """One demonstration report: its text and what is put in the place of its names."""

    office: str
    region: str
    year: int
    text: str


def read_templates(folder: Path = DEMONSTRATION) -> list[Template]:
    """The demonstration reports as the pipeline reads them, ordered by office and year."""
    templates = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "README.md"):
        report = read_report(path)
        identity = report.identity
        if report.status == "ok" and identity.department and identity.report_year and identity.region:
            office = identity.department.removeprefix(identity.region)
            templates.append(Template(office, identity.region, int(identity.report_year), report.text))
    return sorted(templates, key=lambda item: (item.office, item.year))


def region_name(number: int) -> str:
    """An invented region; distinct for distinct numbers up to several thousand."""
    n_pairs = len(_FIRST) * len(_SECOND)
    place = (number * 1009) % n_pairs  # 1009 is prime to the number of pairs, so all are visited
    return _FIRST[place // len(_SECOND)] + _SECOND[place % len(_SECOND)] + _KINDS[(number // n_pairs + number) % len(_KINDS)]


def _figure(match: re.Match[str], chance: random.Random) -> str:
    value = float(match[0].replace(",", "")) * chance.uniform(0.6, 1.6)
    after = match.string[match.end():match.end() + 1]
    if after == "%":
        value = min(value, 100.0)
    decimals = len(match[2]) - 1 if match[2] else 0
    return f"{value:.{decimals}f}" if decimals else str(max(1, round(value)))


def _extra_sentence(chance: random.Random) -> str:
    town = chance.choice(_FIRST) + chance.choice(_SECOND) + chance.choice(_TOWNS)
    return f"在{town}开展“{chance.choice(_PROJECTS)}”活动{chance.randint(2, 40)}场，服务{chance.randint(50, 3000)}人次。"


def _paragraph(line: str, pool: list[str], chance: random.Random) -> str:
    """Sentences after the first in another order, some left out, some of other reports put in."""
    sentences = _SENTENCE.findall(line)
    if len(sentences) < 2 or "一是" in line:
        return line
    head, rest = sentences[0], [s for s in sentences[1:] if chance.random() > 0.12]
    if line.startswith("（"):
        rest += chance.sample(pool, 2)
        if chance.random() < 0.3:
            rest.append(_extra_sentence(chance))
        # A run-in heading (（一）加强领导。) and the sentence that opens the topic stay in front.
        opening = 1 if len(head) < 30 else 0
        tail = rest[opening:]
        chance.shuffle(tail)
        rest = rest[:opening] + tail
    return head + "".join(rest)


def vary(template: Template, pool: list[str], region: str, shift: int, chance: random.Random) -> str:
    """The report of another region and year with other figures and other wording."""
    lines = [_paragraph(line, pool, chance) for line in template.text.split("\n")]
    text = "\n".join(lines)
    text = _SYNONYM_PATTERN.sub(lambda m: _SYNONYM[m[0]] if chance.random() < 0.3 else m[0], text)
    text = _YEAR.sub(lambda m: str(int(m[0]) + shift), text)
    text = _FIGURE.sub(lambda m: _figure(m, chance), text)
    text = text.replace(template.region, region).replace(template.region[:-1], region[:-1])
    return text.replace(f"{template.region[0]}", region[0]) if template.region[0] in "澜" else text


class Corpus:
    """Writes report number 0, 1, 2 … of the corpus with this seed."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self.templates = read_templates()
        lines = [line for t in self.templates for line in t.text.split("\n") if line.startswith("（") and "一是" not in line]
        self.pool = [s for line in lines for s in _SENTENCE.findall(line)[2:] if 20 < len(s) < 90]

    def report(self, number: int) -> tuple[str, str]:
        """Relative path and text."""
        chance = random.Random(f"{self.seed}:{number}")
        template = self.templates[number % len(self.templates)]
        n_region = number // len(self.templates)
        region = region_name(n_region)
        shift = -(n_region % 3)
        text = vary(template, self.pool, region, shift, chance)
        return f"{region}/{region}{template.office}{template.year + shift}年度法治政府建设情况报告.txt", text

    def write(self, folder: Path, size: int, start: int = 0) -> int:
        """Write reports `start` … `size` - 1 below `folder`; returns the number of characters."""
        characters = 0
        for number in range(start, size):
            relative, text = self.report(number)
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            characters += len(text)
        return characters


if __name__ == "__main__":
    print(Corpus(int(sys.argv[3]) if len(sys.argv) > 3 else 1).write(Path(sys.argv[1]), int(sys.argv[2])))
