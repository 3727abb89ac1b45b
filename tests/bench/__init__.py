"""Benchmark: a corpus of any size, the pipeline measured on it, and plain ways of doing the same beside it."""
