//! The csv outputs, byte by byte.

use kesu::ledger::{Moment, Outcome};
use kesu::reports::csv::FindingsWriter;

use super::fixture::{day, days, dec, finding};

fn written(findings: &[kesu::ledger::Finding]) -> String {
    let mut writer = FindingsWriter::new(Vec::new()).unwrap();
    findings.iter().for_each(|f| writer.write(f).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn columns_and_cells_are_those_of_the_contract() {
    let mut late = finding("jiean", "261008", Outcome::Breached, "制造部", 17);
    late.start = Some(Moment::Date(day("2026-10-05")));
    late.stop = Some(Moment::Datetime(day("2026-10-27").and_hms_opt(9, 5, 0).unwrap()));
    (late.limit, late.overrun, late.amount) = (Some(days("15")), Some(days("0.50")), Some(dec("1234.5")));
    late.message = "他说\"慢\",\n又慢".into();
    assert_eq!(
        written(&[late]),
        "\u{feff}pack,rule,version,clause,kind,outcome,severity,subject,unit,person,start,due,stop,limit,elapsed,overrun,amount,points,file,sheet,row,message\r\n\
         kesu-banfa,jiean,2020-01-01,客诉管理办法 十条（一）,deadline,breached,major,261008,制造部,,2026-10-05,,2026-10-27T09:05,15d,,0.5d,1234.50,,\
         sample-data/客诉台账 2026年.xlsx,10月,17,\"他说\"\"慢\"\",\n又慢\"\r\n"
    );
}

#[test]
fn text_that_would_be_a_formula_is_defused() {
    for text in ["=1+1", "+1", "-1", "@sum", "\ttab", "\rreturn"] {
        let line = written(&[finding("jiean", text, Outcome::Breached, text, 1)]);
        assert_eq!(line.matches(&format!("'{text}")).count(), 2, "{line}");
    }
    assert!(!written(&[finding("jiean", "a=1", Outcome::Breached, "", 1)]).contains('\''));
}

#[test]
fn without_findings_there_is_still_a_header_row() {
    assert_eq!(written(&[]).lines().count(), 1);
}
