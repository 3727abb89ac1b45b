import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles import load_part
from pipeline.profiles.furniture import load_furniture
from pipeline.reading.furniture import split_line, take_furniture
from pipeline.reading.raw import TABLE_ROW, Piece

FURNITURE = load_part("furniture")
BODY = ["澜山区科学技术局2023年度法治政府建设情况报告", "2023年，区科技局深入学习习近平法治思想，扎实推进各项工作。",
        "一、主要举措", "全年召开党组会议4次，专题研究法治政府建设工作。", "（四）深化政务公开，接受社会各方面的监督和评议。"]


def take(*lines: str) -> tuple[list[str], dict[str, str]]:
    kept, fields = take_furniture([Piece(line) for line in lines], FURNITURE)
    return [piece.text for piece in kept if piece.text], {name: value for name, value, _ in fields if name != "other"}


@pytest.mark.parametrize(("line", "fields"), [
    ("发布时间：2024-02-20　来源：区科技局　浏览次数：143　【字体：大 中 小】　打印　关闭",
     {"published_date": "2024-02-20", "source": "区科技局"}),
    ("来源：区人社局　发布时间：2021-05-17 09:42　阅读：96次　【打印】【关闭】",
     {"published_date": "2021-05-17", "source": "区人社局"}),
    ("信息来源：区应急局 发布日期：2023年3月30日 阅读次数：412", {"published_date": "2023-03-30", "source": "区应急局"}),
    ("索引号：LS0013/2024-00027　主题分类：城乡建设、环境保护", {"index_no": "LS0013/2024-00027"}),
    ("发布机构：区住建局　成文日期：2024-1-6", {"publisher": "区住建局", "signed_date": "2024-01-06"}),
    ("有 效 性：有效", {}),
    ("2024-02-20 10:15　来源：区科技局　浏览次数143", {"published_date": "2024-02-20", "source": "区科技局"}),
    ("2024/2/20 10:15:32", {"published_date": "2024-02-20"}),
    ("时间：2024-03-12 09:18", {"published_date": "2024-03-12"}),
    ("索引号：LS001发布机构：区科技局发布日期：2024-01-08",
     {"index_no": "LS001", "publisher": "区科技局", "published_date": "2024-01-08"}),
    ("A+A-　【大 中 小】", {}),
    ("（责任编辑：张三）", {}),
    ("【打印本页】【关闭窗口】", {}),
    ("分享到：微信 微博　打印", {}),
    ("您现在的位置：首页 > 政务公开 > 区科技局", {"breadcrumb": "您现在的位置：首页 > 政务公开 > 区科技局"}),
    ("今天是：2019年11月2日 星期六", {}),                       # the clock of the page is no date of the report
])
def test_lines_around_a_report(line, fields):
    assert take(line, *BODY) == (BODY, fields)


@pytest.mark.parametrize("line", [
    "数据来源：区统计局年度统计公报。",
    "联系人：法规科　联系电话：0000-6820417", "签发人：张某某", "（此件公开发布）",
    "（2024年1月12日）", "2024年1月12日", "2024-01-12", "抄送：区司法局。", "附件：行政执法情况统计表",
    "区委、区政府：", "澜科发〔2021〕4号", "一、信息公开",
])
def test_lines_of_the_report_stay(line):
    assert take(line, *BODY)[0] == [line, *BODY]
    assert take(*BODY, line)[0] == [*BODY, line]


def test_labels_in_the_body_are_prose():
    lines = [*BODY[:3], "来源：区科技局", "文号：无", *BODY[3:]]
    assert take(*lines)[0] == lines


def test_everything_after_related_documents_goes():
    kept, _ = take(*BODY, "澜山区科学技术局", "2024年1月5日", "相关文档：", "澜山区科学技术局2023年信息公开年度报告", "版权所有：区政府")
    assert kept == [*BODY, "澜山区科学技术局", "2024年1月5日"]


def test_a_title_given_twice_is_kept_once():
    assert take(BODY[0], "", BODY[0], *BODY[1:])[0] == BODY


def test_card_with_one_cell_a_line():
    kept, fields = take("索引号", "LS0412/2023-00036", "发文字号", "澜市监〔2023〕5号", "发布日期", "2023-03-28", *BODY)
    assert kept == BODY
    assert fields == {"index_no": "LS0412/2023-00036", "doc_number": "澜市监〔2023〕5号", "published_date": "2023-03-28"}


def test_card_as_a_table():
    cells = ("索引号", "LS0412", "成文日期", "2023-03-20")
    kept, fields = take_furniture([Piece("\t".join(cells), TABLE_ROW, cells=cells, table_no=1), *map(Piece, BODY)], FURNITURE)
    assert [piece.text for piece in kept] == BODY
    assert ("signed_date", "2023-03-20", "索引号 LS0412 成文日期 2023-03-20") in fields


def test_a_data_table_stays():
    cells = ("行政许可", "231", "")
    kept, _ = take_furniture([*map(Piece, BODY), Piece("\t".join(cells), TABLE_ROW, cells=cells, table_no=1)], FURNITURE)
    assert kept[-1].cells == cells


def test_outside_text_gives_fields_only():
    outside = [Piece("主办单位：区政府办　版权所有：区政府", is_outside=True),
               Piece("发布时间：2023-01-05 来源：区科技局", is_outside=True)]
    kept, fields = take_furniture([*outside, *map(Piece, BODY)], FURNITURE)
    assert [piece.text for piece in kept] == BODY
    assert [(name, value) for name, value, _ in fields] == [("published_date", "2023-01-05"), ("source", "区科技局")]


def test_a_value_with_a_sentence_is_prose():
    assert split_line("来源：区科技局。全年公开信息80条。", "head", FURNITURE) is None


@pytest.mark.parametrize(("row", "words"), [
    ("button,打印,,edge", "kind"), ("label,来源,soruce,edge", "source"), ("label,来源,,middle", "zone"),
    ("word,打印,,edge\nword,打印,,edge", "重复"), ("line,(,,edge", "正则"),
])
def test_mistakes_name_their_line(tmp_path, row, words):
    (tmp_path / "furniture.csv").write_text(f"kind,text,field,zone\n{row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=words):
        load_furniture(tmp_path)


def test_a_card_whose_cells_are_set_apart_by_blanks():
    kept, fields = take("来源 与去向", "索引号　1137/2022-001　主题分类 法治", "发布机构 某区财政局 成文日期2022-01-10", *BODY)
    assert fields == {"index_no": "1137/2022-001", "publisher": "某区财政局", "signed_date": "2022-01-10"}
    assert kept == ["来源 与去向", *BODY]


def test_rows_of_a_card_that_lost_their_gaps_or_hold_one_label():
    kept, fields = take("索引号　1137/2022-001　主题分类 法治", "标题 区财政局2021年度法治政府建设情况报告",
                        "日期：2022-02-07来源：区财政局 字号：[大][中][小] 打印", *BODY)
    assert (fields["published_date"], fields["source"], fields["title"]) == ("2022-02-07", "区财政局", "区财政局2021年度法治政府建设情况报告")
    assert kept == BODY
