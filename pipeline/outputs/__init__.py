"""Finished tables to charts, briefing, department pages, workbook and explorer. No statistic is computed here."""
