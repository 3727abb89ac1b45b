"""衡报: weigh and compare annual rule-of-law reports of Chinese local departments.

The public face for notebooks: `read_report`, `find_quantities`, `load`, `explain`. They are loaded when
first used, so that `import pipeline` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["explain", "find_quantities", "load", "read_report"]

if TYPE_CHECKING:
    from pipeline.api import explain, find_quantities, load, read_report


def __getattr__(name: str) -> Any:
    if name in __all__:
        from pipeline import api

        return getattr(api, name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
