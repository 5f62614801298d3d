//! `kesu columns`: what each column was taken for and why.

use kesu::normalise::explain_columns;

use crate::normalise::feed::*;

#[test]
fn each_column_is_explained_with_letter_field_reason_and_sample() {
    let rows = vec![texts("客诉登记"), texts("案号|客户|国内外|收案日期|结案 日期|天气"), texts("261001|甲公司|国内|2026-10-01||晴")];
    let found = read(&[("投诉.xlsx", Book::default().sheet("客诉台账", rows))], &all_shipped());
    let text = explain_columns(&found);
    for line in [
        "投诉.xlsx [客诉台账]",
        "  数据表：客诉台账（工作表名符合「客诉台账」）",
        "  表头：第 2 行",
        "  A   案号 → 客诉编号（别名「案号」） 例：261001",
        "  B   客户 → 客户（与字段同名） 例：甲公司",
        "  E   结案 日期 → 结案日期（去掉空格、单位、符号后与字段同名） 无数据",
        "  F   天气 → 未采用（没有字段叫这个名字） 例：晴",
        "  没有的列：订单编号",
        "  行数：读入 3 = 采用 1 + 待修正 0 + 重复 0 + 标题合计等 2 + 未认出 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n---\n{text}");
    }
}

#[test]
fn a_sheet_that_lacks_a_column_is_explained_too() {
    let rows = vec![texts("客诉编号|客户|国内外|受理日期|结案日期日"), texts("261001|甲|国内|2026-10-01|")];
    let found = read(&[("投诉.xlsx", Book::default().sheet("客诉台账", rows))], &all_shipped());
    let text = explain_columns(&found);
    assert!(text.contains("缺必需的列：结案日期（最接近的列名：结案日期日）"), "{text}");
    assert!(text.contains("未采用"), "{text}");
}

#[test]
fn a_sheet_that_is_nothing_is_listed_with_what_it_lacked() {
    let book = Book::default().sheet("封面", vec![texts("客诉月报")]);
    let text = explain_columns(&read(&[("投诉.xlsx", book)], &all_shipped()));
    assert!(text.contains("投诉.xlsx [封面]\n  数据表：未采用（"), "{text}");
}
