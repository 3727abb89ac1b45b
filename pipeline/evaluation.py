"""How right the pipeline is, measured: what `hengbao evaluate` runs and says.

The corpus with known truth is run in a temporary folder, so that no folder of the user is touched. The counting is done
in `evaluation_truth` and `evaluation_quantities`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.api import find_quantities, load
from pipeline.errors import UsageError
from pipeline.evaluation_quantities import LEVELS, QuantityScore, read_labels, score_quantities
from pipeline.evaluation_scores import IDENTITY, Tally, TruthScore
from pipeline.evaluation_tables import gather_found
from pipeline.evaluation_truth import read_truths, score_truth
from pipeline.profiles import load_part
from pipeline.runner.run import Progress, run
from pipeline.settings import KNOWLEDGE, Folders, Options
from pipeline.terminal import columns, wrap

_IDENTITY_LABELS = {"department": "部门", "year": "年度", "doc_number": "文号", "signed_date": "成文日期"}
_LEVEL_LABELS = {"detect": "找到", "value": "种类与上下限", "full": "再加单位与性质", "span": "起止位置"}
_KIND_LABELS = {"count": "计数", "percent": "百分比", "money": "金额", "duration": "时长", "measure": "度量", "multiple": "倍数",
                "rank": "名次", "zero": "零陈述"}
_HEAD = ("项目", "准确率", "召回率", "F1", "应有", "得到")


def evaluate_truth(folder: Path, jobs: int = 0, knowledge: Path = KNOWLEDGE, progress: Progress | None = None) -> TruthScore:
    """Run the corpus of reports and .json truths in `folder` and score the tables. UsageError where there is no truth."""
    if not folder.is_dir():
        raise UsageError(f"没有文件夹 {folder}")
    truths = read_truths(folder)
    with tempfile.TemporaryDirectory(prefix="hengbao-") as place:
        folders = Folders(Path(place, "raw"), Path(place, "processed"), Path(place, "reports"))
        folders.raw.mkdir()
        # Neither the truth nor labelled sentences are reports; a report without truth may be what others were copied from.
        formats = {Path(truth["file"]).suffix.lower() for truth in truths}
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in formats:
                shutil.copyfile(path, folders.raw / path.name)
        run(folders, Options(), jobs, tables_only=True, knowledge=knowledge, progress=progress)
        return score_truth(truths, gather_found(load(folders.processed)))


def evaluate_quantities(path: Path) -> QuantityScore:
    """Read the sentences of a file of labels and score what is found in them."""
    return score_quantities(read_labels(path), lambda text: [asdict(quantity) for quantity in find_quantities(text)])


def describe_truth(folder: Path, score: TruthScore, n_errors: int = 0) -> Iterator[str]:
    """The lines of `hengbao evaluate --truth` for a terminal."""
    yield f"== {folder}　报告 {score.n_reports} 份，未读到 {score.n_unread} 份"
    rows: list[Sequence[str]] = [_HEAD]
    rows += [_row(f"身份·{_IDENTITY_LABELS[name]}", score.identity[name]) for name in IDENTITY]
    rows += [("章节·标题", "", _percent(score.headings.recall), "", str(score.headings.n_true), ""),
             ("章节·角色", "", _percent(score.roles.recall), "", str(score.roles.n_true), "")]
    rows.append(_row("指标", score.indicators))
    rows.append(_row("沿用", score.reuse))
    rows += [("承诺·找到", "", _percent(score.commitments.recall), "", str(score.commitments.n_true), ""),
             ("承诺·回应", "", _percent(score.outcomes.recall), "", str(score.outcomes.n_true), "")]
    rows.append(_row("检查·不通过的", score.failures))
    rows.append(("错误·指出", "", _percent(score.faults.recall), "", str(score.faults.n_true), ""))
    yield from columns(rows, right=(1, 2, 3, 4, 5))
    yield f"干扰数误用 {score.decoys.n_found}/{score.decoys.n_true}；误报 {score.n_false_alarms} 处"
    names = {item.id: item.name for item in load_part("indicators").all}
    wrong = sorted((name for name, tally in score.by_indicator.items() if tally.n_true_met < max(tally.n_true, tally.n_found)),
                   key=lambda name: (score.by_indicator[name].n_true_met - max(score.by_indicator[name].n_true,
                                                                              score.by_indicator[name].n_found), name))
    n_right = len(score.by_indicator) - len(wrong)
    yield f"指标逐项　全对 {n_right} 项" + (f"，有错漏 {len(wrong)} 项：" if wrong else "")
    if wrong:
        yield from columns([_HEAD, *(_row(f"{names.get(name, '')}　{name}", score.by_indicator[name]) for name in wrong)],
                           right=(1, 2, 3, 4, 5), indent="  ")
    checks = [(name, tally) for name, tally in sorted(score.by_check.items()) if tally.n_true_met < tally.n_true]
    if checks:
        rules = load_part("check_rules").by_id
        yield "检查逐项（有错的）　" + "，".join(
            f"{rules[name].name if name in rules else name} {tally.n_true_met}/{tally.n_true}" for name, tally in checks)
    yield from _list_misses(n_errors, [(miss.report, miss.what, miss.wanted, miss.found) for miss in score.misses])


def describe_quantities(path: Path, score: QuantityScore, n_errors: int = 0) -> Iterator[str]:
    """The lines of `hengbao evaluate --quantities` for a terminal."""
    share = score.object_share
    yield f"== {path}　句子 {score.n_sentences} 句，标注 {score.levels['detect'].n_true} 个，得到 {score.levels['detect'].n_found} 个"
    rows = [_HEAD, *(_row(_LEVEL_LABELS[name], score.levels[name]) for name in LEVELS)]
    yield from columns(rows, right=(1, 2, 3, 4, 5))
    yield f"所计对象相同的字　{_percent(share)}"
    yield "按种类（种类与上下限）"
    yield from columns([_HEAD, *(_row(_KIND_LABELS.get(kind, kind), tally) for kind, tally in sorted(score.by_kind.items()))],
                       right=(1, 2, 3, 4, 5), indent="  ")
    yield from _list_misses(n_errors, [(miss.sentence_id, miss.text, miss.wanted, miss.found) for miss in score.misses])


def _list_misses(n_shown: int, misses: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    if n_shown and misses:
        yield f"不符 {len(misses)} 处，列出前 {min(n_shown, len(misses))} 处："
    for where, what, wanted, found in misses[:n_shown]:
        yield from wrap(f"{where}　{what}", "  ")
        yield from wrap(wanted, "      应为 ")
        yield from wrap(found, "      得到 ")


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    return (name, _percent(tally.precision), _percent(tally.recall), _percent(tally.f1), str(tally.n_true), str(tally.n_found))


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f}%"


def as_plain(truth: TruthScore | None, quantities: dict[str, QuantityScore], n_errors: int = 0) -> dict[str, Any]:
    """Everything that was measured, ready for JSON; `errors` holds the first misses of each."""
    result: dict[str, Any] = {}
    if truth is not None:
        result["truth"] = {**truth.as_plain(), **({"errors": [asdict(m) for m in truth.misses[:n_errors]]} if n_errors else {})}
    if quantities:
        result["quantities"] = {
            name: {**score.as_plain(), **({"errors": [asdict(m) for m in score.misses[:n_errors]]} if n_errors else {})}
            for name, score in quantities.items()}
    return result
