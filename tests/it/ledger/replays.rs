//! Samples for auditors, and months judged under two sets of rules.

use super::books::{Company, OCTOBER, rows, said};

#[test]
fn the_same_seed_draws_the_same_sample_and_every_department_is_in_it() {
    let company = Company::new(OCTOBER);
    let audit = ["audit", "--period", "2026-10", "--seed", "7", "--size", "2"];
    company.kesu(&audit).success();
    let file = company.path("out/2026-10-稽核/稽核抽样.xlsx");
    let first = std::fs::read(&file).unwrap();
    company.kesu(&audit).success();
    assert!(first == std::fs::read(&file).unwrap());
    let drawn = rows(&file, "随机抽样");
    for unit in ["制造部", "业务部"] {
        assert!(drawn.iter().any(|row| row[1] == unit), "{unit}: {drawn:?}");
    }
    assert!(!company.ledger().exists(), "an audit enters nothing");
}

/// The same rules but for what is replaced in one file, in `new`.
fn changed(company: &Company, file: &str, changes: &[(&str, &str)]) {
    for file in crate::support::below(&company.path("rules")) {
        let target = company.path("new").join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(company.path("rules").join(&file), target).unwrap();
    }
    let file = company.path("new/jilv").join(file);
    let mut rules = std::fs::read_to_string(&file).unwrap();
    for (old, new) in changes {
        assert!(rules.contains(old), "{old}");
        rules = rules.replace(old, new);
    }
    std::fs::write(file, rules).unwrap();
}

#[test]
fn just_below_at_and_just_above_each_limit_that_moved_a_made_up_case_is_judged_by_both() {
    let company = super::audits::company();
    let moved = [("[{ limit = \"10d\" }]", "[{ limit = \"7d\" }]"), ("(0..1000]", "(0..800]"), ("> 1000", "> 800")];
    changed(&company, "more.toml", &moved);
    let told = said(&company.kesu(&["rules", "diff", "rules", "new", "--over", "2026-10"]).success());
    let probes: Vec<&str> = told.lines().skip_while(|line| !line.starts_with("改动的限额")).skip(1).map(str::trim).collect();
    let wanted = [
        "核决权限 799.99 元：经理可批 → 经理可批",
        "核决权限 800.00 元：经理可批 → 经理可批",
        "核决权限 800.01 元：经理可批 → 副总经理可批  ← 不同",
        "核决权限 999.99 元：经理可批 → 副总经理可批  ← 不同",
        "核决权限 1000.00 元：经理可批 → 副总经理可批  ← 不同",
        "核决权限 1000.01 元：副总经理可批 → 副总经理可批",
        "结案期限 6天：合规（10天） → 合规（7天）",
        "结案期限 7天：合规（10天） → 合规（7天）",
        "结案期限 8天：合规（10天） → 违规（7天）  ← 不同",
        "结案期限 9天：合规（10天） → 违规（7天）  ← 不同",
        "结案期限 10天：合规（10天） → 违规（7天）  ← 不同",
        "结案期限 11天：违规（10天） → 违规（7天）",
    ];
    assert_eq!(probes[..wanted.len()], wanted, "{told}");
    assert!(!told.contains("流转次序 "), "what did not move is not tried");
}

#[test]
fn two_sets_of_rules_are_compared_case_by_case_and_the_sums_agree() {
    let company = Company::new(&format!("{OCTOBER}4,2026-10-20,甲,制造部,违纪\n"));
    changed(&company, "rules.toml", &[("fine = \"100\"", "fine = \"150\"")]);
    let told = said(&company.kesu(&["rules", "diff", "rules", "new", "--over", "2026-10..2026-11"]).success());
    // 甲's second time costs 50 more; first times and the open range stay
    assert!(told.contains("制造部 甲：150.00 → 200.00 元（+50.00）"), "{told}");
    assert!(told.contains("各部门：\n  制造部：200.00 → 250.00 元（+50.00）"), "with 乙's 50: {told}");
    assert!(told.contains("（1 件不同）") && told.contains("逐件差额之和 50.00 元"), "{told}");
    assert!(!told.contains("乙"), "who loses nothing is not named: {told}");
}
