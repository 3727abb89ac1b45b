from collections import Counter

import pytest

from pipeline.reading.paragraphs import find_wrap, join_paragraphs
from pipeline.reading.raw import TABLE_ROW, Piece


def join(*lines: str) -> list[str]:
    return [piece.text for piece in join_paragraphs([Piece(line) for line in lines], Counter())]


@pytest.mark.parametrize(("first", "second"), [
    # A page break cut the sentence: after a comma, and in the middle of a phrase.
    ("（一）健全组织领导。本年度多次听取法治建设工作汇报，", "研究部署依法行政工作。"),
    ("（三）落实责任制。抓好行政执法评议考核。进一步完善行政执法", "案件的办案规程，定期开展检查。"),
    ("共检查单位8家，对发现的问题下达整改意见，全年发放资料12。本年检查企业135", "家次。"),
    ("学习贯彻《中华人民共和国", "行政处罚法》。"),                               # an open bracket
    ("区委、区政府，", "区委全面依法治区委员会办公室："),
])
def test_cut_sentences_are_joined(first, second):
    assert join("一、工作开展情况", first, "", second) == ["一、工作开展情况", first + second]


@pytest.mark.parametrize(("first", "second"), [
    ("一、主要举措和成效", "2022年，我局深入学习宣传贯彻党的二十大精神。"),           # heading, body
    ("（一）健全机制", "全年召开党组会议4次，专题研究法治工作。"),
    ("坚持高位推动，压实第一责任人职责", "局主要负责人全年听取汇报4次。"),             # heading without a number
    ("全年开展培训3期，参训210人次。", "办理行政许可238件。"),
    ("主要做法有以下几点。其中包括", "（一）加强领导。"),                           # a numbered line starts anew
    ("全年未发生行政诉讼。继续", "一是完善制度。"),
    ("我局将继续努力。推动法治政府建设取得实效", "澜山区财政局"),                    # signature
    ("我局将继续努力。推动法治政府建设取得实效", "2021年1月15日"),
    ("我局将继续努力。推动法治政府建设取得实效", "二〇二一年一月二十五日"),
    ("我局将继续努力。推动法治政府建设取得实效", "特此报告。"),
    ("我局将继续努力。推动法治政府建设取得实效", "抄送：区司法局。"),
    ("我局将继续努力。推动法治政府建设取得实效", "（此件公开发布）"),
])
def test_separate_lines_stay_separate(first, second):
    assert join("一、工作开展情况", "全年工作平稳有序，成效明显。", first, second)[-2:] == [first, second]


def test_title_block_is_never_joined():
    lines = ["澜山区市场监督管理局文件", "澜市监〔2021〕8号", "澜山区市场监督管理局",
             "关于2020年度法治政府建设情况的报告", "区委、区政府："]
    assert join(*lines) == lines


def test_page_numbers_in_mid_sentence():
    assert join("一、成效", "全年召开会议4次。督促限", "— 3 —", "", "期整改到位。") == ["一、成效", "全年召开会议4次。督促限期整改到位。"]


def test_table_rows_are_never_joined():
    pieces = [Piece("一、统计。各项工作"), Piece("许可\t231", TABLE_ROW, cells=("许可", "231"), table_no=1), Piece("件数")]
    assert [piece.text for piece in join_paragraphs(pieces, Counter())] == ["一、统计。各项工作", "许可\t231", "件数"]


def test_file_wrapped_at_a_fixed_width():
    paragraph = ("全年立案436件，办结412件，其中一般程序337件、简易程序75件，罚没款386.5万元，向公安机关移送涉嫌犯罪案件5件。"
                 "推行双随机监管，完成抽查任务17个，抽取市场主体1245户，抽查结果全部公示。全面落实执法公示制度、全过程记录制度。")
    text = "　　" + paragraph
    lines = [text[place:place + 20] for place in range(0, len(text), 20)]
    assert find_wrap([*lines, *lines]) is not None
    assert join("一、主要举措", *lines, "二、存在不足", *lines) == ["一、主要举措", paragraph, "二、存在不足", paragraph]


def test_paragraphs_of_their_own_length_are_not_wrapped():
    assert find_wrap(["全年召开会议。" * (place + 3) for place in range(20)]) is None


def test_gap_after_a_number_goes():
    assert join("一、　推进依法行政", "（二） 健全机制", "1.　公开信息80条。") == ["一、推进依法行政", "（二）健全机制", "1.公开信息80条。"]


def test_file_wrapped_at_a_count_of_characters():
    # A line full of figures is narrow, yet it is full.
    paragraph = ("12315平台投诉举报量继续攀升，全年受理7,320余件，挽回消费者经济损失156.9万元，维权服务站向景区延伸，全年就地调解消费纠纷420余起。"
                 "全面落实执法公示制度、执法全过程记录制度和重大执法决定法制审核制度，组织执法人员参加培训三期，编写典型案例汇编一册。")
    lines = [paragraph[place:place + 28] for place in range(0, len(paragraph), 28)]
    assert join("一、主要举措", *lines, "二、存在不足", *lines, *lines[1:], "三、安排", *lines)[1] == paragraph


def test_indents_tell_what_goes_on_over_the_end_of_a_page():
    words = "坚持小事不出社区，全年调解邻里物业劳资等纠纷，调解成功率逐年提高，来访全部按期办结。"
    lines = ["　　" + words[:28], words[28:] + "协助申请法律援助，定期进驻社区。",
             "　　" + words[:28], words[28:] + "没有收到复议案件，定期进驻社区。"]
    full = lines[1][:30] + "。"
    page = [*lines * 3, lines[0], full, "", "— 1 —", "", "没有收到行政复议案件。", "　　" + words[:28], full, "澜山区望笙街道办事处"]
    assert join("一、成效", *page)[-3:] == [(lines[0] + full).strip() + "没有收到行政复议案件。", (words[:28] + full), "澜山区望笙街道办事处"]
