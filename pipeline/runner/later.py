"""The corpus and output stages of a run, as their inputs become ready, and the table of issues between them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

import pyarrow as pa

from pipeline.errors import PipelineError
from pipeline.runner import assembly, graph, work
from pipeline.runner.cache import Result
from pipeline.runner.pool import WorkerDied
from pipeline.runner.state import Known, State, tables_of
from pipeline.stages import STAGES, Stage
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME

_DIED = "{label}时进程被终止，多半是内存不足；请关闭其他程序，或用 --jobs 1 再试（已完成的部分不会重做）"


def update_stages(state: State, executor: Executor, stages: Sequence[Stage]) -> None:
    """Run the stages that are not up to date, each when what it reads is settled, the longest of the last run first."""
    known = state.index.results()
    todo = sorted(stages, key=lambda stage: -known.get(stage.function, ("", {}))[1].get("seconds", 0.0))
    running: dict[Future[Any], Stage] = {}
    while todo or running:
        ready = [stage for stage in todo if all(name in state.content for name in graph.input_tables(stage))]
        todo = [stage for stage in todo if stage not in ready]
        current = [stage for stage in ready if stage.function not in state.again and _is_current(state, stage, known)]
        for stage in current:
            state.content.update({name: known[name][1]["content"] for name in tables_of(stage)})
        for stage in ready:
            if stage not in current:
                running[_submit(state, executor, stage)] = stage
        if current:
            continue  # they may make others ready
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            stage = running.pop(future)
            try:
                made, seconds = future.result()
            except WorkerDied as error:
                raise PipelineError(_DIED.format(label=stage.label)) from error
            _settle(state, stage, made, seconds)
            state.progress(stage.label, len(stages) - len(todo) - len(running), len(stages))


def _key(state: State, stage: Stage) -> str:
    """What a stage depends on: its code and knowledge, and the content of the tables that it reads."""
    return assembly.digest([state.own_hashes[stage.function], *(state.content[name] for name in graph.input_tables(stage))])


def _is_current(state: State, stage: Stage, known: Known) -> bool:
    key = _key(state, stage)
    if stage.function not in known or known[stage.function][0] != key:
        return False
    if stage.scope == "corpus":
        return all(state.is_on_disk(name, key, known) for name in tables_of(stage))
    files = state.index.output_files(stage.function)
    return bool(files) and all((state.folders.reports / name).is_file() for name in files)


def _submit(state: State, executor: Executor, stage: Stage) -> Future[Any]:
    state.index.doubt([stage.function, *tables_of(stage)])
    if stage.scope == "corpus":
        return executor.submit(work.run_corpus_stage, stage, state.folders.processed, state.knowledge, state.options)
    return executor.submit(work.run_output_stage, stage, state.folders.processed, state.folders.reports, state.knowledge,
                           state.options)


def _settle(state: State, stage: Stage, made: dict[str, Any], seconds: float) -> None:
    """Record what a stage made."""
    state.summary.redo([stage.function])
    state.summary.add_seconds(stage.function, seconds)
    key = _key(state, stage)
    rows: list[Result] = [(stage.function, key, None, {"seconds": round(seconds, 3)})]
    if stage.scope == "corpus":
        for name, (n_rows, size, content) in made.items():
            state.content[name] = content
            rows.append((name, key, n_rows if name in BY_NAME else None, {"size": size, "content": content}))
    else:
        for stale in set(state.index.output_files(stage.function)) - set(made):
            (state.folders.reports / stale).unlink(missing_ok=True)
        state.index.set_output_files(stage.function, made)
        state.summary.files.extend(made)
    state.index.set_results(rows)


def update_issues(state: State) -> None:
    """Table `issues`: what every stage, and the listing of files, had to say."""
    sources = [f"{graph.ISSUES}:{stage.function}" for stage in STAGES if stage.scope != "output"]
    notes = [{"stage": STAGES[0].function, "path": path, "place": "文件", "severity": "warning", "message": f"{path}：{message}"}
             for path, message in state.listing.notes]
    key = assembly.digest([graph.table_hash(graph.ISSUES), *(state.content.get(name, "") for name in sources),
                           *(f"{row['document_id']} {row['path']}" for row in state.listing.rows),
                           *(note["message"] for note in notes)])
    known = state.index.results()
    if not state.is_on_disk(graph.ISSUES, key, known):
        state.index.doubt([graph.ISSUES])
        paths = {row["document_id"]: row["path"] for row in reversed(state.listing.rows)}
        n_rows, detail = assembly.write_issues(
            state.table_path(graph.ISSUES), [state.table_path(name) for name in sources],
            pa.Table.from_pylist(notes, schema=store.arrow_schema(graph.ISSUES)), paths)
        state.index.set_results([(graph.ISSUES, key, n_rows, detail)])
        known = state.index.results()
    state.content[graph.ISSUES] = known[graph.ISSUES][1]["content"]
