"""What is kept, and how: every table and column is declared once in `schemas`; `store` builds, checks and writes them."""
