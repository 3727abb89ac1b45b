"""A second set of titles, signatures and file names, written before the code that reads them was looked at."""

from __future__ import annotations

import pytest

from tests.structure.reports import read_file

BODY = """一、{year}年度推进法治政府建设的主要举措和成效
（一）强化理论武装。召开党组理论学习中心组会议8次，专题学习习近平法治思想3次。
（二）依法履行职责。办结行政许可事项1204件，按时办结率100%。
二、党政主要负责人履行推进法治建设第一责任人职责情况
主要负责同志专题研究法治工作4次。
三、存在的不足和原因
个别执法人员业务不精，主要原因是培训不够。
四、{next_year}年度推进法治政府建设的主要安排
持续优化营商环境，开展培训不少于4期。
"""

# File name, what stands before the body, report year (None: no body of a report), what stands after it, what must be found.
VARIANTS: list[tuple[str, str, int | None, str, dict[str, object]]] = [
    ("x1.txt",
     "中国共产党南屿县教育工作委员会\n南教工委〔2024〕2号\n中共南屿县委教育工作委员会　南屿县教育局\n"
     "关于2023年度法治政府建设情况的报告\n县委、县政府：\n",
     2023, "中共南屿县委教育工作委员会\n南屿县教育局\n2024年1月25日\n",
     {"department": "南屿县教育局", "department_code": "education",
      "report_year": 2023, "doc_number": "南教工委〔2024〕2号", "signed_date": "2024-01-25"}),
    ("x2.txt",
     "南屿县工业和信息化局党组\n关于报送2021年度法治政府建设工作情况的报告\n县委全面依法治县委员会办公室：\n",
     2021, "中共南屿县工业和信息化局党组\n2022 年 1 月 7 日\n",
     {"department": "南屿县工业和信息化局", "department_code": "industry_it", "report_year": 2021, "signed_date": "2022-01-07"}),
    ("2022年南屿县人社局法治报告.docx.txt",
     "南屿县人力资源和社会保障局\n关于2021年度法治政府建设工作情况的报告\n",
     2021, "南屿县人力资源和社会保障局\n二〇二二年一月十日\n",
     {"department": "南屿县人力资源和社会保障局", "department_code": "hr_ss", "report_year": 2021, "signed_date": "2022-01-10"}),
    ("x4.txt",
     "河湾街道2023年度法治政府建设工作报告\n"
     "2023年，河湾街道在区委、区政府坚强领导下，深入推进法治政府建设，现将有关情况报告如下。\n",
     2023, "东浦区河湾街道办事处\n2024年1月3日\n",
     {"department": "东浦区河湾街道办事处", "department_code": "subdistrict", "report_year": 2023, "level": "乡镇街道"}),
    ("x5.txt",
     "东浦区人民政府河湾街道办事处关于2022年度法治政府建设情况的报告\n东浦区人民政府：\n",
     2022, "东浦区人民政府河湾街道办事处\n2023年1月13日\n",
     {"department_code": "subdistrict", "report_year": 2022, "signed_date": "2023-01-13"}),
    ("x6.txt",
     "澄江国家高新技术产业开发区管理委员会\n2022年度法治政府建设年度报告\n",
     2022, "2023年2月10日\n",
     {"department_code": "dev_zone", "report_year": 2022, "signed_date": "2023-02-10"}),
    ("x7.txt",
     "澄江市公安局东浦区分局2022年度法治公安建设情况报告\n",
     2022, "澄江市公安局东浦区分局\n2023年1月9日\n",
     {"department_code": "public_security", "region": "东浦区", "report_year": 2022}),
    ("x8.txt",
     "澄江市规划和自然资源局东浦分局2023年法治政府建设情况报告\n"
     "2023年，我局在市局党组和区委、区政府的领导下，扎实推进法治建设。\n",
     2023, "2024年1月19日\n",
     {"department_code": "natural_res", "level": "区县", "report_year": 2023}),
    ("x9.txt",
     "南屿县自然资源和林业局2025年度法治政府建设情况报告\n南自然资林﹝2026﹞1号\n",
     2025, "南屿县自然资源和林业局\n2026年1月4日\n",
     {"department_code": "natural_res", "department": "南屿县自然资源和林业局",
      "doc_number": "南自然资林﹝2026﹞1号", "report_year": 2025}),
    ("x10.txt",
     "南屿县发展改革科技局\n关于2025年度法治政府建设情况的报告\n南发改科[2025] 88 号\n县委、县政府：\n",
     2025, "南屿县发展改革科技局\n2025年12月30日\n",
     {"department_code": "dev_reform", "department": "南屿县发展改革科技局",
      "doc_number": "南发改科[2025]88号", "report_year": 2025, "signed_date": "2025-12-30"}),
    ("x11.txt",
     "东浦区市场监督管理局（区知识产权局、区食安办）\n２０２３年度法治政府建设情况报告\n",
     2023, "东浦区市场监督管理局\n２０２４年１月１２日\n",
     {"department_code": "market_reg", "department": "东浦区市场监督管理局", "report_year": 2023, "signed_date": "2024-01-12"}),
    ("x12.txt",
     "东浦区城市管理局（综合行政执法局）2022年法治政府建设情况的报告\n东城管（2023）3号\n",
     2022, "东浦区城市管理局\n2023-01-16\n",
     {"department_code": "urban_mgmt", "department": "东浦区城市管理局",
      "doc_number": "东城管（2023）3号", "report_year": 2022, "signed_date": "2023-01-16"}),
    ("x13.txt",
     "澄江市东浦区应急管理局关于二○二一年度法治政府建设情况的报告\n",
     2021, "澄江市东浦区应急管理局\n二○二一年十二月三十一日\n",
     {"department_code": "emergency", "region": "东浦区", "report_year": 2021, "signed_date": "2021-12-31"}),
    ("x14.txt",
     "法治政府建设年度报告\n信息来源：东浦区机关事务服务中心　发布日期：2024-03-29　点击率：77\n"
     "2023年，区机关事务服务中心认真落实上级部署，现将2023年法治政府建设情况报告如下：\n",
     2023, "",
     {"department_code": "gov_affairs", "department": "东浦区机关事务服务中心",
      "report_year": 2023, "published_date": "2024-03-29", "signed_date": None}),
    ("x15.txt",
     "云溪市商务局2023年度法治政府建设情况报告\n"
     "2023年，我局坚持依法行政，服务全市发展大局，受到市委、市政府肯定。\n",
     2023, "云溪市商务局\n2024年1月30日\n",
     {"department_code": "commerce", "department": "云溪市商务局", "level": "市", "report_year": 2023}),
    ("x16.txt",
     "关于印发《东浦区民政局2022年法治政府建设年度报告》的通知\n东民发〔2023〕5号\n局机关各科室、各直属单位：\n"
     "现将《东浦区民政局2022年法治政府建设年度报告》印发给你们。\n东浦区民政局\n2023年1月20日\n"
     "东浦区民政局2022年法治政府建设年度报告\n",
     2022, "",
     {"department_code": "civil_affairs", "department": "东浦区民政局",
      "genre": "rule_of_law", "report_year": 2022, "doc_number": "东民发〔2023〕5号"}),
    ("x17.txt",
     "南屿县统计局“十四五”以来法治政府建设情况暨2024年度法治政府建设工作报告\n",
     2024, "南屿县统计局\n2025年1月6日\n",
     {"department_code": "statistics", "report_year": 2024}),
    ("x18.txt",
     "2020年依法行政工作总结\n"
     "2020年，我委在市委、市政府的正确领导下，认真贯彻《法治政府建设实施纲要（2015—2020年）》。\n",
     2020, "澄江市卫生健康委员会\n2020年12月21日\n",
     {"department_code": "health", "department": "澄江市卫生健康委员会", "report_year": 2020, "signed_date": "2020-12-21"}),
    ("x19.txt",
     "南屿县行政审批服务局\n2023年度法治政府建设工作报告\n各位领导、同志们：\n",
     2023, "报告人：李某某\n2024年1月\n",
     {"department_code": "adm_approval", "department": "南屿县行政审批服务局", "report_year": 2023}),
    ("x20.txt",
     "南屿县农业农村局主要负责人2022年度述法报告\n"
     "根据县委依法治县办要求，现将本人2022年度履行推进法治建设第一责任人职责情况报告如下。\n一、履职情况\n"
     "一年来，我坚持把法治建设摆在重要位置，主持召开党组会议研究法治工作5次。\n二、存在的问题\n我对新法学习不够深入。\n"
     "三、下步打算\n我将进一步加强学习。\n南屿县农业农村局党组书记、局长 张某\n2023年1月10日\n",
     None, "",
     {"genre": "shufa", "report_year": 2022, "department_code": "agriculture"}),
    ("x21.txt",
     "东浦区水务局2022年政府信息公开工作年度报告\n"
     "本报告根据《中华人民共和国政府信息公开条例》（国令第711号）要求编制，统计期限为2022年1月1日至12月31日。\n"
     "一、总体情况\n（一）主动公开。公开信息203条。\n二、主动公开政府信息情况\n第二十条第（五）项 行政许可 12\n"
     "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n"
     "六、其他需要报告的事项\n",
     None, "",
     {"genre": "disclosure_annual", "report_year": 2022, "department_code": "water"}),
    ("x22.txt",
     "东浦区人民政府办公室关于印发东浦区2023年法治政府建设工作要点的通知\n东政办发〔2023〕14号\n"
     "各镇人民政府、街道办事处，区政府各部门：\n现将《东浦区2023年法治政府建设工作要点》印发给你们，请认真贯彻执行。\n"
     "一、加强党的领导\n推动各级党政主要负责人履行第一责任人职责。（牵头单位：区司法局）\n二、依法全面履行职能\n"
     "深化“放管服”改革。（责任单位：区行政审批局）\n2023年4月3日\n",
     None, "",
     {"genre": "plan", "doc_number": "东政办发〔2023〕14号"}),
    ("x23.txt",
     "【图解】一图读懂南屿县2023年法治政府建设年度报告\n近日，南屿县印发了法治政府建设年度报告，现解读如下：\n"
     "一、出台背景\n为让公众更好了解报告内容。\n二、主要内容\n报告分四个部分。\n",
     None, "",
     {"genre": "interpretation"}),
    ("x24.txt",
     "南屿县人民检察院关于2023年行政检察工作情况的通报\n2023年办理行政检察案件12件。\n一、主要做法\n开展监督。\n",
     None, "",
     {}),
    ("x25.txt",
     "东浦区综合行政执法大队2023年法治政府建设情况汇报\n区综合行政执法局：\n",
     2023, "东浦区综合行政执法大队\n2024年1月4日\n",
     {"department_code": "urban_mgmt", "report_year": 2023, "signed_date": "2024-01-04"}),
]


@pytest.mark.parametrize(("name", "head", "year", "tail", "wanted"), VARIANTS)
def test_which_report_it_is(tmp_path, name, head, year, tail, wanted):
    body = BODY.format(year=year, next_year=year + 1) if year else ""
    found = read_file(tmp_path, name, head + body + tail)
    assert {field: found[field] for field in wanted} == wanted


def test_a_notice_carries_a_report_only_where_the_report_follows(tmp_path):
    head = "关于印发《东浦区民政局2022年法治政府建设年度报告》的通知\n东民发〔2023〕5号\n局机关各科室：\n"
    assert read_file(tmp_path, "a.txt", head + "现印发给你们，请认真贯彻执行。\n东浦区民政局\n2023年1月20日\n")["genre"] == "notice"
    assert read_file(tmp_path, "b.txt", head + "现印发给你们。\n" + BODY.format(year=2022, next_year=2023))["genre"] == "rule_of_law"
