//! What goes wrong outside: killed, full, read-only, damaged, newer, edited, and two at once.

use std::process::Stdio;
use std::time::{Duration, Instant};

use kesu::ledger::store::problems;

use super::books::{Company, OCTOBER, said, with};

/// Everything that a run leaves, as an undisturbed company has it.
fn undisturbed() -> (std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>, Vec<u8>) {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    (company.outputs("2026-10"), std::fs::read(company.ledger()).unwrap())
}

#[test]
fn a_run_killed_before_or_after_the_commit_is_mended_by_the_next() {
    let (outputs, ledger) = undisturbed();
    for (point, entries) in [("账本提交以前", "0"), ("输出就位以前", "1")] {
        let company = Company::new(OCTOBER);
        let killed = company.command(&["run", "--period", "2026-10"]).env("KESU_DIE_AT", point).output().unwrap();
        assert!(!killed.status.success(), "{point}");
        assert!(!company.path("out/2026-10").exists(), "{point}: nothing was published");
        let journal = rusqlite::Connection::open(company.ledger()).unwrap();
        let count = journal.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'", [], |row| row.get::<_, i64>(0)).unwrap();
        let found = if count == 0 { 0 } else { journal.query_row("SELECT count(*) FROM journal", [], |row| row.get::<_, i64>(0)).unwrap() };
        assert_eq!(found.to_string(), entries, "{point}");
        drop(journal);
        company.run("2026-10").success();
        assert!(outputs == company.outputs("2026-10"), "{point}: the files are those of an undisturbed run");
        assert!(ledger == std::fs::read(company.ledger()).unwrap(), "{point}: and so is the ledger");
    }
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_ledger_before_or_after() {
    let (outputs, _) = undisturbed();
    let company = Company::new(OCTOBER);
    let start = Instant::now();
    company.run("2026-09").success();
    let whole = start.elapsed();
    let steps = 12;
    for step in 0..steps {
        let mut run = company.command(&["run", "--period", "2026-10"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * step / steps + Duration::from_millis(u64::from(step) * 7));
        run.kill().unwrap();
        run.wait().unwrap();
        let entries = company.ask("SELECT count(*) FROM journal").concat().concat();
        assert!(entries == "1" || entries == "2", "{entries} entries");
    }
    company.run("2026-10").success();
    assert_eq!(problems(&company.ledger()).unwrap(), Vec::<String>::new());
    let names: Vec<String> =
        std::fs::read_dir(company.path("out")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.contains(&"2026-10".to_owned()), "{names:?}");
    let forms =
        |outputs: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| outputs[std::path::Path::new("罚款通知单.xlsx")].clone();
    assert!(forms(&outputs) == forms(&company.outputs("2026-10")), "the notices are those of an undisturbed run");
}

#[test]
fn of_two_runs_at_once_the_second_waits_and_enters_nothing_of_its_own() {
    let company = Company::new(OCTOBER);
    let spawn = || company.command(&["run", "--period", "2026-10"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let runs = [spawn(), spawn()].map(|run| run.wait_with_output().unwrap());
    for run in runs {
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    assert_eq!(company.ask("SELECT count(*) FROM journal"), [["1"]]);
    assert_eq!(company.ask("SELECT count(*), count(DISTINCT number) FROM numbers"), [["3", "3"]]);
}

#[test]
fn a_ledger_that_somebody_else_holds_stops_the_run_with_a_clear_word() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let before = company.outputs("2026-10");
    let holder = rusqlite::Connection::open(company.ledger()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    company.register("");
    let refused = company.run("2026-10").code(3);
    assert!(said(&refused).contains("另一个 kesu 正在写这本账"), "{}", said(&refused));
    assert!(before == company.outputs("2026-10"));
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_ledger_and_output_as_they_were() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let (outputs, entries) = (company.outputs("2026-10"), company.ask("SELECT * FROM journal"));
    company.register(&format!("{OCTOBER}4,2026-10-09,丁,制造部,违纪\n"));
    for blocks in [0, 1, 2, 4, 8, 16, 24] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' run --period 2026-10", env!("CARGO_BIN_EXE_kesu"));
        let refused = assert_cmd::Command::new("bash").current_dir(company.home.path()).args(["-c", &script]).assert().code(3);
        assert!(!said(&refused).contains("程序内部错误"), "{blocks}: {}", said(&refused));
        assert!(outputs == company.outputs("2026-10"), "{blocks}: the output is as it was");
        assert_eq!(company.ask("SELECT * FROM journal"), entries, "{blocks}: and so is the ledger");
    }
    company.run("2026-10").success();
    assert_eq!(problems(&company.ledger()).unwrap(), Vec::<String>::new());
}

#[test]
fn a_ledger_that_cannot_be_made_stops_the_run_before_anything_is_written() {
    let company = Company::new(OCTOBER);
    std::fs::write(company.path("file"), "").unwrap();
    let refused = company.kesu(&["run", "--period", "2026-10", "--ledger", "file/ledger.sqlite"]).code(3);
    assert!(said(&refused).contains("output-unwritable"), "{}", said(&refused));
    assert!(!company.path("out/2026-10").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_stops_every_command_and_nothing_changes() {
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let number = company.ask("SELECT min(number) FROM numbers").concat().concat();
    company.filled("approve", "2026-10", &[(&number, &with(&[("决定", "批准")]))]);
    company.register("");
    let outputs = company.outputs("2026-10");
    let mode = |path: &std::path::Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for folder in [company.path("out"), company.home.path().to_path_buf()] {
        mode(&folder, 0o555);
    }
    mode(&company.ledger(), 0o444);
    let (before, names) = (std::fs::read(company.ledger()).unwrap(), std::fs::read_dir(company.path("out")).unwrap().count());
    // root may write everywhere
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let commands: [&[&str]; 4] = [
        &["run", "--period", "2026-10"],
        &["approve", "filled.xlsx"],
        &["close", "--period", "2026-10", "--on", "2026-12-10", "--by", "李会计"],
        &["audit", "--period", "2026-10"],
    ];
    for args in commands {
        let mut command = company.command(args);
        if is_root {
            command.uid(65534).gid(65534);
        }
        let refused = command.output().unwrap();
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(3), "{args:?}: {words}");
        assert!(words.contains("output-unwritable"), "{args:?}: {words}");
        assert!(outputs == company.outputs("2026-10") && before == std::fs::read(company.ledger()).unwrap(), "{args:?}");
        assert_eq!(std::fs::read_dir(company.path("out")).unwrap().count(), names, "{args:?}: nothing is left behind");
    }
    for folder in [company.home.path().to_path_buf(), company.path("out")] {
        mode(&folder, 0o755);
    }
}

/// How a ledger is spoilt.
type Spoil<'a> = Box<dyn Fn() + 'a>;

#[test]
fn a_newer_a_damaged_a_foreign_and_an_edited_ledger_are_refused_and_left_alone() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    std::fs::write(company.path("旧账.csv"), "奖罚台账\n通知单号,开单日期,受罚人,罚款额\nJ-7,2026-09-20,甲,50\n").unwrap();
    let (good, outputs) = (std::fs::read(company.ledger()).unwrap(), company.outputs("2026-10"));
    std::fs::copy(company.path("out/2026-10/奖罚汇总表.xlsx"), company.path("filled.xlsx")).unwrap();
    let sql = |sql: &str| {
        let conn = rusqlite::Connection::open(company.ledger()).unwrap();
        conn.execute_batch(sql).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    };
    let cases: [(&str, &str, Spoil<'_>); 6] = [
        ("newer", "更新的 kesu 写的", Box::new(|| sql("PRAGMA user_version = 99"))),
        ("garbage", "没有改动", Box::new(|| std::fs::write(company.ledger(), vec![7u8; 5000]).unwrap())),
        ("cut", "没有改动", Box::new(|| std::fs::write(company.ledger(), &good[..good.len() / 2]).unwrap())),
        ("foreign", "不是 kesu 的账本", Box::new(|| sql("PRAGMA application_id = 1"))),
        ("edited", "账本被改动过", Box::new(|| sql("DROP TRIGGER notices_kept; UPDATE notices SET amount = '1.00'"))),
        (
            "edited without a trace in the schema",
            "所记的行被改过",
            Box::new(|| {
                let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'notices_kept'";
                let conn = rusqlite::Connection::open(company.ledger()).unwrap();
                let text: String = conn.query_row(trigger, [], |row| row.get(0)).unwrap();
                conn.execute_batch(&format!("DROP TRIGGER notices_kept; UPDATE notices SET amount = '1.00'; {text}")).unwrap();
            }),
        ),
    ];
    for (name, words, spoil) in cases {
        std::fs::write(company.ledger(), &good).unwrap();
        spoil();
        let spoilt = std::fs::read(company.ledger()).unwrap();
        company.register(&format!("{OCTOBER}4,2026-10-09,丁,制造部,违纪\n"));
        let refused = company.run("2026-10").code(3);
        assert!(said(&refused).contains(words), "{name}: {}", said(&refused));
        assert!(spoilt == std::fs::read(company.ledger()).unwrap(), "{name}: the ledger is left alone");
        assert!(outputs == company.outputs("2026-10"), "{name}: and so is the output");
        let others: [&[&str]; 5] = [
            &["approve", "filled.xlsx"],
            &["appeal", "filled.xlsx"],
            &["close", "--period", "2026-10", "--on", "2026-12-10", "--by", "李会计"],
            &["ledger", "import", "旧账.csv"],
            &["audit", "--period", "2026-10"],
        ];
        for args in others {
            let refused = said(&company.kesu(args).code(3));
            assert!(refused.contains(words), "{name} {args:?}: {refused}");
            assert!(spoilt == std::fs::read(company.ledger()).unwrap(), "{name} {args:?}");
        }
        company.kesu(&["verify", "out/2026-10"]).code(3);
    }
}
