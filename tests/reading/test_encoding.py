import pytest

from pipeline.reading.encoding import decode
from pipeline.reading.quality import measure_quality

TEXT = "澜山区科学技术局关于二〇二二年度法治政府建设情况的报告\n全年公开政府信息80余条，办结率100%。\n" * 4


@pytest.mark.parametrize(("codec", "name"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16-le"),
    ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32-le")])
def test_every_encoding_reads_alike(codec, name):
    decoded = decode(TEXT.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.damaged, decoded.is_cut) == (TEXT, name, 0, False)


@pytest.mark.parametrize("title", ["联通", "法治政府建设年度报告", "报告", "𬭚䶮镕㑇〇"])
def test_short_gbk_titles(title):
    assert decode(title.encode("gb18030")).text == title


def test_traditional_characters_in_big5():
    text = "關於二零二二年度法治政府建設情況的報告，現將有關情況報告如下。"
    assert decode(text.encode("big5")).text == text


def test_a_cut_last_character_is_not_another_encoding():
    decoded = decode(TEXT.encode()[:-2])
    assert decoded.encoding == "utf-8"
    assert decoded.is_cut


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_bad_bytes_stay_within_their_place(codec):
    content = bytearray(TEXT.encode(codec))
    content[10:11] = b"\xff\xff"
    decoded = decode(bytes(content))
    assert decoded.encoding == codec
    assert decoded.damaged >= 1
    # All lines but the damaged one are whole.
    assert decoded.text.split("\n")[1:] == TEXT.split("\n")[1:]
    assert measure_quality(decoded.text) > 0.95


def test_lines_of_two_encodings():
    mixed = "第一行用一种编码写成。\n".encode() + "第二行用另一种编码写成。\n".encode("gb18030")
    assert decode(mixed).text == "第一行用一种编码写成。\n第二行用另一种编码写成。\n"


def test_a_wrong_hint_does_not_win():
    assert decode(TEXT.encode(), hint="gb18030").text == TEXT
    assert decode(TEXT.encode("gb18030"), hint="utf-8").text == TEXT


def test_quality_tells_garbage():
    assert measure_quality("全年办理行政许可3128件。") == 1.0
    assert measure_quality("鍏ㄥ勾鍔炵悊琛屾斂璁稿彲") < 0.4
    assert measure_quality("") == 0.0
