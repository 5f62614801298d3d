//! `kesu init`: what is written is right as it stands.

use std::path::Path;

use assert_cmd::assert::Assert;

use crate::cli::kesu;
use crate::support::below;

/// A company with the repository's calendars and a rules folder of its own.
fn company() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for folder in ["calendars", "datasets", "kesu-banfa"] {
        for file in below(&root.join(folder)) {
            let target = home.path().join("rules").join(folder).join(&file);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(root.join(folder).join(file), target).unwrap();
        }
    }
    home
}

fn said(output: &Assert) -> String {
    let bytes = [output.get_output().stdout.clone(), output.get_output().stderr.clone()].concat();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_new_pack_lints_passes_its_cases_and_finds_what_its_sample_plants() {
    let home = company();
    kesu(home.path(), &["init", "pack", "wuye", "--title", "物业服务办法"]).code(0);
    let linted = said(&kesu(home.path(), &["rules", "lint", "--rules", "rules/wuye"]).code(0));
    // only the general manager can approve it
    assert!(linted.contains("0 个错误，1 个警告") && linted.contains("pack-unapproved"), "{linted}");
    let tested = said(&kesu(home.path(), &["rules", "test", "--rules", "rules/wuye"]).code(0));
    assert!(tested.contains("3 passed, 0 failed"), "{tested}");
    kesu(home.path(), &["sample", "data", "--pack", "wuye"]).code(0);
    kesu(home.path(), &["run", "--pack", "wuye", "--period", "2026-10"]).code(0);
    let lines = |file: &str| std::fs::read_to_string(home.path().join(file)).unwrap().lines().count() - 1;
    // two a month
    assert_eq!((lines("data/_答案/植入问题.csv"), lines("out/2026-10/findings.csv")), (4, 2));
}

#[test]
fn a_pack_that_takes_over_another_lints_with_all_its_rules() {
    let home = company();
    kesu(home.path(), &["init", "pack", "women", "--title", "本公司客诉办法", "--from", "kesu-banfa"]).code(0);
    let linted = said(&kesu(home.path(), &["rules", "lint", "--rules", "rules/women"]).code(0));
    assert!(linted.contains("0 个错误") && linted.contains("pack-unapproved"), "{linted}");
    let listed = said(&kesu(home.path(), &["rules", "list", "--rules", "rules/women"]).code(0));
    assert!(listed.contains("沿用 kesu-banfa") && listed.contains("jiean"), "{listed}");
    let wrong = said(&kesu(home.path(), &["init", "pack", "x", "--from", "kesu-banfu"]).code(3));
    assert!(wrong.contains("是不是 kesu-banfa？"), "{wrong}");
}

#[test]
fn what_is_there_is_never_written_over() {
    let home = company();
    let again = said(&kesu(home.path(), &["init", "pack", "kesu-banfa"]).code(3));
    assert!(again.contains("已经有了"), "{again}");
    let bad = said(&kesu(home.path(), &["init", "pack", "../x"]).code(2));
    assert!(bad.contains("编号「../x」不能用"), "{bad}");
    kesu(home.path(), &["init", "data", "data"]).code(0);
    let again = said(&kesu(home.path(), &["init", "data", "data"]).code(3));
    assert!(again.contains("已经有这个文件"), "{again}");
}

#[test]
fn the_empty_tables_are_taken_for_their_datasets_and_nothing_is_found_in_them() {
    let home = company();
    kesu(home.path(), &["init", "data", "data"]).code(0);
    let columns = said(&kesu(home.path(), &["columns", "data/客诉台账.xlsx"]).code(0));
    assert!(columns.contains("受理日期") && columns.contains("客诉台账"), "{columns}");
    kesu(home.path(), &["run", "--period", "2026-10"]).code(0);
    let findings = std::fs::read_to_string(home.path().join("out/2026-10/findings.csv")).unwrap();
    assert_eq!(findings.lines().count(), 1, "{findings}");
}

#[test]
fn every_table_that_a_rule_reads_is_written_and_none_that_the_run_fills() {
    let home = company();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let written = |pack: &str| -> Vec<String> {
        let folder = home.path().join(pack);
        kesu(home.path(), &["init", "data", pack, "--rules", rules.to_str().unwrap(), "--pack", pack]).code(0);
        below(&folder).iter().map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    // a wage; events; copies and what must exist elsewhere; the route of a register; the losses of a summary
    let beside = [
        ("fanyong-kefu", &["工资表"][..]),
        ("ranqi-kefu", &["巡视台账"]),
        ("kesu-banfa", &["签收记录", "会同签章", "流转记录", "责任与损失"]),
    ];
    for (pack, names) in beside {
        let files = written(pack);
        assert!(names.iter().all(|name| files.iter().any(|file| file == name)), "{pack}: {files:?}");
    }
    // the run fills what it proposes; of the company it looks at nothing else
    assert_eq!(written("laodong-tishi"), [""; 0]);
}
