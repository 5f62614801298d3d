//! What the values do not change is not changed: not by a byte.

use std::collections::BTreeSet;

use super::workbook::{Filled, Workbook, lines};

/// Names of the members whose packed bytes or checksums differ from the template's.
fn changed(filled: &Filled) -> BTreeSet<String> {
    let (before, after) = (Filled::members(&filled.template), Filled::members(&filled.path));
    let names = |members: &[(String, u32, Vec<u8>)]| members.iter().map(|(name, ..)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after), "the same members in the same order");
    before.into_iter().zip(after).filter(|(before, after)| before != after).map(|(before, _)| before.0).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn one_line_changes_the_form_s_sheet_alone() {
    assert_eq!(changed(&Workbook::new().fill(&lines(1))), set(&["xl/worksheets/sheet1.xml"]));
}

#[test]
fn more_lines_change_only_what_names_the_rows_that_moved() {
    assert_eq!(
        changed(&Workbook::new().fill(&lines(4))),
        set(&[
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/calcChain.xml",
            "xl/comments1.xml",
            "xl/drawings/drawing1.xml",
            "xl/drawings/vmlDrawing1.vml",
        ])
    );
}

#[test]
fn another_sheet_changes_only_where_its_formulas_look_at_the_form() {
    let second = |formula: &str| {
        let mut book = Workbook::new();
        let cell = format!("<c r=\"A1\"><f>{formula}</f><v>5</v></c>");
        book.replace("xl/worksheets/sheet2.xml", r#"<c r="A1" t="s"><v>8</v></c>"#, &cell);
        let filled = book.fill(&lines(4));
        (changed(&filled).contains("xl/worksheets/sheet2.xml"), filled.part("xl/worksheets/sheet2.xml"))
    };
    assert!(!second("TODAY()").0, "nothing of the form");
    assert!(!second("SUM(B5:B9)").0, "its own cells");
    let (is_changed, text) = second("通知单!D6+1");
    assert!(is_changed && text.contains("<f>通知单!D9+1</f><v>1001.2</v>"), "{text}");
}

#[test]
fn print_set_up_pictures_and_everything_between_the_rows_survive() {
    let filled = Workbook::new().fill(&lines(4));
    let sheet = filled.sheet();
    for kept in [
        r#"<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>"#,
        r#"<pageSetup paperSize="9" orientation="portrait" r:id="rId4"/>"#,
        r#"<headerFooter><oddFooter>第 &amp;P 页</oddFooter></headerFooter>"#,
        r#"<row r="4"><c r="A4" t="s"><v>8</v></c></row>"#,
        r#"<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>"#,
    ] {
        assert!(sheet.contains(kept), "{kept}\n{sheet}");
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    let bytes = || std::fs::read(&Workbook::new().fill(&lines(4)).path).unwrap();
    assert_eq!(bytes(), bytes());
}
