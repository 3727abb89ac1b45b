"""The command `hengbao`: parses, calls, prints. Nothing else in the package prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import PipelineError, UsageError
from pipeline.settings import KNOWLEDGE, Folders, Options
from pipeline.stages import STAGES
from pipeline.tables.schemas import TABLES
from pipeline.terminal import fit_encoding

if TYPE_CHECKING:
    from pipeline.review import Outcome

DONE, DONE_WITH_LOSSES, NOT_DONE = 0, 1, 2

app = typer.Typer(
    name="hengbao", help="衡报：比较各部门历年的法治政府建设年度报告。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)

Raw = Annotated[Path, typer.Option("--raw", help="原始报告所在文件夹", show_default=True)]
Processed = Annotated[Path, typer.Option("--processed", help="数据表所在文件夹")]
Reports = Annotated[Path, typer.Option("--reports", help="图表与文件的输出文件夹")]
Knowledge = Annotated[Path, typer.Option("--knowledge", help="知识文件夹；默认为程序自带的一份", show_default=False)]
Jobs = Annotated[int, typer.Option("--jobs", min=0, help="并行进程数；0 为每核一个")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", help="不显示进度与小结")]


def _say(text: str = "", error: bool = False) -> None:
    """Print a line; a character that the terminal's encoding lacks is replaced, never an exception."""
    stream = sys.stderr if error else sys.stdout
    stream.write(fit_encoding(text, stream.encoding or "utf-8") + "\n")
    stream.flush()


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


def _say_json(data: Any) -> None:
    _say(json.dumps(data, ensure_ascii=False, indent=1))


