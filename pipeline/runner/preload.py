"""Loaded once by the process that workers are forked from, so that no worker loads libraries and knowledge again.

Knowledge that is edited later is noticed by its hash (work.load_knowledge).
"""

from __future__ import annotations

import contextlib
import gc
from importlib import import_module

from pipeline.runner.graph import input_parts
from pipeline.runner.work import load_knowledge
from pipeline.settings import KNOWLEDGE
from pipeline.stages import STAGES

for _stage in STAGES:
    if _stage.scope != "output":
        # What is wrong with a module or with the knowledge is told by the worker that needs it, with its stage.
        with contextlib.suppress(Exception):
            import_module(f"pipeline.{_stage.module}")
            for _name in input_parts(_stage):
                load_knowledge(_name, KNOWLEDGE)

# What is loaded stays: workers neither search it for garbage nor copy its pages by doing so.
gc.collect()
gc.freeze()
