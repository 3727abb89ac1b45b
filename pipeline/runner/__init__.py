"""Runs stages, caches by content, in parallel. Contains no word of our domain: it knows stages, tables and files."""
