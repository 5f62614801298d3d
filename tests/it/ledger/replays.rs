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

#[test]
fn two_sets_of_rules_are_compared_case_by_case_and_the_sums_agree() {
    let company = Company::new(&format!("{OCTOBER}4,2026-10-20,甲,制造部,违纪\n"));
    let rules = std::fs::read_to_string(company.path("rules/jilv/rules.toml")).unwrap();
    for file in crate::support::below(&company.path("rules")) {
        let target = company.path("new").join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(company.path("rules").join(&file), target).unwrap();
    }
    let stricter = rules.replace("fine = \"100\"", "fine = \"150\"");
    assert_ne!(rules, stricter);
    std::fs::write(company.path("new/jilv/rules.toml"), stricter).unwrap();
    let told = said(&company.kesu(&["rules", "diff", "rules", "new", "--over", "2026-10..2026-11"]).success());
    // 甲's second time costs 50 more; first times and the open range stay
    assert!(told.contains("制造部 甲：150.00 → 200.00 元（+50.00）"), "{told}");
    assert!(told.contains("（1 件不同）") && told.contains("逐件差额之和 50.00 元"), "{told}");
    assert!(!told.contains("乙"), "who loses nothing is not named: {told}");
}
