"""The command `hengbao`: parses, calls, prints. Nothing else in the package prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import PipelineError, UsageError
from pipeline.settings import Folders, Options
from pipeline.stages import STAGES
from pipeline.tables.schemas import TABLES

DONE, DONE_WITH_LOSSES, NOT_DONE = 0, 1, 2

app = typer.Typer(
    name="hengbao", help="衡报：比较各部门历年的法治政府建设年度报告。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)

Raw = Annotated[Path, typer.Option("--raw", help="原始报告所在文件夹", show_default=True)]
Processed = Annotated[Path, typer.Option("--processed", help="数据表所在文件夹")]
Reports = Annotated[Path, typer.Option("--reports", help="图表与文件的输出文件夹")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", help="不显示进度与小结")]


def _say(text: str = "", error: bool = False) -> None:
    """Print a line; a character that the terminal's encoding lacks is replaced, never an exception."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


class _ProgressLine:
    """One line on a terminal, rewritten as work goes on; silent when the output is not a terminal."""

    def __init__(self, quiet: bool) -> None:
        self.is_shown = not quiet and sys.stderr.isatty()

    def __call__(self, label: str, done: int, total: int) -> None:
        if self.is_shown:
            filled = 30 * done // max(total, 1)
            line = f"\r{label}  [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}\x1b[K"
            sys.stderr.write(line.encode(sys.stderr.encoding or "utf-8", "replace").decode(sys.stderr.encoding or "utf-8"))
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
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="并行进程数；0 为每核一个")] = 0,
    only: Annotated[str, typer.Option("--only", help="只重做这一环节（其前的环节按需补齐）")] = "",
    start: Annotated[str, typer.Option("--from", help="从这一环节起全部重做")] = "",
    tables_only: Annotated[bool, typer.Option("--tables-only", help="只出数据表，不出图表与文件")] = False,
    force: Annotated[bool, typer.Option("--force", help="全部重做")] = False,
    quiet: Quiet = False,
) -> None:
    from pipeline.runner.run import run as run_pipeline
    from pipeline.summary import summarise

    folders = Folders(raw, processed, reports)
    if genre:
        _check_genre(genre)
    progress = _ProgressLine(quiet)
    try:
        done = run_pipeline(folders, Options(genre), jobs, only=only, start=start, tables_only=tables_only, force=force,
                            progress=progress)
    finally:
        progress.close()
    lines, is_complete = summarise(folders, done)
    if not quiet:
        for line in lines:
            _say(line)
    raise typer.Exit(DONE if is_complete else DONE_WITH_LOSSES)


def _check_genre(name: str) -> None:
    from pipeline.profiles import load_part

    names = list(load_part("genres").by_name)
    if name not in names:
        raise UsageError(f"没有体裁 {name}；现有：{'、'.join(names)}")


@app.command(help="交稿前自查一份或几份报告：身份、章节、数量、指标、必备内容、前后矛盾、过时用语、与往年雷同。")
def check(
    files: Annotated[list[Path], typer.Argument(help="报告文件")],
    processed: Processed = Path("data/processed"),
    as_json: AsJson = False,
) -> None:
    from pipeline.drafts import check_draft, describe_draft

    drafts = [check_draft(path, processed) for path in files]
    if as_json:
        _say(json.dumps(drafts if len(drafts) > 1 else drafts[0], ensure_ascii=False, indent=1))
    else:
        for draft in drafts:
            for line in describe_draft(draft):
                _say(line)
    raise typer.Exit(DONE if all(draft["status"] == "ok" for draft in drafts) else DONE_WITH_LOSSES)


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
        _say(json.dumps([asdict(item) for item in explanations], ensure_ascii=False, indent=1))
    else:
        _say("\n\n".join(str(item) for item in explanations) or f"{report_id} 没有作答的指标")


@app.command(help="识别文本中的数量。输入每行一个 JSON：{\"id\",\"text\"}；输出每行一个：{\"id\",\"quantities\"}。")
def quantities(
    source: Annotated[str, typer.Option("--jsonl", help="输入文件；- 为标准输入")] = "-",
    out: Annotated[str, typer.Option("--out", help="输出文件；- 为标准输出")] = "-",
) -> None:
    from dataclasses import asdict

    from pipeline.api import find_quantities
    from pipeline.tables.store import write_bytes

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
        write_bytes(Path(out), result)


@app.command(help="列出各环节及其读写的表。")
def stages(as_json: AsJson = False) -> None:
    from pipeline.runner.graph import input_parts, input_tables

    scopes = {"document": "逐份", "corpus": "全体", "output": "输出"}
    rows = [{"stage": s.function, "label": s.label, "scope": s.scope, "reads": list(input_tables(s)),
             "knowledge": list(input_parts(s)), "makes": list(s.makes)} for s in STAGES]
    if as_json:
        _say(json.dumps(rows, ensure_ascii=False, indent=1))
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

        _say(json.dumps([asdict(table) for table in chosen], ensure_ascii=False, indent=1))
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
    as_json: AsJson = False,
) -> None:
    from pipeline.api import load

    data = load(processed).issues.astype(object)
    rows = [{k: (v if isinstance(v, str) else "") for k, v in row.items()} for row in data.to_dict("records")]
    if as_json:
        _say(json.dumps(rows, ensure_ascii=False, indent=1))
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
