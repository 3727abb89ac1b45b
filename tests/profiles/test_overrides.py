import pytest

from pipeline.profiles.overrides import lines_of, read_overrides

HEAD = "path,department,report_year,genre,doc_number,signed_date,published_date,region\n"


def test_a_line_says_what_a_report_is():
    found = read_overrides(f"{HEAD}2023年/水利.docx,云泽区水利局,2023,,,2024年1月8日,,\n".encode())
    assert found.problems == []
    text = found.of_file("2023年/水利.docx")
    assert text is not None
    (line,) = lines_of(text)
    assert (line.line, dict(line.values)) == (2, {"department": "云泽区水利局", "report_year": "2023", "signed_date": "2024-01-08"})
    assert found.of_file("2023年/水利.doc") is None


def test_lines_about_documents_inside_a_file_belong_to_it():
    found = read_overrides(f"{HEAD}包.zip/水利.docx,,2023,,,,,\n汇编.docx#2,,2022,,,,,\n".encode())
    assert found.of_file("包.zip") is not None
    assert found.of_file("汇编.docx") is not None
    assert found.unused(["包.zip", "汇编.docx"]) == []


def test_excel_writes_gbk_and_chinese_headers_do():
    found = read_overrides("文件,部门,年度\n水利.docx,云泽区水利局,2023年度\n".encode("gb18030"))
    assert lines_of(found.of_file("水利.docx") or "[]")[0].values == (("department", "云泽区水利局"), ("report_year", "2023"))


@pytest.mark.parametrize(("line", "words"), [
    ("水利.docx,,二三年,,,,,", "report_year 的值 '二三年'"),
    ("水利.docx,,,,,2024-13-01,,", "signed_date 的值 '2024-13-01'"),
    (",云泽区水利局,,,,,,", "没有写路径"),
])
def test_a_wrong_line_is_told_with_its_number(line, words):
    found = read_overrides(f"{HEAD}\n# 说明\n{line}\n".encode())
    (problem,) = found.problems
    assert words in problem[1]
    assert problem[0] == "第4行"


def test_a_wrong_cell_leaves_the_others():
    found = read_overrides(f"{HEAD}水利.docx,云泽区水利局,今年,,,,,\n".encode())
    assert lines_of(found.of_file("水利.docx") or "[]")[0].values == (("department", "云泽区水利局"),)


def test_unknown_columns_repeated_lines_and_lost_files():
    found = read_overrides(b"path,deparment,report_year\na.docx,x,2023\na.docx,x,2022\nb.docx,,2023\n")
    assert ["是否想写 department" in message for _, message in found.problems] == [True, False]
    assert "已在第2行写过" in found.problems[1][1]
    assert found.unused(["a.docx", "b.doc"]) == [("第4行", "没有文件 b.docx；是否想写 b.doc？")]


def test_a_file_without_paths_is_one_problem():
    assert len(read_overrides("department\n水利局\n".encode()).problems) == 1
    assert read_overrides(b"").lines == []
