//! The complaint register as a table, in the words of the office that keeps it.

use super::case::Case;
use super::names::PRODUCTS;
use super::table::{Column, Heading, Row, Spot, Table, Wording};
use super::untidy::{Cell, Clerk, yuan};

/// Columns of [`super::trail`] among them.
const COLUMNS: [Heading; 81] = [
    ("客诉编号", "案号", None, 11.0),
    ("客户", "客户名称", None, 24.0),
    ("国内外", "内外销", None, 8.0),
    ("订单编号", "合同号", Some("产品资料"), 14.0),
    ("料号", "品号", Some("产品资料"), 10.0),
    ("品名", "品名", Some("产品资料"), 22.0),
    ("交运日期", "出货日期", Some("产品资料"), 13.0),
    ("数量", "出货数量", Some("产品资料"), 9.0),
    ("不良数量", "不良数", Some("产品资料"), 9.0),
    ("退换货数量", "退货数量", Some("产品资料"), 11.0),
    ("客户要求", "客户诉求", Some("客诉内容"), 22.0),
    ("客诉理由", "异常描述", Some("客诉内容"), 26.0),
    ("客诉原因类别", "原因类别", Some("客诉内容"), 14.0),
    ("是否造成损失", "造成损失", Some("客诉内容"), 9.0),
    ("是否附样品", "样品", Some("客诉内容"), 9.0),
    ("业务签注意见", "业务意见", Some("客诉内容"), 24.0),
    ("接获反映日期", "来诉日期", Some("处理时效"), 14.0),
    ("填表日期", "填表日期", Some("处理时效"), 14.0),
    ("受理日期", "收案日期", Some("处理时效"), 14.0),
    ("调查完成日期", "调查日期", Some("处理时效"), 14.0),
    ("报告日期", "提报日期", Some("处理时效"), 14.0),
    ("结案日期", "办结日期", Some("处理时效"), 14.0),
    ("客诉金额", "涉案金额", Some("处理情形"), 13.0),
    ("处理方式", "处理结果", Some("处理情形"), 10.0),
    ("客诉成立与否", "是否成立", Some("处理情形"), 9.0),
    ("客户是否接受", "客户接受", Some("处理情形"), 9.0),
    ("是否列入追踪", "追踪", Some("处理情形"), 9.0),
    ("责任部门", "责任归属部门", Some("责任归属"), 11.0),
    ("责任人", "责任人员", Some("责任归属"), 9.0),
    ("生产单位", "生产车间", Some("生产资料"), 12.0),
    ("机班别", "机台班别", Some("生产资料"), 11.0),
    ("生产人员", "操作人员", Some("生产资料"), 9.0),
    ("生产日期", "制造日期", Some("生产资料"), 14.0),
    ("登记人", "登记人", Some("登记审核"), 9.0),
    ("送总经理室日期", "送总经理室日期", Some("登记审核"), 14.0),
    ("收表日期", "总经理室收表日期", Some("登记审核"), 14.0),
    ("登记日期", "登记日期", Some("登记审核"), 14.0),
    ("送质管部日期", "送质管部日期", Some("登记审核"), 14.0),
    ("审核人", "内容审核人", Some("登记审核"), 9.0),
    ("审核日期", "内容审核日期", Some("登记审核"), 14.0),
    ("前往处理单位", "前往单位", Some("无损失案件"), 13.0),
    ("异常处理单编号", "异常处理单号", Some("无损失案件"), 14.0),
    ("理由是否确认", "客诉理由是否确认", Some("业务部门"), 9.0),
    ("协助记录", "协助客户记录", Some("业务部门"), 18.0),
    ("协助部门", "协助部门", Some("业务部门"), 10.0),
    ("调查部门", "调查单位", Some("调查检验"), 18.0),
    ("拟定部门", "责任人员拟定部门", Some("调查检验"), 10.0),
    ("检验部门", "检验单位", Some("调查检验"), 10.0),
    ("检验日期", "检验日期", Some("调查检验"), 14.0),
    ("检验结论", "检验结果", Some("调查检验"), 18.0),
    ("报告人", "报告人", Some("调查检验"), 9.0),
    ("总经理批示日期", "总经理批示日期", Some("调查检验"), 15.0),
    ("制造部调查日期", "制造部门调查日期", Some("制造部门"), 15.0),
    ("处理对策", "处理对策", Some("制造部门"), 18.0),
    ("是否送研发部", "送研发部", Some("制造部门"), 9.0),
    ("责任判定部门", "判定部门", Some("责任判定"), 20.0),
    ("判定日期", "责任判定日期", Some("责任判定"), 14.0),
    ("发生单位", "发生单位", Some("责任判定"), 11.0),
    ("我方责任", "我方质量问题", Some("责任判定"), 9.0),
    ("是否人为疏忽", "人为疏忽", Some("责任判定"), 9.0),
    ("业务收回处理表日期", "业务收回日期", Some("交涉"), 16.0),
    ("交涉日期", "交涉日期", Some("交涉"), 14.0),
    ("交涉结果", "交涉情形", Some("交涉"), 20.0),
    ("主管核阅人", "核阅人", Some("交涉"), 10.0),
    ("核阅日期", "主管核阅日期", Some("交涉"), 14.0),
    ("送回日期", "送回总经理室日期", Some("交涉"), 14.0),
    ("反应意见", "反映意见", Some("后续"), 24.0),
    ("上报日期", "反应意见上报日期", Some("后续"), 14.0),
    ("追踪部门", "追踪部门", Some("后续"), 10.0),
    ("异议部门", "异议部门", Some("后续"), 10.0),
    ("签呈编号", "签呈号", Some("后续"), 11.0),
    ("涉外责任方", "外部责任方", Some("后续"), 16.0),
    ("会同单位", "会同单位", Some("后续"), 10.0),
    ("新处理表编号", "新处理表编号", Some("后续"), 13.0),
    ("客户异议", "客户有异议", Some("后续"), 9.0),
    ("再呈日期", "再呈上级日期", Some("后续"), 14.0),
    ("改善对策", "改善对策", Some("月会"), 18.0),
    ("月会检查日期", "月会日期", Some("月会"), 14.0),
    ("检查结论", "月会检查结论", Some("月会"), 11.0),
    ("附件份数", "附件", None, 9.0),
    ("备注", "备注", None, 18.0),
];

