//! Several signers, one after the other.

use kesu::diag::Diags;
use kesu::evaluate::smallest_change;
use kesu::ledger::Finding;
use kesu::ledger::Outcome::{Breached, Indeterminate, Met, Pending};
use kesu::rules::sentence;

use super::world::World;

const TABLE: &str = r#"
[dataset]
name = "折让单"
key = ["单号"]
at = "开立日期"
[[field]]
name = "单号"
type = "text"
[[field]]
name = "开立日期"
type = "date"
[[field]]
name = "送出日期"
type = "date"
[[field]]
name = "一级职务"
type = "text"
[[field]]
name = "一级日期"
type = "date"
[[field]]
name = "二级职务"
type = "text"
[[field]]
name = "二级日期"
type = "datetime"
[[field]]
name = "客户签章日期"
type = "date"
"#;

const SIGNERS: &str = r#"
signers = [
  { title = "业务主管", post = ["业务部经理", "业务部副理"], by = "一级职务", at = "一级日期" },
  { post = ["总经理", "副总经理"], by = "二级职务", at = "二级日期" },
  { title = "客户签章", at = "客户签章日期" },
]
"#;

fn rule(keys: &str, version: &str) -> String {
    format!(
        "[[approval]]\nid = \"a\"\ntitle = \"核签\"\ndataset = \"折让单\"\n{keys}\n[[approval.version]]\nfrom = 2020-01-01\ncite = \"s 十三条\"\n{version}"
    )
}

/// Posts and days in order, then the day on which the document left; an empty text is an empty cell.
fn found(keys: &str, [first, on, second, at, sealed, sent]: [&str; 6]) -> Finding {
    let row = [
        ("单号", "1"),
        ("开立日期", "2026-10-01"),
        ("一级职务", first),
        ("一级日期", on),
        ("二级职务", second),
        ("二级日期", at),
        ("客户签章日期", sealed),
        ("送出日期", sent),
    ];
    World::new(&[TABLE], &rule(keys, SIGNERS)).rows("折让单", &[&row]).only("a", "2026-10", "2026-10-31")
}

const WHOLE: [&str; 6] = ["业务部副理", "2026-10-02", "总经理", "2026-10-02 09:00", "2026-10-02", "2026-10-09"];

/// [`WHOLE`] with one cell changed.
fn with(at: usize, text: &'static str) -> [&'static str; 6] {
    let mut cells = WHOLE;
    cells[at] = text;
    cells
}

#[test]
fn all_signed_by_the_right_posts_on_one_day_is_met() {
    assert_eq!(found("", WHOLE).outcome, Met);
    assert_eq!(found("", with(0, "业务部经理")).outcome, Met);
}

#[test]
fn a_signature_that_lacks_is_named() {
    let lacking = found("", ["业务部经理", "2026-10-02", "", "", "2026-10-05", ""]);
    assert_eq!((lacking.outcome, lacking.message.as_str()), (Breached, "缺总经理或副总经理签核"));
    let sealed = found("", with(4, ""));
    assert_eq!((sealed.outcome, sealed.message.as_str()), (Breached, "缺客户签章"));
    let world = World::new(&[TABLE], &rule("", SIGNERS));
    assert!(smallest_change(world.rule("a").1, &sealed).contains("缺客户签章"));
}

#[test]
fn before_the_document_leaves_what_lacks_is_pending_and_what_is_wrong_is_not() {
    let keys = "issued = \"送出日期\"";
    assert_eq!(found(keys, with(4, "")).outcome, Breached);
    let open = ["业务部经理", "2026-10-02", "", "", "", ""];
    assert_eq!(found(keys, open).outcome, Pending);
    assert_eq!(found(keys, ["组长", "2026-10-02", "", "", "", ""]).outcome, Breached);
    // it leaves after what is seen
    assert_eq!(found(keys, ["业务部经理", "2026-10-02", "", "", "", "2026-11-01"]).outcome, Pending);
}

#[test]
fn a_wrong_post_is_told_with_the_right_ones() {
    let wrong = found("", with(0, "组长"));
    assert_eq!((wrong.outcome, wrong.message.as_str()), (Breached, "业务主管应由业务部经理或业务部副理签核，实为组长"));
}

