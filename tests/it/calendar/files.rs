//! What is said about a calendar file that is wrong, and where it points.

use kesu::calendar::Calendars;
use kesu::diag::{Code, Diag, Place, Severity};

use super::load;

const SOUND: &str = r#"[calendar]
id = "x"
title = "试"
[hours]
shifts = ["08:30-12:00", "13:30-17:30"]
[[year]]
year = 2026
source = [{ title = "通知", url = "http://example.org/2026" }]
off = [{ name = "国庆节", days = ["2026-10-01..2026-10-07"] }]
work = [{ name = "国庆节", days = ["2026-10-10"] }]
"#;

/// One-based line of a place in `text`.
fn line(text: &str, place: &Place) -> usize {
    match place {
        Place::Text { span, .. } => text[..span.start].matches('\n').count() + 1,
        other => panic!("not a place in the file: {other:?}"),
    }
}

/// `(line, message)` of every problem of `text`; each is an error with a next step, and no calendar comes of it.
fn problems(text: &str) -> Vec<(usize, String)> {
    let (calendars, diags) = load(text);
    assert!(calendars.iter().next().is_none(), "a calendar in spite of errors");
    let read = |diag: &Diag| {
        assert_eq!((diag.code, diag.severity), (Code::CalendarInvalid, Severity::Error));
        assert!(diag.help.as_ref().is_some_and(|help| !help.is_empty()), "no next step: {}", diag.message);
        (line(text, &diag.place), diag.message.clone())
    };
    diags.iter().map(read).collect()
}

/// `SOUND` with one piece put in another's place gives exactly this problem, on this line.
fn with(old: &str, new: &str, line: usize, words: &str) {
    assert_eq!(SOUND.matches(old).count(), 1, "{old}");
    let found = problems(&SOUND.replace(old, new));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, line, "{found:?}");
    assert!(found[0].1.contains(words), "{found:?}");
}

#[test]
fn the_file_that_the_others_spoil_is_sound() {
    let (calendars, diags) = load(SOUND);
    assert!(diags.is_empty(), "{diags:?}");
    assert!(calendars.get("x").is_some());
}

