"""Documents to identified reports, sections with roles, and sentences."""
