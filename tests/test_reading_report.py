from pipeline.reading_report import describe_reading, plain_reading
from pipeline.tables import store

DOCUMENTS = store.frame("documents", [
    {"document_id": "1" * 16, "path": "好.docx", "format": "docx", "chars": 2856, "status": "ok", "n_numbered": 17, "repairs": "断行接续 3",
     "quality": 1.0, "reading_confidence": 1.0, "ocr_pages": 0, "ocr_share_pct": 0.0},
    {"document_id": "2" * 16, "path": "扫描.pdf", "format": "pdf", "pages": 6, "chars": 2700, "status": "ok", "ocr_pages": 6, "ocr_share_pct": 100.0,
     "quality": 0.99, "reading_confidence": 0.88, "repairs": ""},
    {"document_id": "3" * 16, "path": "坏.doc", "format": "doc", "chars": 0, "status": "failed", "reason": "坏.doc：文件已损坏"},
])


def test_what_needs_a_person_comes_first():
    assert describe_reading(DOCUMENTS) == [
        "[不能读] 坏.doc", "    文件已损坏",
        "[把握低，请核对] 扫描.pdf", "    pdf，6 页，2700 字，识别 6 页（占文字 100%），把握 0.88",
        "[已读] 好.docx", "    docx，2856 字，恢复编号 17 处，把握 1.00，修复：断行接续 3",
        "共 3 份：已读 2，不能读 1",
    ]


def test_records_have_none_for_what_is_missing():
    first = plain_reading(DOCUMENTS)[0]
    assert first["pages"] is None
    assert first["reason"] == "坏.doc：文件已损坏"


def test_no_documents():
    assert describe_reading(store.frame("documents")) == ["共 0 份：无"]