class _ProgressLine:
    """One line on a terminal, rewritten as work goes on; silent when the output is not a terminal."""

    def __init__(self, quiet: bool) -> None:
        self.is_shown = not quiet and sys.stderr.isatty()

    def __call__(self, label: str, done: int, total: int) -> None:
        if self.is_shown:
            filled = 30 * done // max(total, 1)
            line = f"\r{label}  [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}\x1b[K"
            sys.stderr.write(fit_encoding(line, sys.stderr.encoding or "utf-8"))
            sys.stderr.flush()

    def close(self) -> None:
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@app.command(help="运行整个流程：读取报告、提取指标、比较、出图表与简报。")
def run(
    raw: Raw = Path("data/raw"),
    processed: Processed = Path("data/processed"),
    reports: Reports = Path("reports"),
    genre: Annotated[str, typer.Option("--genre", help="要比较的体裁（如 rule_of_law、work_report）；默认取报告最多的一种")] = "",
    jobs: Jobs = 0,
    only: Annotated[str, typer.Option("--only", help="只重做这一环节（其前的环节按需补齐）")] = "",
    start: Annotated[str, typer.Option("--from", help="从这一环节起全部重做")] = "",
    tables_only: Annotated[bool, typer.Option("--tables-only", help="只出数据表，不出图表与文件")] = False,
    force: Annotated[bool, typer.Option("--force", help="全部重做")] = False,
    cluster: Annotated[str, typer.Option("--cluster", help="Dask 调度器地址，如 tcp://主机:8786；逐份的环节交给它的工作进程")] = "",
    knowledge: Knowledge = KNOWLEDGE,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    from pipeline.runner.run import Summary
    from pipeline.runner.run import run as run_pipeline

    if genre:
        _check_genre(genre, knowledge)
    folders = Folders(raw, processed, reports)
    progress = _ProgressLine(quiet or as_json)

    def execute(folders: Folders, **choices: Any) -> Summary:
        return run_pipeline(folders, Options(genre), jobs, knowledge=knowledge, progress=progress, **choices)

    choices = {"only": only, "start": start, "tables_only": tables_only, "force": force, "cluster": cluster}
    outcome: Outcome | None = None
    try:
        # Workbooks that a person filled in are taken first, and are no reports.
        if reviews := _reviews_in(raw):
            from pipeline.profiles import load_part
            from pipeline.review import take_reviews
            from pipeline.review_files import raw_without

            with raw_without(raw, reviews) as others:
                linked = replace(folders, raw=others)
                if not (processed / "indicator_values.parquet").is_file():
                    execute(linked, tables_only=True)
                outcome = take_reviews(reviews, processed, date.today().isoformat(), knowledge)
                # With --jobs 1 the run goes on in this process, which must not remember the old corrections.
                load_part.cache_clear()
                done = execute(linked, **choices)
        else:
            done = execute(folders, **choices)
    finally:
        progress.close()
    from pipeline.summary import summarise

    closing = summarise(folders, done, knowledge, genre)
    if as_json:
        _say_json({**closing.as_plain(), "review": outcome.as_plain() if outcome else None})
    elif not quiet:
        if outcome:
            from pipeline.review import describe_outcome

            _say_all(describe_outcome(outcome, knowledge))
        _say_all(closing.lines())
    if closing.nothing_usable:
        raise UsageError(closing.nothing_usable)
    is_complete = closing.is_complete and (outcome is None or outcome.is_complete)
    raise typer.Exit(DONE if is_complete else DONE_WITH_LOSSES)


def _reviews_in(raw: Path) -> list[Path]:
    # Most folders hold no workbook at all; then nothing is loaded that reads one.
    if not any(name.lower().endswith(".xlsx") for _, _, names in os.walk(raw) for name in names):
        return []
    from pipeline.review_files import find_reviews

    return find_reviews(raw)


def _check_genre(name: str, knowledge: Path) -> None:
    from pipeline.profiles import load_part

    names = list(load_part("genres", knowledge).by_name)
    if name not in names:
        raise UsageError(f"没有体裁 {name}；现有：{'、'.join(names)}")


@app.command(help="交稿前自查一份或几份报告：必备内容、前后矛盾、过时用语、与往年雷同、读出的数。")
def check(
    files: Annotated[list[Path], typer.Argument(help="报告文件")],
    processed: Processed = Path("data/processed"),
    page: Annotated[Path | None, typer.Option("--html", help="写成一个网页文件，可打印", show_default=False)] = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="只写文件，不在屏幕上显示")] = False,
) -> None:
    from pipeline.draft_text import describe_draft, summarise_draft
    from pipeline.drafts import check_draft

    progress = _ProgressLine(quiet or as_json)
    drafts = []
    try:
        for number, path in enumerate(files):
            progress("检查报告", number, len(files))
            drafts.append(check_draft(path, processed))
    finally:
        progress.close()
    if page:
        from pipeline.draft_page import render_page

        _write_file(page, render_page(drafts))
    if as_json:
        _say_json(drafts if len(drafts) > 1 else drafts[0])
    elif not quiet:
        for number, draft in enumerate(drafts):
            if number and not page:
                _say()
            _say_all(summarise_draft(draft) if page else describe_draft(draft))
        if page:
            _say(f"已写入 {page}")
    raise typer.Exit(DONE if all(draft["status"] == "ok" for draft in drafts) else DONE_WITH_LOSSES)


def _write_file(path: Path, content: bytes) -> None:
    from pipeline.tables.store import write_bytes

    try:
        write_bytes(path, content)
    except OSError as error:
        raise UsageError(f"不能写入 {path}：{error.strerror}") from error


