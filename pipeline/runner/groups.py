"""Documents that belong together: which groups there are, and what the results for some documents depend on.

A group stage sees whole groups at a time, a sample stage a fixed sample of the documents. What either makes depends on
the rows of those documents alone, so its key is a digest of exactly these: one more document concerns its own group,
and the sample only in the rare case that it belongs there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.runner import graph, inputs
from pipeline.runner.assembly import digest
from pipeline.runner.files import ID_LENGTH
from pipeline.stages import GROUPING, SAMPLED_DOCUMENTS, Stage
from pipeline.tables.schemas import BY_NAME

# Groups are done in bundles of about this many documents: a bundle is what one more document costs.
_DOCUMENTS_IN_A_BUNDLE = 128
_MOST_BUNDLES = 512
_HASH_BITS = 32


@dataclass(frozen=True)
class Groups:
    """The documents that later stages see: of each bundle of groups, and those of the sample; sorted."""

    bundles: tuple[tuple[str, ...], ...]
    sample: tuple[str, ...]


def read_groups(processed: Path) -> Groups:
    """The groups that the grouping table tells.

    The number of bundles is a power of two, and a group's bundle follows from its name, so that others seldom move. The
    sample are the documents with the lowest identifiers, which are hashes of their content.
    """
    columns = ["document_id", GROUPING.column, GROUPING.members]
    arrow = _read_arrow(GROUPING.table, processed, columns)
    arrow = arrow.filter(pc.fill_null(arrow[GROUPING.members], False))
    ids, names = arrow["document_id"].to_pylist(), arrow[GROUPING.column].to_pylist()
    n_bundles = 1
    while len(ids) > n_bundles * _DOCUMENTS_IN_A_BUNDLE and n_bundles < _MOST_BUNDLES:
        n_bundles *= 2
    bundle_of = {name: _bundle_of(name or "", n_bundles) for name in set(names)}
    bundles: list[list[str]] = [[] for _ in range(n_bundles)]
    for document_id, name in zip(ids, names, strict=True):
        bundles[bundle_of[name]].append(document_id)
    return Groups(tuple(tuple(sorted(bundle)) for bundle in bundles), tuple(sorted(ids)[:SAMPLED_DOCUMENTS]))


def _bundle_of(name: str, n_bundles: int) -> int:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:_HASH_BITS // 8], "big")
    return number * n_bundles >> _HASH_BITS


class Keys:
    """What the result of a stage for some documents depends on: its code and knowledge, and their rows in what it reads.

    Rows of document stages follow from the files and the code; others are taken by their content. A table whose rows
    belong to no document counts as a whole.
    """

    def __init__(self, own_hashes: Mapping[str, str], hashes: Mapping[str, str], stages: Sequence[Stage],
                 keys_of_file: Mapping[str, Sequence[str]], processed: Path, content: Mapping[str, str]) -> None:
        self._own_hashes, self._hashes, self._keys_of_file = own_hashes, hashes, keys_of_file
        self._makers = graph.producers(stages)
        self._processed, self._content = processed, content
        self._rows: dict[str, Mapping[str, str]] = {}

    def of(self, stage: Stage, documents: Sequence[str]) -> str:
        """The key of a stage's result for these documents."""
        parts = [self._own_hashes[stage.function], *documents]
        for name in graph.input_tables(stage):
            maker = self._makers[name]
            if maker.scope == "document":
                files = sorted({document_id[:ID_LENGTH] for document_id in documents})
                parts += [self._hashes[maker.function], *(key for file in files for key in self._keys_of_file[file])]
            elif inputs.has_documents(name):
                rows = self._digests(name)
                parts += [name, *(rows.get(document_id, "") for document_id in documents)]
            else:
                parts.append(self._content[name])
        return digest(parts)

    def _digests(self, name: str) -> Mapping[str, str]:
        if name not in self._rows:
            self._rows[name] = digest_rows(_read_arrow(name, self._processed), BY_NAME[name].names)
        return self._rows[name]


def _read_arrow(name: str, processed: Path, columns: list[str] | None = None) -> pa.Table:
    try:
        return pq.read_table(inputs.table_path(name, processed), columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise inputs.DamagedTable(name) from error


def digest_rows(arrow: pa.Table, columns: Iterable[str]) -> dict[str, str]:
    """document → digest of its rows."""
    # A missing cell is not an empty one: what is there begins with a mark.
    cells = [pc.binary_join_element_wise("=", arrow[name].cast(pa.string()), "", null_handling="emit_null") for name in columns]
    rows = pc.binary_join_element_wise(*cells, "\0", null_handling="replace", null_replacement="-")
    by_document: dict[str, list[str]] = defaultdict(list)
    for document_id, row in zip(arrow["document_id"].to_pylist(), rows.to_pylist(), strict=True):
        by_document[document_id].append(row)
    return {document_id: digest(several) for document_id, several in by_document.items()}
