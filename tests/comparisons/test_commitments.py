"""Plans and what the next report says about them."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.comparisons.commitments import follow_commitments
from pipeline.profiles import load_part
from pipeline.tables import store
from tests.comparisons.drafts import Draft, follow, outcome


@pytest.mark.parametrize(("plan", "told"), [
    ("组织案卷评查不少于50卷，争创全市优秀案卷。", "评查案卷52卷，1件案卷获评全市优秀案卷。"),
    ("负责人出庭应诉率不低于80%。", "开庭的6件中负责人到庭5件，出庭应诉率83.3%。"),
    ("一是修订轻微违法行为不予处罚清单，免罚情形扩充到50种以上。", "修订轻微违法行为不予处罚清单，免罚情形由32种扩充至58种。"),
    ("法制审核人员由2名增加到4名。", "法制审核人员由2名充实到4名。"),                 # the first figure is where it stood
    ("全年入企检查频次压减20%以上。", "入企检查5,980户次，比上年减少31.5%。"),
    ("渣土运输智能监管平台上半年转入实战应用。", "渣土运输智能监管平台6月正式投入使用。"),
    ("恢复线下宣传，全年不少于40场。", "结合宪法宣传周等节点开展宣传活动41场，发放资料3.8万余份。"),
    ("行政诉讼败诉率控制在5%以内。", "办理行政诉讼案件30件，败诉率3.3%。"),            # a ceiling
    ("深化“环保管家”服务，帮扶企业100家。", "“环保管家”团队入企帮扶企业126家次，解决环境问题90个。"),
    ("确保法治教育实践基地9月底前开门迎客。", "青少年法治教育实践基地9月正式开放，设置模拟法庭等展区。"),   # the thing, not the phrase
    ("建设法治文化主题公园1处，打造沉浸式普法阵地。", "砺湖法治文化公园11月建成开园。"),       # one thing needs no figure
    ("组织跨领域岗位练兵不少于4期。", "岗位培训办了四期，种植、畜牧、渔政交叉编组。"),         # synonyms
    ("双随机抽查任务完成率达到100%。", "双随机抽查任务217项全部完成。"),
    ("组织开展综合性应急演练2场。", "举办防汛抗旱、危化品泄漏综合演练各一场。"),               # one each
    ("建设镇法治广场1处，开展普法活动30场以上。", "法治广场国庆前建成开放，全年开展普法活动34场，受众4500余人次。"),
])
def test_answered_plans_are_done(plan: str, told: str) -> None:
    assert outcome(plan, told) == "done"


@pytest.mark.parametrize(("plan", "told"), [
    ("组织送法进企业、进园区活动不少于12场。", "开展送法进企业、进园区活动9场。"),
    ("推动其余13个无物业小区成立业主大会。", "又有9个无物业小区成立业主大会。"),
    ("法制审核人员由2名增加到5名。", "法制审核人员由2名充实到4名。"),
    ("行政诉讼败诉率控制在5%以内。", "办理行政诉讼案件11件，败诉3件，败诉率27.3%。"),
    ("推行“法官进社区”，全年开庭、讲座合计10场。", "区法院法官到社区授课和巡回审判6场。"),   # the figure beside the answer
    ("执法记录仪配备到每一名一线队员。", "新购执法记录仪40台，一线队员配备率由52%提高到81%。"),
    ("建设“智慧仲裁庭”，支持远程立案。", "“智慧仲裁庭”完成场地改造，设备尚在采购，未能如期投用。"),
    ("建成在线监测预警系统，重大危险源企业全部接入。", "在线监测预警系统建成试运行，接入企业11家，另有3家正在改造接口。"),
    ("全年举办普法活动20场以上，打造“人社普法直播间”。", "全年开展普法活动26场次，发放资料1.6万余份。"),   # no 直播间
])
def test_less_than_planned_is_partly(plan: str, told: str) -> None:
    assert outcome(plan, told) == "partly"


@pytest.mark.parametrize(("plan", "told"), [
    ("建设危险化学品企业在线监测预警系统。", "紧盯危险化学品、烟花爆竹等重点领域开展专项执法。"),   # other work on the same firms
    ("行政诉讼败诉率控制在10%以下。", "参加行政诉讼6件，每次开庭都有局负责人到庭，出庭应诉率100%。"),   # another rate
    ("建成标准化仲裁庭1个，全程录音录像。", "农村土地承包仲裁委员会新收案件22件，上年结转2件。"),
    ("完成文物保护单位“两线”划定公布。", "巡查文物保护单位46处，发现隐患12处。"),           # not without its name
    ("编制应急管理综合执法装备配备方案。", "组织执法装备使用培训2期。"),                     # no document
    ("编制教育体育执法办案指南。", "民办教育、体育经营等行政许可全年办结53件。"),
    ("招录法律专业人员不少于5名，优先充实到一线中队。", "全年立案2,196件，罚没款418.9万元。"),
    ("公开招聘卫生监督员4名，充实执法一线。", "现有持证卫生监督员27名，持证上岗率100%。"),          # staff in post, not hired
])
def test_silence_is_absent(plan: str, told: str) -> None:
    assert outcome(plan, told) == "absent"


def test_silence_is_never_called_failure() -> None:
    made = follow(Draft({"next_plan": ["编制执法办案指南。"]}, year=2022), Draft({"achievements": ["立案3件。"]}, year=2023))
    why = made["commitments"].why.iloc[0]
    assert "未找到回应" in why
    assert "未完成" not in why


def test_an_intention_without_measure_and_without_answer_is_not_measurable() -> None:
    assert outcome("进一步加强队伍思想作风建设。", "全年立案3件。") == "not_measurable"


def test_what_was_already_so_is_no_answer() -> None:
    standing = "执法记录资料专人保管、按期归档，执法全过程记录全覆盖。"
    made = follow(Draft({"achievements": [standing], "next_plan": ["实现执法全过程记录资料按期归档。"]}, year=2022),
                  Draft({"achievements": [standing, "立案3件。"]}, year=2023))
    assert made["commitments"].outcome.tolist() == ["absent"]


@pytest.mark.parametrize("years", [(2022,), (2022, 2024)])
def test_without_a_next_report_nothing_is_judged(years: tuple[int, ...]) -> None:
    made = follow(*(Draft({"next_plan": ["评查案卷60卷。"]}, year=year) for year in years))["commitments"]
    assert set(made.outcome) == {"no_next_report"}
    assert made.followed_by_document_id.isna().all()


def test_the_opening_of_a_list_is_no_item() -> None:
    made = follow(Draft({"next_plan": ["围绕总目标，重点抓好以下工作：", "评查案卷60卷。"]}))["commitments"]
    assert made.sentence_no.tolist() == [1]


def test_the_heading_of_the_next_sentence_is_no_item() -> None:
    made = follow(Draft({"next_plan": ["一是提升办案能力。", "评查案卷60卷。", "二是编制办案指南。", "持证执法人员达到20名。"]}))
    assert made["commitments"].sentence_no.tolist() == [1, 2, 3]        # a product promises something itself


def test_the_nearest_sentence_is_shown_where_nothing_answers() -> None:
    made = follow(Draft({"next_plan": ["编制应急管理综合执法装备配备方案。"]}, year=2022),
                  Draft({"achievements": ["立案3件。", "组织执法装备使用培训2期。"]}, year=2023))["commitments"]
    assert made.outcome.tolist() == ["absent"]
    assert made.followed_by_sentence_no.isna().all()
    assert made.nearest_sentence_no.tolist() == [1]


def test_shortcomings_that_return() -> None:
    made = follow(
        Draft({"problems": ["一是执法力量薄弱。", "镇街应急站多为兼职，发现隐患的能力不强，主要原因是待遇低。"]}, year=2020),
        Draft({"problems": ["一是普法形式陈旧。"]}, year=2021),
        Draft({"problems": ["一是基层执法力量仍然薄弱。", "二是平台数据没有打通。"]}, year=2022))["recurring_problems"]
    assert made.document_id.tolist() == ["transport-2022"]
    assert made.previous_document_id.tolist() == ["transport-2020"]


def test_empty_tables_give_empty_tables() -> None:
    made = follow_commitments(*(store.frame(name) for name in ("reports", "sections", "sentences", "quantities")),
                              load_part("check_rules"))
    assert all(isinstance(frame, pd.DataFrame) and frame.empty for frame in made.values())