pub fn table(cases: &[&Case], wording: Wording, clerk: &mut Clerk) -> Table {
    let columns = COLUMNS.iter().map(|heading| Column::of(heading, wording)).collect();
    let rows = cases
        .iter()
        .map(|case| Row {
            spot: Spot::Case(case.number.clone()),
            cells: COLUMNS
                .iter()
                .map(|(field, ..)| if case.is_blank(field) { Cell::Blank } else { cell(case, field, wording, clerk) })
                .collect(),
        })
        .collect();
    Table { columns, rows, merges: Vec::new() }
}

fn cell(case: &Case, field: &str, wording: Wording, clerk: &mut Clerk) -> Cell {
    match field {
        "客诉编号" => Cell::Text(case.number.clone()),
        "客户" => clerk.name(&case.customer),
        "国内外" => match (wording, case.abroad) {
            (Wording::ExportOffice, true) => clerk.one_of(&["外销", "出口"]),
            (Wording::ExportOffice, false) => "内销".into(),
            (_, true) => clerk.one_of(&["国外", "外销"]),
            (_, false) => clerk.one_of(&["国内", "内销"]),
        },
        "订单编号" => case.order.as_str().into(),
        "料号" => case.product_code().into(),
        "品名" => PRODUCTS[case.product].1.into(),
        "交运日期" => clerk.date(case.shipped),
        "数量" => clerk.count(case.quantity),
        "不良数量" => clerk.count(case.bad),
        "退换货数量" => Cell::Number(case.returned as f64),
        "客户要求" => case.demand.into(),
        "客诉理由" => case.reason.into(),
        "客诉原因类别" if case.human => clerk.one_of(&["非质量异常", "人为因素"]),
        "客诉原因类别" => clerk.one_of(&["质量异常", "品质异常", "质量问题"]),
        "是否造成损失" => clerk.one_of(if case.amount > 0 { &["是", "√"] } else { &["否", "×"] }),
        "是否附样品" if !case.sample => clerk.one_of(&["否", "×"]),
        "是否附样品" => clerk.one_of(&["是", "√"]),
        "业务签注意见" => case.opinion.into(),
        "接获反映日期" => clerk.date(case.heard),
        "填表日期" => clerk.date(case.filled),
        "受理日期" => clerk.date(case.accepted),
        "调查完成日期" => clerk.date(case.investigated),
        "报告日期" => clerk.date(case.reported),
        "结案日期" => match case.closed {
            Some(closed) => clerk.date(closed),
            None => clerk.one_of(&["", "未结", "-"]),
        },
        "客诉金额" => clerk.money(case.amount),
        "处理方式" => case.method.title().into(),
        "责任部门" => case.department.into(),
        "责任人" => case.person.into(),
        "生产单位" => case.workshop.into(),
        "机班别" => case.shift.into(),
        "生产人员" => case.worker.into(),
        "生产日期" => clerk.date(case.made),
        "登记人" => super::names::CLERK.into(),
        "附件份数" => Cell::Number((case.quantity % 4 + 1) as f64),
        "备注" => case.remark.map_or(Cell::Blank, Cell::from),
        _ => case.trail.cell(field, clerk),
    }
}

/// Columns and sums of the 合计 row.
pub fn totals(cases: &[&Case]) -> Vec<(usize, f64)> {
    let at = |field: &str| COLUMNS.iter().position(|(name, ..)| *name == field).unwrap_or_default();
    vec![
        (at("数量"), cases.iter().map(|c| c.quantity as f64).sum()),
        (at("不良数量"), cases.iter().filter(|c| !c.is_blank("不良数量")).map(|c| c.bad as f64).sum()),
        (at("退换货数量"), cases.iter().map(|c| c.returned as f64).sum()),
        (at("客诉金额"), yuan(cases.iter().map(|c| c.amount).sum())),
    ]
}
