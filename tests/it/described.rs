//! Samples that packs describe in a `sample.toml`: for every such pack a run finds what the plan says, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kesu::calendar::Period;
use kesu::diag::{self, Diags};
use kesu::normalise::Quiet;
use kesu::rules::SAMPLE;
use kesu::run::{self, Job, Keep, Loaded, Settings, end_of};

use crate::support::below;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixtures() -> PathBuf {
    root().join("tests/it/fixtures/several")
}

/// The company's own settings, with one pack of one folder of packs.
fn settings(rules: &Path, pack: &str) -> Settings {
    let own = Settings::read(root()).unwrap();
    Settings { rules: vec![rules.to_path_buf()], packs: vec![pack.to_owned()], ..own }
}

/// `(folder of packs, pack)` of every pack that describes its sample.
fn described() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for rules in [root().join("rules"), fixtures()] {
        let packs = kesu::rules::pack_ids(std::slice::from_ref(&rules));
        let (set, _) = kesu::rules::load(std::slice::from_ref(&rules), &packs, &[]);
        let with = set.packs.iter().filter(|pack| pack.folder.join(SAMPLE).is_file());
        found.extend(with.map(|pack| (rules.clone(), pack.id.clone())));
    }
    found
}

fn rendered(diags: Diags) -> String {
    diags.iter().map(|diag| format!("{}\n", diag::render(diag))).collect()
}

/// `month rule outcome subject`
type Lines = BTreeSet<(String, String, String, String)>;

