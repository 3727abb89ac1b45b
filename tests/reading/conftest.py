"""Whether scans can be recognised depends on what is installed; a test says which of both it means."""

from __future__ import annotations

import pytest

from pipeline.reading.recognition import can_recognise


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra `ocr` were not installed."""
    monkeypatch.setattr("pipeline.reading.documents.can_recognise", lambda: False)


@pytest.fixture
def with_ocr() -> None:
    """Skips where the extra `ocr` is not installed."""
    if not can_recognise():
        pytest.skip("the extra is not installed: pip install 'hengbao[ocr]'")