@app.command(help="收下填好的复核表（tables.xlsx 的“待复核”），记入更正；再次运行后生效。")
def review(
    files: Annotated[list[Path], typer.Argument(help="填好的工作簿（.xlsx）")],
    processed: Processed = Path("data/processed"),
    knowledge: Knowledge = KNOWLEDGE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    from pipeline.review import describe_outcome, take_reviews

    progress = _ProgressLine(quiet or as_json)
    progress("核对复核表", 0, len(files))
    try:
        outcome = take_reviews(files, processed, date.today().isoformat(), knowledge)
    finally:
        progress.close()
    if outcome.bad_files and not outcome.n_filled:
        raise UsageError("；".join(outcome.bad_files))
    if as_json:
        _say_json(outcome.as_plain())
    elif not quiet:
        _say_all(describe_outcome(outcome, knowledge))
        if outcome.taken:
            _say("再次运行 hengbao run 后生效")
    if not outcome.n_filled:
        raise UsageError("没有填写的行；请在“应为、理由、复核人”三栏填写后保存")
    if not outcome.is_complete:
        raise typer.Exit(DONE_WITH_LOSSES if outcome.taken or outcome.n_unchanged else NOT_DONE)


@app.command(help="测准确度：在已知真值的语料上运行并打分，或核对标注好的句子。")
def evaluate(
    truth: Annotated[Path | None, typer.Option("--truth", help="真值语料文件夹：每份报告旁有同名的 .json", show_default=False)] = None,
    quantities: Annotated[list[Path] | None, typer.Option("--quantities", help="标注好的句子（.jsonl），可写多次",
                                                          show_default=False)] = None,
    errors: Annotated[int, typer.Option("--errors", min=0, help="列出前几处不符")] = 0,
    jobs: Jobs = 0,
    knowledge: Knowledge = KNOWLEDGE,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示进度")] = False,
) -> None:
    from pipeline.evaluation import as_plain, describe_quantities, describe_truth, evaluate_quantities, evaluate_truth

    if truth is None and not quantities:
        raise UsageError("请用 --truth 指定真值语料文件夹，或用 --quantities 指定标注好的句子")
    progress = _ProgressLine(quiet or as_json)
    try:
        truth_score = evaluate_truth(truth, jobs, knowledge, progress) if truth else None
    finally:
        progress.close()
    scores = {str(path): evaluate_quantities(path) for path in quantities or []}
    if as_json:
        _say_json(as_plain(truth_score, scores, errors))
        return
    if truth and truth_score:
        _say_all(describe_truth(truth, truth_score, errors))
    for name, score in scores.items():
        _say_all(describe_quantities(Path(name), score, errors))


@app.command(help="把数据表导出为 CSV（带 BOM，Excel 可直接打开）。")
def export(
    folder: Annotated[Path, typer.Argument(help="输出文件夹")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[TABLES]", help="只导出这些表；不写则全部", show_default=False)] = None,
    processed: Processed = Path("data/processed"),
    labels: Annotated[bool, typer.Option("--labels", help="表头用中文列名")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    from pipeline.api import load
    from pipeline.exporting import export_tables

    written = export_tables(load(processed), folder, names or [], labels)
    if as_json:
        _say_json([{"path": str(path), "rows": rows} for path, rows in written.items()])
    elif not quiet:
        _say_all(f"{path}　{rows} 行" for path, rows in written.items())


@app.command(help="说明一个指标值的依据：原文句子、位置、取舍理由。")
def explain(
    report_id: Annotated[str, typer.Argument(help="报告编号，如 澜山区科学技术局-2022")],
    indicator: Annotated[str, typer.Argument(help="指标编号或名称；不写则列出全部")] = "",
    processed: Processed = Path("data/processed"),
    as_json: AsJson = False,
) -> None:
    from dataclasses import asdict

    from pipeline.api import explain as explain_values
    from pipeline.api import load

    explanations = explain_values(load(processed), report_id, indicator)
    if as_json:
        _say_json([asdict(item) for item in explanations])
    else:
        _say("\n\n".join(str(item) for item in explanations) or f"{report_id} 没有作答的指标")


@app.command(help="识别文本中的数量。输入每行一个 JSON：{\"id\",\"text\"}；输出每行一个：{\"id\",\"quantities\"}。")
def quantities(
    source: Annotated[str, typer.Option("--jsonl", help="输入文件；- 为标准输入")] = "-",
    out: Annotated[str, typer.Option("--out", help="输出文件；- 为标准输出")] = "-",
) -> None:
    from dataclasses import asdict

    from pipeline.api import find_quantities

    if source == "-":
        content = sys.stdin.buffer.read()
    else:
        if not Path(source).is_file():
            raise UsageError(f"没有文件 {source}")
        content = Path(source).read_bytes()
    lines = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text = record["text"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(f"{source} 第{number}行不是含 id 与 text 的 JSON：{error}") from error
        found = [asdict(quantity) for quantity in find_quantities(str(text))]
        lines.append(json.dumps({"id": record.get("id"), "quantities": found}, ensure_ascii=False) + "\n")
    result = "".join(lines).encode()
    if out == "-":
        sys.stdout.buffer.write(result)
        sys.stdout.buffer.flush()
    else:
        _write_file(Path(out), result)


@app.command(help="列出各环节及其读写的表。")
def stages(as_json: AsJson = False) -> None:
    from pipeline.runner.graph import input_parts, input_tables

    scopes = {"document": "逐份", "corpus": "全体", "output": "输出"}
    rows = [{"stage": s.function, "label": s.label, "scope": s.scope, "reads": list(input_tables(s)),
             "knowledge": list(input_parts(s)), "makes": list(s.makes)} for s in STAGES]
    if as_json:
        _say_json(rows)
        return
    for number, row in enumerate(rows, 1):
        _say(f"{number:2} {row['stage']}（{row['label']}，{scopes[str(row['scope'])]}）")
        _say(f"     读：{'、'.join([*row['reads'], *row['knowledge']])}")
        _say(f"     出：{'、'.join(row['makes'])}")


@app.command(help="数据字典：每张表的每一列。")
def tables(
    name: Annotated[str, typer.Argument(help="只看一张表")] = "",
    as_json: AsJson = False,
) -> None:
    chosen = [table for table in TABLES if not table.is_internal and name in ("", table.name)]
    if not chosen:
        raise UsageError(f"没有名为 {name} 的表；现有：{'、'.join(t.name for t in TABLES if not t.is_internal)}")
    if as_json:
        from dataclasses import asdict

        _say_json([asdict(table) for table in chosen])
        return
    for table in chosen:
        _say(f"{table.name}　{table.label}：{table.meaning}")
        for column in table.columns:
            mark = "*" if column.name in table.key else " "
            unit = f"（{column.unit}）" if column.unit else ""
            _say(f"  {mark} {column.name:24}{column.type:6}{column.label}{unit}　{column.meaning}")
        _say()


@app.command(help="列出需要人看一眼的事。")
def issues(
    processed: Processed = Path("data/processed"),
    reading: Annotated[bool, typer.Option("--reading", help="改为逐个文件说明怎样读入、把握多大")] = False,
    as_json: AsJson = False,
) -> None:
    from pipeline.api import load

    if reading:
        from pipeline.reading_report import describe_reading, plain_reading

        documents = load(processed).documents
        if as_json:
            _say_json(plain_reading(documents))
        else:
            _say_all(describe_reading(documents))
        return
    data = load(processed).issues.astype(object)
    rows = [{k: (v if isinstance(v, str) else "") for k, v in row.items()} for row in data.to_dict("records")]
    if as_json:
        _say_json(rows)
        return
    words = {"error": "错误", "warning": "提醒", "note": "说明"}
    order = {"error": 0, "warning": 1, "note": 2}
    for row in sorted(rows, key=lambda r: (order.get(r["severity"], 3), r["path"], r["message"])):
        place = f"　{row['place']}" if row["place"] else ""
        _say(f"[{words.get(row['severity'], row['severity'])}] {row['path'] or '（全体）'}{place}：{row['message']}")
    _say(f"共 {len(rows)} 条")


def main() -> None:
    """Entry point: expected failures become one line on standard error and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., Any] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    try:
        app()
    except PipelineError as error:
        _say(f"hengbao：{error}", error=True)
        sys.exit(NOT_DONE)
    except BrokenPipeError:
        sys.exit(DONE)
