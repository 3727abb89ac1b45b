"""Tables cut by groups of documents, so that a stage that works on few documents at a time never spreads out all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

# Documents spread out at once: enough that cutting costs little, few enough for the memory of one process.
GROUP_SIZE = 400


def cut_groups(members: Sequence[Sequence[str]], size: int = GROUP_SIZE) -> list[list[int]]:
    """Positions of `members` in runs of together at least `size` documents; what belongs together stays together."""
    groups: list[list[int]] = [[]]
    n_documents = 0
    for position, documents in enumerate(members):
        if n_documents >= size:
            groups.append([])
            n_documents = 0
        groups[-1].append(position)
        n_documents += len(documents)
    return groups


def cut_tables(group_of: Mapping[str, int], n_groups: int, *tables: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, ...]]:
    """For each group its rows of every table, in their order. Rows of documents without a group are left out."""
    orders, bounds = [], []
    for table in tables:
        group = table["document_id"].map(group_of).to_numpy(dtype=np.float64, na_value=-1)
        group = np.nan_to_num(group, nan=-1).astype(np.int64)
        order = np.argsort(group, kind="stable")
        orders.append(order)
        bounds.append(np.searchsorted(group[order], np.arange(n_groups + 1)))
    for number in range(n_groups):
        yield tuple(table.iloc[order[bound[number]:bound[number + 1]]]
                    for table, order, bound in zip(tables, orders, bounds, strict=True))
