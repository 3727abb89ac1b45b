"""Bring everything up to date with what lies in the raw folder: the part of a run that needs the libraries for tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from pipeline import __version__
from pipeline.profiles import PARTS, part_hash
from pipeline.runner import graph
from pipeline.runner.cache import Index
from pipeline.runner.documents import find_damaged, update_documents
from pipeline.runner.files import Listing
from pipeline.runner.inputs import DamagedTable
from pipeline.runner.later import update_issues, update_stages
from pipeline.runner.parts import PartError
from pipeline.runner.pool import Pool
from pipeline.runner.request import Request, Summary
from pipeline.runner.state import State
from pipeline.runner.tidying import tidy_parts
from pipeline.stages import STAGES
from pipeline.tables import store


def update(request: Request, index: Index, listing: Listing, executor: Pool) -> Summary | None:
    """Take everything through the stages, then tidy the cache. None where a table or part is damaged: it is to be made again."""
    state = State(request, index, listing)
    try:
        _update(state, executor, request)
    except DamagedTable as error:
        index.doubt([error.name])
        return None
    except PartError:
        index.forget_parts(find_damaged(index.folder / "parts"))
        return None
    except BaseException:
        executor.shutdown(wait=False)  # what the background waits for will not come
        raise
    finally:
        state.close()
    return state.summary


def _update(state: State, executor: Pool, request: Request) -> None:
    index, stages, jobs = state.index, request.stages, request.jobs
    index.forget_stages({state.hashes[s.function] for s in STAGES if s.function in state.again and s.scope == "document"})
    assembly = update_documents(state, executor, [s for s in stages if s.scope == "document"], jobs, request.cluster)
    update_stages(state, executor, [s for s in stages if s.scope in ("sample", "group", "corpus")], jobs, assembly)
    update_issues(state)
    update_stages(state, executor, [s for s in stages if s.scope == "output"], jobs)
    state.summary.rows = index.row_counts()
    if state.summary.redone and not request.is_partial:
        _write_manifest(state)
    if state.summary.seconds:
        index.forget_passing()
        used = index.tidy(set(state.hashes.values()), set(state.corpus.rows))
        tidy_parts(executor, index, used, state.corpus, {state.hashes[s.function]: s for s in STAGES})


def _write_manifest(state: State) -> None:
    """reports/run.json: what was run on what."""
    index = state.index
    manifest = {
        "program": {"name": "hengbao", "version": __version__},
        "options": {"genre": state.options.genre},
        "inputs": [{"path": row["path"], "document_id": row["document_id"], "bytes": row["bytes"]} for row in state.listing.rows],
        "knowledge": {name: part_hash(name, state.knowledge) for name in sorted(PARTS)},
        "stages": state.hashes,
        "rows": state.summary.rows,
        "outputs": {name: sha for stage in STAGES if stage.scope == "output"
                    for name, sha in sorted(index.output_files(stage.function).items())},
        "versions": graph.library_versions(STAGES),
        "seconds": state.summary.seconds,
    }
    store.write_bytes(state.folders.reports / "run.json", _lay_out(manifest).encode())


def _lay_out(manifest: Mapping[str, Any]) -> str:
    """JSON with a line for each item of each entry: readable, and quick to write with very many files."""
    dump = partial(json.dumps, ensure_ascii=False, sort_keys=True)
    entries = []
    for key, value in sorted(manifest.items()):
        if isinstance(value, dict):
            items, (begin, end) = [f"{dump(name)}: {dump(item)}" for name, item in sorted(value.items())], "{}"
        else:
            items, (begin, end) = [dump(item) for item in value], "[]"
        lines = "".join(f"\n  {item}," for item in items)[:-1] + "\n " if items else ""
        entries.append(f"\n {dump(key)}: {begin}{lines}{end}")
    return "{" + ",".join(entries) + "\n}\n"
