"""Data, programs and settings among the raw files are refused by name; reports with figures and tables are not."""

from __future__ import annotations

import pytest

from pipeline.reading.sniff import sniff_format
from tests.reading.files import read_bytes

REPORT = "关于2023年度法治政府建设情况的报告\n一、主要举措\n全年召开会议3次，办理案件12件，参训300人次。\n二、存在不足\n力量不足。\n"


@pytest.mark.parametrize(("text", "kind"), [
    ('{"部门": "科技局", "件数": 3}', "json"),
    ('[{"部门": "科技局"}, {"部门": "财政局"}]', "json"),
    ('{"id": 1, "text": "全年办理案件3件。"}\n{"id": 2, "text": "全年办理案件4件。"}\n', "json"),
    ("<报告><部门>科技局</部门></报告>", "txt"),                                     # brackets in prose
    ("<reports><row><name>科技局</name></row></reports>", "xml"),
    ("部门,件数,金额\n科技局,3,4.5\n财政局,5,6.1\n教育局,7,8.2\n", "csv"),
    ("部门\t件数\n科技局\t3\n财政局\t5\n教育局\t7\n民政局\t7\n水利局\t9\n", "csv"),
    ("import os\n\n\ndef read(path):\n    # 读文件\n    return open(path).read()\n", "code"),
    ("# 主题\nname: 主题\nwords:\n  - 普法\n  - 执法\nlevel: 1\n", "code"),
    ("2023-01-02 10:11 启动\n2023-01-02 10:12 读入文件\n2023-01-02 10:13 结束\n", "code"),
    ("The yearly report of the bureau says that nothing has happened. " * 3, "code"),
    (REPORT, "txt"),
    (REPORT.replace("，", ","), "txt"),                                              # half-width commas
    ("一、许可,处罚,检查\n（一）许可,处罚。\n" + REPORT, "txt"),
    ("一、\t主要举措\n（一）\t加强领导\n" + REPORT, "txt"),                         # tabs after numbers
    ("[2024]3号\n" + REPORT, "txt"),
])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_kind(text, kind, encoding):
    assert sniff_format(text.encode(encoding)) == kind


def test_wide_encodings_are_looked_at_too():
    assert sniff_format(REPORT.encode("utf-16")) == sniff_format(REPORT.encode("utf-16-le")) == "txt"
    assert sniff_format('{"部门": "科技局"}'.encode("utf-16")) == "json"


def test_a_data_file_is_one_issue_with_advice(tmp_path):
    tables = read_bytes(tmp_path, "某局.json", '{"部门": "科技局"}'.encode())
    assert tables["documents"]["status"].tolist() == ["failed"]
    (message,) = tables["issues"]["message"]
    assert all(words in message for words in ("某局.json", "JSON", "移出"))
