"""Every table and every column, once: type, Chinese label, unit, meaning.

The same declaration gives the Excel headers, the data dictionary (`hengbao tables`), the dtypes of
the frames and the error on a frame that does not fit. Offsets are character offsets into
`documents.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["str", "int", "float", "bool"]


@dataclass(frozen=True)
class Column:
    """One column. `unit` is empty for text and codes; `may_be_missing` is false for keys."""

    name: str
    type: Type
    label: str
    meaning: str = ""
    unit: str = ""
    may_be_missing: bool = True


@dataclass(frozen=True)
class Table:
    """One table; rows are sorted by `key` whenever it is written."""

    name: str
    label: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_internal: bool = False

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _doc() -> Column:
    return Column("document_id", "str", "文件编号", "文件内容 sha256 的前 16 位十六进制；压缩包成员与汇编的后几份再加 -序号", may_be_missing=False)


def _no(name: str, label: str, meaning: str = "") -> Column:
    return Column(name, "int", label, meaning, may_be_missing=False)


def _span(what: str) -> tuple[Column, Column]:
    return (
        Column("start", "int", "起", f"{what}在 documents.text 中的起点（含）", "字"),
        Column("end", "int", "止", f"{what}在 documents.text 中的终点（不含）", "字"),
    )


def _grouping() -> tuple[Column, Column]:
    return (
        Column("grouping", "str", "分组方式", "department year role", may_be_missing=False),
        Column("group", "str", "组", "部门全称、年度或角色", may_be_missing=False),
    )


def _term_uses() -> tuple[Column, ...]:
    return (
        Column("term", "str", "词", may_be_missing=False),
        Column("count", "int", "次数", "该组内出现次数", "次"),
        Column("n_documents", "int", "篇数", "该组内出现该词的报告数", "份"),
    )


def _term_scores() -> tuple[Column, ...]:
    return (
        Column("tfidf", "float", "TF-IDF"),
        Column("log_odds_z", "float", "z 值", "带先验的对数优势比的 z；1.96 以上为显著偏多"),
        Column("q_value", "float", "q 值", "同组检验的词一并校正后的误报率（Benjamini–Hochberg）；0.2 即列出的词约五分之一可能出于偶然"),
        Column("rank", "int", "次序", "组内按 z 排序"),
    )


def _evidence() -> tuple[Column, Column]:
    return (
        Column("evidence_start", "int", "依据起", "依据在 documents.text 中的起点（含）", "字"),
        Column("evidence_end", "int", "依据止", "依据在 documents.text 中的终点（不含）", "字"),
    )


def _bounds(prefix: str = "", label: str = "") -> tuple[Column, Column]:
    return (
        Column(f"{prefix}low", "float", f"{label}下限", "所述数值的下限；空为未说明下限"),
        Column(f"{prefix}high", "float", f"{label}上限", "所述数值的上限；空为未说明上限"),
    )


def _reuse_columns() -> tuple[Column, ...]:
    return (
        Column("source_document_id", "str", "来源文件"), Column("source_sentence_no", "int", "来源句号"),
        Column("similarity", "float", "相似度", "数字与日期遮盖后，0 至 1"),
        Column("relation", "str", "关系", "earlier_year other_department"),
        Column("is_verbatim", "bool", "逐字相同", "未遮盖时也相同"),
    )


def _identity_columns() -> tuple[Column, ...]:
    return (
        Column("genre", "str", "体裁", "knowledge/genres 中的体裁名"),
        Column("title", "str", "标题"),
        Column("department", "str", "部门", "规范全称，含地名"),
        Column("department_code", "str", "部门代码", "departments.csv 的代码；与地名一起确定一个部门"),
        Column("region", "str", "地区"),
        Column("level", "str", "层级", "国家 省 市 区县 乡镇街道"),
        Column("report_year", "int", "报告年度", "报告所写的年度，不是发布年", "年"),
        Column("doc_number", "str", "发文字号"),
        Column("signed_date", "str", "成文日期", "年-月-日"),
        Column("published_date", "str", "公开日期", "年-月-日"),
        Column("addressee", "str", "主送"),
        Column("identity_source", "str", "身份依据", "部门与年度各取自何处，如 title+title"),
        Column("confidence", "float", "把握", "0 至 1；各字段依据一致时为 1"),
    )


TABLES: tuple[Table, ...] = (
    Table("raw_files", "原始文件", "data/raw 中的每个文件", ("path",), (
        Column("path", "str", "路径", "相对 data/raw", may_be_missing=False),
        _doc(),
        Column("bytes", "int", "大小", "", "字节"),
        Column("duplicate_of", "str", "重复于", "内容逐字节相同、路径排序在前的文件；空为不重复"),
        Column("location", "str", "位置", "读取时打开的绝对路径，不写入任何输出"),
        Column("override", "str", "人工指定", "sources.csv 中关于此文件的各行（JSON）；空为没有"),
    ), is_internal=True),
    Table("documents", "文件", "每个读到的文件一行；正文读后不再改变", ("document_id", "path"), (
        _doc(),
        Column("path", "str", "路径", "相对 data/raw；压缩包成员为 包.zip/成员.docx，汇编的第 n 份为 汇编.docx#n", may_be_missing=False),
        Column("file_path", "str", "所在文件", "磁盘上的文件，相对 data/raw；压缩包成员与汇编各份共用一个"),
        Column("format", "str", "格式", "按内容识别：txt docx pdf html …"),
        Column("bytes", "int", "大小", "", "字节"),
        Column("chars", "int", "字数", "正文字符数", "字"),
        Column("pages", "int", "页数", "无分页的格式为空", "页"),
        Column("status", "str", "状态", "ok duplicate needs_ocr empty failed"),
        Column("reason", "str", "原因", "状态不是 ok 时说明原因与办法"),
        Column("encoding", "str", "编码", "文本类格式的字符编码"),
        Column("quality", "float", "可读度", "常用字、标点与 ASCII 所占比例，0 至 1；正常文本约为 1"),
        Column("repairs", "str", "修复", "读入时做过的修复及次数"),
        Column("n_numbered", "int", "恢复编号", "由自动编号算出并写回正文的段落数；格式本身没有自动编号的为空", "段"),
        Column("ocr_pages", "int", "识别页数", "由图像识别出文字的页数", "页"),
        Column("ocr_share_pct", "float", "识别占比", "由图像识别出的文字占全文的比例", "%"),
        Column("reading_confidence", "float", "读取把握", "0 至 1；可读度、识别得分与损坏处数的乘积，文本类完好文件为 1"),
        Column("text_hash", "str", "正文指纹", "去空白正文 sha256 的前 16 位；相同即同一份正文"),
        Column("text", "str", "正文", "清理后的全文；段落以换行分隔"),
    )),
    Table("document_fields", "文件附带字段", "网页索引卡、发布栏等文件自带的字段，不在正文内", ("document_id", "field_no"), (
        _doc(), _no("field_no", "序号"),
        Column("field", "str", "字段", "published_date source publisher doc_number signed_date title index_no；override_* 取自 sources.csv"),
        Column("value", "str", "值"),
        Column("evidence", "str", "原文", "字段所在的原文"),
    )),
    Table("blocks", "段落", "正文的每个段落、表格行与脚注及其页码", ("document_id", "block_no"), (
        _doc(), _no("block_no", "段号", "从 1 起"),
        Column("kind", "str", "种类", "paragraph table_row footnote"),
        Column("page", "int", "页", "从 1 起；无分页的格式为空", "页"),
        *_span("段落"),
    )),
    Table("table_cells", "表格单元格", "文件中的表格", ("document_id", "table_no", "row_no", "column_no"), (
        _doc(), _no("table_no", "表号"), _no("row_no", "行"), _no("column_no", "列"),
        Column("text", "str", "文字"), *_span("单元格"),
    )),
    Table("identities", "文件身份", "每个文件是哪个部门哪一年的什么报告", ("document_id",), (
        _doc(), *_identity_columns(),
    ), is_internal=True),
    Table("identity_evidence", "身份依据", "身份各字段的每个候选及其出处", ("document_id", "field", "candidate_no"), (
        _doc(), Column("field", "str", "字段", may_be_missing=False), _no("candidate_no", "候选"),
        Column("value", "str", "值"),
        Column("source", "str", "出处", "title opening heading doc_number signature field filename …"),
        Column("evidence", "str", "原文"),
        *_span("依据"),
        Column("is_chosen", "bool", "采用"),
    )),
    Table("reports", "报告", "身份确定的报告", ("document_id",), (
        _doc(),
        Column("report_id", "str", "报告编号", "可读且唯一，如 澜山区科学技术局-2022", may_be_missing=False),
        *_identity_columns(),
        Column("path", "str", "路径"),
        Column("is_compared", "bool", "参与比较", "体裁相符、身份完整、同部门同年度取最后成文的一份"),
        Column("why_not", "str", "不参与的原因"),
        Column("is_demonstration", "bool", "示例数据", "属于虚构地区的示例报告"),
        Column("department_short", "str", "部门简称", "图表所用，去地名"),
        Column("department_group", "str", "职能组", "同类比较的分组"),
    )),
    Table("coverage", "报告收集情况", "部门 × 年度：有报告或缺报告", ("department_code", "region", "report_year"), (
        Column("department_code", "str", "部门代码", may_be_missing=False),
        Column("region", "str", "地区", may_be_missing=False),
        Column("department", "str", "部门"),
        Column("department_short", "str", "部门简称"),
        _no("report_year", "报告年度"),
        Column("document_id", "str", "文件编号", "缺报告时为空"),
        Column("state", "str", "状态", "reported missing"),
    )),
    Table("sections", "章节", "报告的提纲；第 0 节为标题以下第一个小标题以前的文字", ("document_id", "section_no"), (
        _doc(), _no("section_no", "节号", "按出现次序，从 0 起"),
        Column("parent_no", "int", "上级节号", "一级为空"),
        Column("level", "int", "级", "0 导语，1 一、，2（一），3 1.，4（1），5 一是"),
        Column("label", "str", "编号", "如 一、（二）一是"),
        Column("heading", "str", "标题", "不含编号；段首标题只取标题部分"),
        Column("role", "str", "角色", "achievements first_responsible problems next_plan other"),
        Column("roles", "str", "全部角色", "合并型章节的各角色，以分号分隔"),
        *_span("章节（含标题与下级）"),
        Column("body_start", "int", "正文起", "标题之后正文的起点", "字"),
    )),
    Table("sentences", "句子", "正文的句子，不含标题、主送、落款", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号", "从 0 起"),
        Column("section_no", "int", "节号", "所在的最内层章节"),
        Column("role", "str", "角色", "所在章节的角色"),
        *_span("句子"), Column("text", "str", "句子"),
    )),
    Table("term_counts", "词频", "各章节的词与次数", ("document_id", "section_no", "term"), (
        _doc(), _no("section_no", "节号"), Column("term", "str", "词", may_be_missing=False),
        Column("count", "int", "次数", "", "次"),
    )),
    Table("quantities", "数量", "文中写明的每个数量", ("document_id", "quantity_no"), (
        _doc(), _no("quantity_no", "数量号", "从 0 起"),
        Column("sentence_no", "int", "句号"),
        *_span("数量"), Column("text", "str", "原文"),
        Column("kind", "str", "种类", "count percent money duration measure multiple rank zero"),
        *_bounds(),
        Column("approx", "str", "性质", "exact over under about range vague"),
        Column("unit", "str", "单位"),
        Column("object", "str", "所计对象"),
        Column("claim", "str", "归属", "own target previous external cumulative rule"),
        Column("to_date", "str", "截至", "截至某日的数写明的日期，如 11月底；全年数为空"),
    )),
    Table("indicator_values", "指标值", "每份报告对每个指标的回答", ("document_id", "indicator"), (
        _doc(), Column("indicator", "str", "指标", "knowledge/indicators 的编号", may_be_missing=False),
        Column("state", "str", "状态", "value zero na not_disclosed ambiguous corrected"),
        *_bounds(),
        Column("unit", "str", "单位"), Column("approx", "str", "性质"),
        Column("quantity_no", "int", "数量号", "作答的数量；文字作答时为空"),
        Column("sentence_no", "int", "句号"),
        *_evidence(),
        *_bounds("previous_", "文中所述上年"),
        Column("to_date", "str", "截至"),
        Column("why", "str", "说明", "为何由此作答，或为何不能作答"),
    )),
    Table("indicator_candidates", "指标候选", "每个指标考虑过的数量与取舍理由", ("document_id", "indicator", "candidate_no"), (
        _doc(), Column("indicator", "str", "指标", may_be_missing=False), _no("candidate_no", "候选"),
        Column("quantity_no", "int", "数量号"), *_bounds(),
        *_evidence(),
        Column("is_chosen", "bool", "采用"), Column("is_rival", "bool", "值不同", "与采用的说的是同一件事而值不同"), Column("why", "str", "理由"),
    )),
    Table("text_stats", "篇幅", "每份报告的篇幅与数量密度", ("document_id",), (
        _doc(),
        Column("chars", "int", "正文字数", "不计空白", "字"),
        Column("n_sentences", "int", "句数", "", "句"),
        Column("n_quantities", "int", "数量数", "本部门本年度的数量（own、cumulative）", "个"),
        Column("quantities_per_1000", "float", "每千字数量", "", "个/千字"),
        Column("achievements_pct", "float", "成效占比", "按字数", "%"),
        Column("first_responsible_pct", "float", "第一责任人占比", "按字数", "%"),
        Column("problems_pct", "float", "不足占比", "按字数", "%"),
        Column("next_plan_pct", "float", "安排占比", "按字数", "%"),
        Column("law_titles", "int", "书名号数", "《》所引文件名次数", "次"),
    )),
    Table("theme_model", "主题模型", "由抽样报告的标题学得的主题模型：各特征对各主题的权重", ("fold", "theme", "feature"), (
        _no("fold", "份", "文件分为几份，各份由其余各份学得的模型判断"),
        Column("theme", "str", "主题", may_be_missing=False),
        _no("feature", "特征", "相邻两三字，每字 21 位；-1 为常数项"),
        Column("weight", "float", "权重"),
    ), is_internal=True),
    Table("sentence_themes", "句子主题", "句子所属的主题，可有多个", ("document_id", "sentence_no", "theme"), (
        _doc(), _no("sentence_no", "句号"), Column("theme", "str", "主题", may_be_missing=False),
        Column("weight", "float", "权重", "0 至 1"),
        Column("source", "str", "依据", "heading terms model"),
    )),
    Table("themes", "主题占比", "每份报告各主题的句子占比", ("document_id", "theme"), (
        _doc(), Column("theme", "str", "主题", "knowledge/themes.yml 的编号；unassigned 为未归类", may_be_missing=False),
        Column("share", "float", "占比", "该主题句数（多主题句按份计）占全部正文句数", "0–1"),
        Column("share_low", "float", "占比下限", "按句重抽样的 95% 区间", "0–1"),
        Column("share_high", "float", "占比上限", "按句重抽样的 95% 区间", "0–1"),
        Column("n_sentences", "int", "句数", "含该主题的句数", "句"),
    )),
    Table("topics", "数据主题", "由语料归纳的主题，仅供探索；报告很多时只看其中一部分", ("topic_no",), (
        _no("topic_no", "主题号"), Column("label", "str", "标签", "前几个特征词"),
        Column("n_sentences", "int", "句数", "", "句"),
        Column("stability", "float", "稳定度", "换种子重做后特征词的平均重合，0 至 1"),
        Column("document_id", "str", "代表句文件"), Column("sentence_no", "int", "代表句"),
    )),
    Table("topic_terms", "数据主题词", "数据主题的特征词", ("topic_no", "rank"), (
        _no("topic_no", "主题号"), _no("rank", "次序"),
        Column("term", "str", "词"), Column("weight", "float", "权重"),
    )),
    Table("department_terms", "部门特征词", "部门比本地区其余部门说得多的词", ("group", "term"), (
        Column("group", "str", "组", "部门全称", may_be_missing=False), *_term_uses(), *_term_scores(),
    ), is_internal=True),
    Table("term_sums", "用词合计", "各年度、各章节角色、本地区仅有的部门各用每个词多少次", ("grouping", "group", "term"), (
        *_grouping(), *_term_uses(),
        Column("squares", "int", "平方和", "各报告次数的平方之和；只记年度"),
        Column("by_length", "int", "乘长度", "各报告次数与总词数之积的和；只记年度"),
        Column("first_document_id", "str", "最早的报告", "按年度、成文日期、部门排最前的一份；只记年度"),
    ), is_internal=True),
    Table("term_groups", "用词分组", "用词合计的各组", ("grouping", "group"), (
        *_grouping(), Column("n_documents", "int", "篇数", "有词的报告数", "份"),
    ), is_internal=True),
    Table("key_terms", "特征词", "一组报告比其余报告说得多的词", ("grouping", "group", "term"), (
        *_grouping(), *_term_uses(), *_term_scores(),
    )),
    Table("term_trends", "词的年度变化", "词在各年度的频率", ("term", "report_year"), (
        Column("term", "str", "词", may_be_missing=False), _no("report_year", "报告年度"),
        Column("frequency", "float", "频率", "每万词次数", "次/万词"),
        Column("count", "int", "次数", "", "次"),
        Column("n_documents", "int", "篇数", "", "份"),
        Column("trend", "str", "趋势", "new rising falling gone steady；不足三年为空"),
        Column("first_department", "str", "最先使用", "最早出现该词的部门"),
    )),
    Table("indicator_changes", "年度变化", "同一部门同一指标与上年相比", ("department_code", "region", "indicator", "report_year"), (
        Column("department_code", "str", "部门代码", may_be_missing=False),
        Column("region", "str", "地区", may_be_missing=False),
        Column("indicator", "str", "指标", may_be_missing=False),
        _no("report_year", "报告年度"),
        Column("department", "str", "部门"),
        Column("document_id", "str", "文件编号"), Column("previous_document_id", "str", "上年文件编号"),
        *_bounds(), *_bounds("previous_", "上年"),
        Column("change_low", "float", "增减下限", "区间运算：本年下限减上年上限"),
        Column("change_high", "float", "增减上限", "区间运算：本年上限减上年下限"),
        Column("change_pct_low", "float", "增幅下限", "", "%"), Column("change_pct_high", "float", "增幅上限", "", "%"),
        Column("verdict", "str", "判断", "up down same undecided incomparable"),
        Column("comparable", "bool", "可比"), Column("why_not", "str", "不可比的原因"),
        Column("note", "str", "附注", "更名、合并、截至数、与上年报告不符等"),
    )),
    Table("peer_ranks", "同类位次", "同体裁同年度内按指标的位次区间", ("genre", "report_year", "indicator", "region", "department_code"), (
        Column("genre", "str", "体裁", may_be_missing=False), _no("report_year", "报告年度"),
        Column("indicator", "str", "指标", may_be_missing=False),
        Column("region", "str", "地区", may_be_missing=False),
        Column("department_code", "str", "部门代码", may_be_missing=False),
        Column("department", "str", "部门"), Column("document_id", "str", "文件编号"),
        Column("peer_group", "str", "比较范围", "all 或职能组"),
        *_bounds(),
        Column("rank_low", "int", "位次（好）", "区间重叠时可能的最好位次"),
        Column("rank_high", "int", "位次（差）", "区间重叠时可能的最差位次"),
        Column("n_peers", "int", "参比数", "", "个"),
    )),
    Table("region_reuse", "地区内沿用", "来源在本地区的沿用句", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号"), *_reuse_columns(),
    ), is_internal=True),
    Table("reuse_prints", "句子指纹", "可与其他地区的报告比较的句子，遮盖时间、数字、文件名与本地地名之后", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号"),
        _no("masked_print", "遮盖后指纹", "遮盖后文字的散列值；相同即只差时间、数字、文件名与地名"),
        _no("text_print", "原文指纹", "不计空白的原文的散列值"),
        Column("is_short", "bool", "短句", "许多部门都写的短句是套语"),
    ), is_internal=True),
    Table("comparable_counts", "可比句数", "每份报告可比较的句数", ("document_id",), (
        _doc(), Column("n_sentences", "int", "句数", "可比句数，固定套语不计", "句"),
    ), is_internal=True),
    Table("reuse", "沿用", "与更早或其他报告相同或仅换数字的句子", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号"), *_reuse_columns(),
    )),
    Table("reuse_shares", "沿用比例", "每份报告沿用句子的比例", ("document_id", "relation"), (
        _doc(), Column("relation", "str", "关系", "earlier_year other_department", may_be_missing=False),
        Column("source_document_id", "str", "主要来源", "沿用句最多的来源文件"),
        Column("n_sentences", "int", "句数", "可比句数，固定套语不计", "句"),
        Column("n_reused", "int", "沿用句数", "", "句"),
        Column("share_pct", "float", "沿用比例", "", "%"),
    )),
    Table("commitments", "承诺", "下一年安排的每一项及次年报告中的回应", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号"),
        Column("followed_by_document_id", "str", "次年文件"), Column("followed_by_sentence_no", "int", "次年句号"),
        Column("outcome", "str", "回应", "done partly absent no_next_report not_measurable"),
        Column("similarity", "float", "相似度"), Column("why", "str", "说明"),
        Column("nearest_sentence_no", "int", "最近句号", "未找到回应时，次年报告中最接近的一句；没有相近的为空"),
    )),
    Table("recurring_problems", "反复出现的不足", "与更早年度相近的不足", ("document_id", "sentence_no"), (
        _doc(), _no("sentence_no", "句号"),
        Column("previous_document_id", "str", "更早文件"), Column("previous_sentence_no", "int", "更早句号"),
        Column("similarity", "float", "相似度"),
    )),
    Table("checks", "检查", "规定内容与一致性检查", ("document_id", "check"), (
        _doc(), Column("check", "str", "检查项", may_be_missing=False),
        Column("passed", "bool", "通过", "空为无从判断"),
        *_evidence(),
        Column("message", "str", "说明"),
        Column("level", "str", "等级", "必 应 可 警"), Column("basis", "str", "依据"),
    )),
    Table("issues", "待查事项", "需要人看一眼的事", ("stage", "document_id", "place", "message"), (
        Column("stage", "str", "环节", may_be_missing=False),
        Column("document_id", "str", "文件编号"),
        Column("path", "str", "路径"),
        Column("place", "str", "位置", "如 第3页、正文第120字、某字段"),
        Column("severity", "str", "程度", "error warning note"),
        Column("message", "str", "说明"),
    )),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