#[test]
fn shifts_that_overlap_run_backwards_or_pass_midnight_are_refused() {
    with("13:30-17:30", "11:00-17:30", 5, "重叠");
    with("13:30-17:30", "06:00-07:00", 5, "先后颠倒");
    with("13:30-17:30", "20:00-08:00", 5, "24:00");
    with("13:30-17:30", "13:30-13:30", 5, "不晚于");
    with("13:30-17:30", "13:30-24:30", 5, "读不懂");
    with("13:30-17:30", "13:30—17:30", 5, "读不懂");
    with("13:30-17:30", "+1:30-17:30", 5, "读不懂");
    with(r#"["08:30-12:00", "13:30-17:30"]"#, "[]", 5, "没有班次");
}

#[test]
fn days_that_do_not_exist_or_cannot_be_read_are_refused() {
    with("2026-10-10", "2026-02-30", 10, "2026-02-30");
    with(r#"["2026-10-10"]"#, "[2026-02-30]", 10, "没有这一天");
    with("2026-10-10", "10月10日", 10, "10月10日");
    with(r#"["2026-10-10"]"#, "[20261010]", 10, "20261010");
    with("2026-10-01..2026-10-07", "2026-10-07..2026-10-01", 9, "颠倒");
    with("2026-10-01..2026-10-07", "2025-10-01..2026-10-07", 9, "超过一年");
    with("2026-10-10", "2027-10-10", 10, "不在 2026 年");
}

#[test]
fn unknown_and_missing_keys_are_named_with_what_is_known() {
    with("off = ", "offf = ", 9, "offf");
    with("title = \"试\"", "titel = \"试\"", 3, "titel");
    with("name = \"国庆节\", days = [\"2026-10-10\"]", "nam = \"国庆节\", days = [\"2026-10-10\"]", 10, "nam");
    with("[hours]", "[hour]", 4, "hour");
    with("year = 2026", "", 6, "year");
    let (_, diags) = load(&SOUND.replace("off = ", "offf = "));
    assert!(diags[0].help.as_ref().unwrap().contains("是不是「off」"), "{:?}", diags[0].help);
}

#[test]
fn a_slip_of_the_pen_is_told_once_and_in_chinese() {
    with("[\"08:30-12:00\"", "[[\"08:30-12:00\"", 6, "方括号没有合上");
    with("\"x\"", "“x”", 2, "半角引号");
    with("title = \"试\"", "title = \"试\"\nid = \"y\"", 4, "写了两次");
    with("title = \"试\"", "title = 3", 3, "文字");
    with("[\"2026-10-10\"]", "\"2026-10-10\"", 10, "方括号");
    with("year = 2026", "year = \"2026\"", 7, "整数");
    with("[[year]]", "[year]", 6, "两层方括号");
    let two_dates = SOUND.replace("[\"2026-10-01..2026-10-07\"]", "[2026-09-31]").replace("[\"2026-10-10\"]", "[2026-02-30]");
    assert_eq!(problems(&two_dates).len(), 2);
}

#[test]
fn a_section_that_is_missing_is_named() {
    with("[hours]\nshifts = [\"08:30-12:00\", \"13:30-17:30\"]\n", "", 1, "[hours]");
    with("[calendar]\nid = \"x\"\ntitle = \"试\"\n", "", 1, "[calendar]");
    assert_eq!(problems("").len(), 3);
}

#[test]
fn a_year_without_a_source_is_refused() {
    with("source = [{ title = \"通知\", url = \"http://example.org/2026\" }]", "source = []", 8, "出处");
    with("http://example.org/2026", "见文件", 8, "出处");
    with("year = 2026", "year = 26", 7, "26");
}

#[test]
fn a_year_written_twice_points_at_both() {
    let text = format!("{SOUND}[[year]]\nyear = 2026\nsource = [{{ title = \"通知\", url = \"http://example.org/2026\" }}]\n");
    let found = problems(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, 12);
    let (_, diags) = load(&text);
    assert_eq!(line(&text, &diags[0].labels[0].0), 7);
}

#[test]
fn a_day_both_off_and_worked_points_at_both() {
    let text = SOUND.replace("2026-10-10", "2026-10-05..2026-10-07");
    let found = problems(&text);
    assert_eq!(found.len(), 1, "one problem, not one a day: {found:?}");
    assert!(found[0].0 == 10 && found[0].1.contains("2026-10-05"), "{found:?}");
    let (_, diags) = load(&text);
    assert_eq!(line(&text, &diags[0].labels[0].0), 9);
}

#[test]
fn a_day_both_closed_and_open_is_refused() {
    let own = "[[closure]]\ndays = [2026-08-03]\nreason = \"检修\"\n[[open]]\ndays = [2026-08-03]\nreason = \"赶货\"\n";
    assert_eq!(problems(&format!("{SOUND}{own}")).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [15]);
}

#[test]
fn everything_wrong_in_a_file_is_told_at_once() {
    let text = SOUND.replace("13:30-17:30", "11:00-17:30").replace("2026-10-10", "2026-02-30").replace("title = \"试\"", "name = \"试\"");
    let lines: Vec<usize> = problems(&text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [3, 10, 5]);
}

#[test]
fn two_calendars_of_one_name_are_refused_and_other_files_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("b.toml"), SOUND).unwrap();
    std::fs::write(dir.path().join("a.toml"), SOUND).unwrap();
    std::fs::write(dir.path().join("说明.txt"), "不是日历").unwrap();
    let (_, diags, files) = Calendars::load(dir.path());
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["a.toml", "b.toml"]);
    let diags: Vec<Diag> = diags.into_iter().collect();
    assert_eq!(diags.len(), 1);
    let Place::Text { file, .. } = &diags[0].place else { panic!("{:?}", diags[0].place) };
    assert!(file.ends_with("b.toml"));
}

#[test]
fn a_file_in_another_encoding_is_said_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.toml"), [0xc8, 0xd5, 0xc0, 0xfa]).unwrap();
    let (calendars, diags, _) = Calendars::load(dir.path());
    assert!(calendars.iter().next().is_none());
    let diags: Vec<Diag> = diags.into_iter().collect();
    assert_eq!(diags[0].code, Code::FileUnreadable);
    assert!(diags[0].message.contains("UTF-8"));
}

#[test]
fn a_folder_that_is_not_there_holds_no_calendars() {
    let dir = tempfile::tempdir().unwrap();
    let (calendars, diags, files) = Calendars::load(&dir.path().join("没有"));
    assert!(calendars.iter().next().is_none() && diags.is_empty() && files.is_empty());
}
