"""The stages after those of single documents, as their inputs become ready, and the table of issues among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

import pyarrow as pa

from pipeline.runner import failures, graph, work
from pipeline.runner.assembly import digest, write_issues
from pipeline.runner.bundles import Wave
from pipeline.runner.cache import Result
from pipeline.runner.documents import Assembly
from pipeline.runner.pool import Pool
from pipeline.runner.state import Known, State, tables_of
from pipeline.stages import GROUPING, STAGES, Stage
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME

# From here on the memory that one stage leaves behind in its process would matter to the next.
_MANY_FILES = 2000


def update_stages(state: State, executor: Pool, stages: Sequence[Stage], jobs: int, assembly: Assembly | None = None) -> None:
    """Run the stages that are not up to date, each when what it reads is settled, the longest of the last run first.

    The `assembly` of further tables may be under way.
    """
    known = state.index.results()
    todo = sorted(stages, key=lambda stage: -known.get(stage.function, ("", {}))[1].get("seconds", 0.0))
    submit = executor.submit_alone if len(state.corpus.rows) > _MANY_FILES else executor.submit
    running: dict[Future[Any], Stage | Wave | Assembly] = {assembly.future: assembly} if assembly else {}
    while todo or running:
        ready = [stage for stage in todo if all(name in state.content for name in _read_by(stage))]
        current = [stage for stage in ready if stage.function not in state.again and _is_current(state, stage, known)]
        todo = [stage for stage in todo if stage not in current]
        if current:
            for stage in current:
                state.content.update({name: known[name][1]["content"] for name in tables_of(stage)})
            continue  # they may make others ready
        # Groups first: other stages wait for what they make. All of them together, as they read the same tables.
        together = [stage for stage in ready if stage.scope == "group"]
        if any(isinstance(stage, Stage) and stage.scope == "sample" for stage in (*ready, *running.values())):
            ready = [stage for stage in ready if stage not in together]
            together = []
        todo = [stage for stage in todo if stage not in ready]
        wave = Wave(state, together, known, jobs) if together else None
        if wave:
            running.update((submit(*task), wave) for task in wave.begin())
        running.update((_submit(state, submit, stage), stage) for stage in ready if stage.scope != "group")
        if wave and not wave.n_open:
            _settle_wave(state, wave)  # a killed run had done all of it; now others may be ready
            continue
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            owner = running.pop(future)
            running.update((submit(*task), owner) for task in _take(state, owner, future))
            state.progress("比较报告", len(stages) - len(todo) - len(set(running.values())), len(stages))


def _take(state: State, owner: Stage | Wave | Assembly, future: Future[Any]) -> Sequence[tuple[Any, ...]]:
    """Record what has finished; what can be done now, as a function and its argument."""
    if isinstance(owner, Assembly):
        owner.settle(state)
        return ()
    result = failures.result_of(future, owner.label)
    if isinstance(owner, Stage):
        _settle(state, owner, *result)
        return ()
    following = owner.take(result)
    if not owner.n_open:
        _settle_wave(state, owner)
    return following


def _read_by(stage: Stage) -> tuple[str, ...]:
    """The tables that must be settled before a stage is run."""
    return (*graph.input_tables(stage), GROUPING.table) if stage.scope in ("group", "sample") else graph.input_tables(stage)


def _is_current(state: State, stage: Stage, known: Known) -> bool:
    if stage.function not in known:
        return False
    key = state.key_of(stage)
    if known[stage.function][0] != key:
        return False
    if stage.scope != "output":
        return all(state.is_on_disk(name, key, known) for name in tables_of(stage))
    files = state.index.output_files(stage.function)
    return bool(files) and all((state.folders.reports / name).is_file() for name in files)


def _submit(state: State, submit: Callable[..., Future[Any]], stage: Stage) -> Future[Any]:
    state.index.doubt([stage.function, *tables_of(stage)])
    if stage.scope == "output":
        return submit(work.run_output_stage, stage, state.folders.processed, state.folders.reports, state.knowledge, state.options)
    documents = state.groups.sample if stage.scope == "sample" else None
    return submit(work.run_corpus_stage, stage, state.folders.processed, state.knowledge, state.options, documents)


def _settle(state: State, stage: Stage, made: dict[str, Any], seconds: float) -> None:
    """Record what a stage made."""
    state.summary.redo([stage.function])
    state.summary.add_seconds(stage.function, seconds)
    key = state.key_of(stage)
    rows: list[Result] = [(stage.function, key, None, {"seconds": round(seconds, 3)})]
    if stage.scope != "output":
        for name, (n_rows, size, content) in made.items():
            state.content[name] = content
            rows.append((name, key, n_rows if name in BY_NAME else None, {"size": size, "content": content}))
    else:
        for stale in set(state.index.output_files(stage.function)) - set(made):
            (state.folders.reports / stale).unlink(missing_ok=True)
        state.index.set_output_files(stage.function, made)
        state.summary.files.extend(made)
    state.index.set_results(rows)


def _settle_wave(state: State, wave: Wave) -> None:
    """Put the tables of group stages together, and record them."""
    state.index.doubt(name for stage in wave.stages for name in (stage.function, *tables_of(stage)))
    for function, results in wave.finish().items():
        seconds = wave.seconds[function]
        state.summary.redo([function])
        state.summary.add_seconds(function, seconds)
        state.content.update({name: detail["content"] for name, _, _, detail in results})
        state.index.set_results([(function, digest(wave.keys[function]), None, {"seconds": round(seconds, 3)}), *results])
    wave.clear()


def update_issues(state: State) -> None:
    """Table `issues`: what every stage, and the listing of files, had to say."""
    sources = [f"{graph.ISSUES}:{stage.function}" for stage in STAGES if stage.scope != "output"]
    notes = [{"stage": STAGES[0].function, "path": path, "place": "文件", "severity": "warning", "message": f"{path}：{message}"}
             for path, message in state.listing.notes]
    key = digest([graph.table_hash(graph.ISSUES), *(state.content.get(name, "") for name in sources),
                           *(f"{row['document_id']} {row['path']}" for row in state.listing.rows),
                           *(note["message"] for note in notes)])
    known = state.index.results()
    if not state.is_on_disk(graph.ISSUES, key, known):
        state.index.doubt([graph.ISSUES])
        paths = {row["document_id"]: row["path"] for row in reversed(state.listing.rows)}
        n_rows, detail = write_issues(
            state.table_path(graph.ISSUES), [state.table_path(name) for name in sources],
            pa.Table.from_pylist(notes, schema=store.arrow_schema(graph.ISSUES)), paths)
        state.index.set_results([(graph.ISSUES, key, n_rows, detail)])
        known = state.index.results()
    state.content[graph.ISSUES] = known[graph.ISSUES][1]["content"]