#[test]
fn a_post_that_the_rule_does_not_know_cannot_be_judged_where_it_says_which_it_knows() {
    let keys = "rank = [\"组长\"]";
    assert_eq!(found(keys, with(0, "组长")).outcome, Breached);
    // known, but of the other signature
    assert_eq!(found(keys, with(0, "总经理")).outcome, Breached);
    let unknown = found(keys, with(0, "顾问"));
    assert_eq!((unknown.outcome, unknown.message.as_str()), (Indeterminate, "无法判定：一级职务「顾问」不在职级表里"));
}

#[test]
fn each_signs_no_earlier_than_the_one_before() {
    let early = found("", with(3, "2026-10-01 23:59"));
    assert_eq!((early.outcome, early.message.as_str()), (Breached, "总经理或副总经理 2026-10-01 23:59 早于业务主管 2026-10-02"));
    assert_eq!(found("", with(4, "2026-10-01")).outcome, Breached);
}

#[test]
fn a_day_or_a_post_that_was_not_filled_in_beside_the_other_is_indeterminate() {
    let told = |cells| {
        let found = found("", cells);
        (found.outcome, found.message)
    };
    assert_eq!(told(with(1, "")), (Indeterminate, "无法判定：一级日期 为空".to_owned()));
    assert_eq!(told(with(2, "")), (Indeterminate, "无法判定：二级职务 为空".to_owned()));
}

#[test]
fn a_signature_after_as_of_is_not_there_yet() {
    let late = found("", ["业务部经理", "2026-10-02", "总经理", "2026-11-01 09:00", "2026-11-02", ""]);
    assert_eq!((late.outcome, late.message.as_str()), (Breached, "缺总经理或副总经理签核；缺客户签章"));
}

#[test]
fn one_signer_is_enough_for_a_rule() {
    let signer = "signers = [{ title = \"经（副）理\", post = [\"业务部经理\", \"业务部副理\"], by = \"一级职务\", at = \"一级日期\" }]\n";
    let world = |post| {
        let row = [("单号", "1"), ("开立日期", "2026-10-01"), ("一级职务", post), ("一级日期", "2026-10-02")];
        World::new(&[TABLE], &rule("", signer)).rows("折让单", &[&row]).only("a", "2026-10", "2026-10-31").outcome
    };
    assert_eq!((world("业务部副理"), world("组长")), (Met, Breached));
}

#[test]
fn the_rule_reads_as_chinese() {
    let world = World::new(&[TABLE], &rule("issued = \"送出日期\"", SIGNERS));
    let (pack, rule) = world.rule("a");
    let told = sentence(&world.rules, pack, rule);
    assert!(told.contains("业务主管（业务部经理或业务部副理），然后总经理或副总经理，然后客户签章"), "{told}");
    assert!(told.contains("「送出日期」空着的，未签的算未到期"), "{told}");
}

/// What is said of a rule that does not load.
fn refused(keys: &str, version: &str) -> Diags {
    let folder = tempfile::tempdir().unwrap();
    crate::rules::write_pack(folder.path(), &[("r.toml", &rule(keys, version).replace("\"s ", "\"banfa ")), ("datasets/t.toml", TABLE)]);
    kesu::rules::load(&[folder.path().join("pack")], &[], &[]).1
}

#[test]
fn a_table_of_amounts_and_signers_do_not_mix() {
    let says = |keys: &str, version: &str, words: &str| {
        let diags = refused(keys, version);
        assert!(diags.iter().any(|diag| diag.message.contains(words)), "{words}: {diags:?}");
    };
    says("amount = \"单号\"", SIGNERS, "不能写 amount");
    says("", &format!("{SIGNERS}rows = [{{ at_least = \"总经理\" }}]\n"), "每个版本写 signers，不写 rows");
    says("", "signers = [{ title = \"客户\" }]\n", "没有说看哪一列");
    says("", "signers = [{ post = [\"总经理\"], at = \"一级日期\" }]\n", "没有说职务在哪一列");
    says("", "signers = [{ by = \"三级职务\" }]\n", "没有字段「三级职务」");
}
