"""The measurements as a table in RESULTS.md, and as a plot."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.stages import STAGES
from tests.bench.measure import machine

FOLDER = Path(__file__).resolve().parent
_ABOUT = """# What the pipeline costs

Made by `make bench` (`tests/bench`). {machine}. Reports of about 2,500 characters, varied by seed from the demonstration
reports; text to all tables, two worker processes; times of work are seconds of all processes together, so they do not
depend on what else the machine does, wall times do (load when the run began: {load}). jieba, rjieba and the plain script
(jieba, TfidfVectorizer, one pattern for figures, NMF) are measured in the same run on at most 1,000 of the same reports;
ratios are of characters a second of work, more is better.

"""
_PLOT = "costs.svg"
# Measured as one too: characters a second of one core from sentences to answers.
_READING_FIGURES = ("find_quantities", "answer_indicators")


def write_results(rows: list[dict[str, Any]]) -> str:
    """Write RESULTS.md and the plot for the sizes measured so far; the tables as text."""
    tables = f"{_by_size(rows)}\n\n## Characters a second of work, by stage\n\n{_by_stage(rows)}\n"
    about = _ABOUT.format(machine=machine(), load=", ".join(f"{row['load']:.1f}" for row in rows))
    (FOLDER / "RESULTS.md").write_text(f"{about}{tables}\n![Costs by number of reports]({_PLOT})\n", encoding="utf-8")
    _draw(rows, FOLDER / _PLOT)
    return tables


def _line(name: str, cells: list[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _by_size(rows: list[dict[str, Any]]) -> str:
    def line(name: str, cell: Any) -> str:
        return _line(name, [cell(row) for row in rows])

    rate = {row["reports"]: row["characters"] / row["first"].work for row in rows}
    lines = [
        line("reports", lambda row: f"{row['reports']:,}"), "|---" * (len(rows) + 1) + "|",
        line("characters", lambda row: f"{row['characters'] / 1e6:.2f} million"),
        line("first run, wall", lambda row: f"{row['first'].wall:.1f} s"),
        line("first run, work", lambda row: f"{row['first'].work:.1f} s"),
        line("characters a second of work", lambda row: f"{rate[row['reports']]:,.0f}"),
        line("ratio to jieba alone", lambda row: f"{rate[row['reports']] / row['plain']['jieba']:.2f}"),
        line("ratio to the plain script", lambda row: f"{rate[row['reports']] / row['plain']['script']:.2f}"),
        line("times the work of rjieba alone", lambda row: f"{row['plain']['rjieba'] / rate[row['reports']]:.1f}"),
        line("growth exponent, work", lambda row: _growth(rows, row, "work")),
        line("second run, wall (work)", lambda row: f"{row['second'].wall:.1f} s ({row['second'].work:.1f})"),
        line("one file added, wall (work)", lambda row: f"{row['one_more'].wall:.1f} s ({row['one_more'].work:.1f})"),
        line("peak memory of a process", lambda row: f"{max(row[k].peak for k in ('first', 'one_more')) / 2**20:,.0f} MB"),
        line("cache", lambda row: f"{row['cache_bytes'] / 2**20:.1f} MB, {row['cache_files']} files"),
        line("tables", lambda row: f"{row['table_bytes'] / 2**20:.1f} MB"),
        line("jieba, characters a second", lambda row: f"{row['plain']['jieba']:,.0f}"),
        line("rjieba, characters a second", lambda row: f"{row['plain']['rjieba']:,.0f}"),
        line("plain script, characters a second", lambda row: f"{row['plain']['script']:,.0f}"),
    ]
    return "\n".join(lines)


def _growth(rows: list[dict[str, Any]], row: dict[str, Any], measure: str) -> str:
    """By which power of the number of reports the cost grew since the size before: 1 is as many times more."""
    for before, after in pairwise(rows):
        if after is row:
            costs = getattr(after["first"], measure) / getattr(before["first"], measure)
            return f"{math.log(costs) / math.log(after['reports'] / before['reports']):.2f}"
    return ""


def _by_stage(rows: list[dict[str, Any]]) -> str:
    lines = [_line("stage", [f"{row['reports']:,}" for row in rows]), "|---" * (len(rows) + 1) + "|"]
    for stage in STAGES:
        if stage.scope != "output":
            lines.append(_line(stage.function, [
                f"{row['characters'] / max(row['stages'].get(stage.function, 0.0), 0.001):,.0f}" for row in rows]))
    lines.append(_line("quantities and indicators together", [
        f"{row['characters'] / max(sum(row['stages'].get(name, 0.0) for name in _READING_FIGURES), 0.001):,.0f}" for row in rows]))
    return "\n".join(lines)


def _draw(rows: list[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "bench"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.0))
    sizes = [row["reports"] for row in rows]
    for label, values in (
        ("pipeline, work of all processes", [row["first"].work for row in rows]),
        ("pipeline, wall, two workers", [row["first"].wall for row in rows]),
        ("jieba alone", [row["characters"] / row["plain"]["jieba"] for row in rows]),
        ("plain script", [row["characters"] / row["plain"]["script"] for row in rows]),
        ("one file added, wall", [row["one_more"].wall for row in rows]),
        ("nothing changed, wall", [row["second"].wall for row in rows]),
    ):
        axes.loglog(sizes, values, marker="o", label=label)
    axes.set_xlabel("reports")
    axes.set_ylabel("seconds")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
