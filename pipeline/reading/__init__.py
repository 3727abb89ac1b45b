"""Raw files to documents, blocks and table cells, already clean; one module a format."""