fn answers(folder: &Path) -> Lines {
    let text = std::fs::read_to_string(folder.join("_答案/植入问题.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let line = |record: csv::StringRecord| (record[1].to_owned(), record[0].to_owned(), record[3].to_owned(), record[2].to_owned());
    reader.records().map(|record| line(record.unwrap())).collect()
}

/// The months of a sample, from the names of its folders and of what its answers speak of.
fn months(folder: &Path, answers: &Lines) -> BTreeSet<String> {
    let folders = below(folder).into_iter().filter_map(|file| Some(file.parent()?.to_str()?.to_owned()));
    folders.filter(|name| name.parse::<Period>().is_ok()).chain(answers.iter().map(|line| line.0.clone())).collect()
}

/// What is wrong with one pack's sample; nothing where it is as it should be.
fn faults(rules: &Path, pack: &str, seed: u64) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(rules, pack);
    settings.data = folder.path().to_path_buf();
    settings.out = folder.path().join("_out");
    if let Err(problems) = run::sample::write(&settings, pack, folder.path(), seed) {
        return vec![rendered(problems)];
    }
    let planned = answers(folder.path());
    let loaded = match Loaded::read(&settings, &Quiet) {
        Ok(loaded) => loaded,
        Err(problems) => return vec![rendered(problems)],
    };
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(loaded.normalised.rejects.iter().map(|reject| format!("搁置了一行：{reject:?}")));
    let lost = loaded.normalised.totals.iter().filter(|total| total.unrecognised + total.duplicate > 0);
    wrong.extend(lost.map(|total| format!("没有全部采用：{total:?}")));
    let months: Vec<Period> = months(folder.path(), &planned).iter().map(|month| month.parse().unwrap()).collect();
    let mut found = Lines::new();
    for period in &months {
        let job = Job { settings: settings.clone(), period: *period, as_of: end_of(period.last), verdicts: false, ledger: None };
        match loaded.judge(&job, Keep::Findings, &Quiet) {
            Ok(judged) => found.extend(judged.findings.iter().map(|finding| {
                (period.to_string(), finding.rule.to_string(), finding.outcome.name().to_owned(), finding.subject.to_string())
            })),
            Err(problems) => wrong.push(rendered(problems)),
        }
    }
    wrong.extend(planned.difference(&found).map(|line| format!("没有查出：{line:?}")));
    wrong.extend(found.difference(&planned).map(|line| format!("多查出：{line:?}")));
    if let Some(period) = months.last() {
        let job = Job { settings, period: *period, as_of: end_of(period.last), verdicts: true, ledger: None };
        wrong.extend(run::run(&job, &Quiet).err().map(rendered));
    }
    wrong
}

#[test]
fn what_the_packs_planned_is_found_and_nothing_else() {
    let packs = described();
    let next = std::sync::Mutex::new(packs.iter());
    let all = std::sync::Mutex::new(Vec::new());
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                loop {
                    let Some((rules, pack)) = next.lock().unwrap().next() else { break };
                    let wrong = faults(rules, pack, 1);
                    if !wrong.is_empty() {
                        all.lock().unwrap().push(format!("规则包 {pack}（{} 处不符）：\n  {}", wrong.len(), wrong.join("\n  ")));
                    }
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap();
    all.sort();
    assert!(packs.len() >= 2, "the fixtures describe samples: {packs:?}");
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_committed_samples_are_what_seed_1_gives() {
    let mut stale = Vec::new();
    for (rules, pack) in described().into_iter().filter(|(rules, _)| *rules == root().join("rules")) {
        let folder = tempfile::tempdir().unwrap();
        let written = run::sample::write(&settings(&rules, &pack), &pack, folder.path(), 1);
        let committed = root().join("sample-data").join(&pack);
        let bytes = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
            below(folder).into_iter().map(|file| (file.clone(), std::fs::read(folder.join(file)).unwrap())).collect()
        };
        if written.is_err() || !committed.is_dir() || bytes(folder.path()) != bytes(&committed) {
            stale.push(format!("kesu sample sample-data/{pack} --pack {pack}"));
        }
    }
    assert!(stale.is_empty(), "to be written anew:\n{}", stale.join("\n"));
}

#[test]
fn any_seed_gives_a_sample_that_keeps_to_the_plan() {
    for seed in 2..8 {
        assert_eq!(faults(&fixtures(), "baoxiu", seed), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for folder in &folders {
        run::sample::write(&settings(&fixtures(), "baoxiu"), "baoxiu", folder.path(), 7).unwrap();
    }
    let [first, second] = folders
        .map(|folder| below(folder.path()).into_iter().map(|file| std::fs::read(folder.path().join(file)).unwrap()).collect::<Vec<_>>());
    assert!(first == second);
}

#[test]
fn the_planted_rows_are_where_the_answers_say() {
    let folder = tempfile::tempdir().unwrap();
    let report = run::sample::write(&settings(&fixtures(), "baoxiu"), "baoxiu", folder.path(), 1).unwrap();
    let files: Vec<String> = report.files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    assert_eq!(files, ["2026-09/报修单-2026年9月.xlsx", "2026-10/报修单-2026年10月.xlsx", "_答案/植入问题.csv"]);
    // 24 and 30 rows and the one that was added; the hidden list of people is no table
    assert_eq!(report.rows, 24 + 31);
    let by_rule = |month: &str, rule: &str| answers(folder.path()).iter().filter(|line| line.0 == month && line.1 == rule).count();
    // two late ones and the one that stays open; October finds September's open one again
    assert_eq!((by_rule("2026-09", "banjie"), by_rule("2026-10", "banjie")), (3, 4));
    assert_eq!((by_rule("2026-09", "daochang"), by_rule("2026-10", "daochang")), (3, 3));
    assert_eq!((by_rule("2026-09", "manyi-lv"), by_rule("2026-10", "manyi-lv")), (0, 1));
    assert_eq!(by_rule("2026-10", "fakuan"), 0, "it waits for a parameter");
}

#[test]
fn a_wrong_plan_is_refused_with_what_is_wrong_where() {
    let home = tempfile::tempdir().unwrap();
    for file in below(&fixtures()) {
        let target = home.path().join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(fixtures().join(&file), target).unwrap();
    }
    let plan = home.path().join("baoxiu").join(SAMPLE);
    let refused = |text: &str, wanted: &str| {
        std::fs::write(&plan, text).unwrap();
        let target = tempfile::tempdir().unwrap();
        let problems = run::sample::write(&settings(home.path(), "baoxiu"), "baoxiu", target.path(), 1).unwrap_err();
        let said = rendered(problems);
        assert!(said.contains(wanted) && said.contains(SAMPLE), "{wanted}\n{said}");
        assert!(below(target.path()).is_empty());
    };
    let table = "[[dataset]]\ntable = \"报修单\"\nmonthly = 3\n[dataset.fields]\n\"报修单号\" = \"BX{seq:03}\"\n";
    refused("[[dataset]]\ntable = \"报修台\"\nmonthly = 3\n", "是不是「报修单」");
    refused("[[dataset]]\ntable = \"报修单\"\n", "没有写几行");
    refused("[[dataset]]\ntable = \"报修单\"\nmonthly = [1, 2, 3]\n", "2 个月各自的行数");
    refused(&format!("[sample]\nmonths = []\n{table}"), "sample.toml:2");
    refused(&format!("[sample]\nmonths = []\n{table}"), "至少写一个月");
    refused(&format!("[sample]\nyear = 999999\n{table}"), "没有 999999 年");
    let plant = format!("{table}[[plant]]\ntable = \"报修单\"\n");
    refused(&format!("{plant}finds = [{{ rule = \"banjie\", month = [\"2026-09\", 10] }}]\n"), "月份要加引号");
    refused(&format!("{plant}finds = [{{ rule = \"banjie\", month = [] }}]\n"), "至少一个");
    refused(&format!("{table}\"渠到\" = \"电话\"\n"), "是不是「渠道」");
    refused(&format!("{table}\"渠道\" = \"传真\"\n"), "「传真」不能写进字段「渠道」");
    refused(&format!("{table}\"渠道\" = {{ chioce = [\"电话\"] }}\n"), "没有写怎么来");
    refused(&format!("{table}\"报修时间\" = {{ day = \"1..20\", tiem = \"08:00\" }}\n"), "是不是 time");
    refused(&format!("{table}\"接单人\" = \"{{员工.姓名}}\"\n"), "前面没有表");
    refused(&format!("{table}\"接单人\" = \"{{班组}}\"\n\"班组\" = \"{{接单人}}\"\n"), "互相引用");
    refused(&format!("{table}[[plant]]\ntable = \"报修单\"\ncount = 4\n"), "只有 3 行");
    refused(&format!("{table}[[plant]]\ntable = \"报修单\"\nfinds = [\"banjia\"]\n"), "是不是「banjie」");
    refused(&format!("{table}[[plant]]\ntable = \"报修单\"\nmonths = [\"2026-11\"]\n"), "没有「2026-11」这个月");
    refused(&format!("{table}[[expect]]\nrule = \"manyi-lv\"\n"), "要写 rule 和 subject");
}

#[test]
fn a_pack_without_a_plan_names_those_that_have_one() {
    let target = tempfile::tempdir().unwrap();
    let said = rendered(run::sample::write(&settings(&fixtures(), "xunshi"), "xunshi", target.path(), 1).unwrap_err());
    assert!(said.contains("规则包「xunshi」没有 sample.toml") && said.contains("baoxiu、zhouhui"), "{said}");
}
