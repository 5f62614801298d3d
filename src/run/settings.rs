//! `kesu.toml`: where things are, the company's name, and what the company decided for itself.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::diag::{Code, Diag, Place};
use crate::dispose::Choice;
use crate::ingest::Limits;
use crate::rules::{Company, Param, Pick};

/// Rows above which a table holds values instead of formulas: spreadsheet programs recalculate the rest for minutes.
const FORMULA_ROWS: usize = 20_000;

/// Settings with every path made absolute or relative to the working directory.
#[derive(Debug, Clone)]
pub struct Settings {
    pub company: String,
    pub rules: Vec<PathBuf>,
    /// Where calendars are looked for besides: the settings' own rules folders, also when `--rules` names others.
    pub shared_rules: Vec<PathBuf>,
    pub data: PathBuf,
    pub out: PathBuf,
    /// Ids; empty means every pack found.
    pub packs: Vec<String>,
    pub period: Option<String>,
    pub formula_rows: usize,
    pub limits: Limits,
    pub params: Vec<Param>,
    pub forms: Vec<OwnForm>,
    pub picks: Vec<Pick>,
    /// Which packs punish what several of them speak about.
    pub charges: Vec<Choice>,
    /// The file itself, for the manifest.
    pub file: Option<PathBuf>,
}

/// A form of the company's own, for one notice.
#[derive(Debug, Clone)]
pub struct OwnForm {
    /// Notice rule, `pack/rule`.
    pub notice: String,
    pub template: PathBuf,
    pub place: Place,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    company: Option<String>,
    rules: Option<OneOrMany<PathBuf>>,
    data: Option<PathBuf>,
    out: Option<PathBuf>,
    packs: Vec<String>,
    period: Option<String>,
    formula_rows: Option<usize>,
    limits: Limits,
    param: Vec<WrittenParam>,
    form: Vec<WrittenForm>,
    resolve: Vec<WrittenPick>,
    charge: Vec<WrittenCharge>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenForm {
    notice: serde_spanned::Spanned<String>,
    template: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn many(self) -> Vec<T> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenParam {
    rule: serde_spanned::Spanned<String>,
    name: String,
    value: String,
    from: toml::value::Datetime,
    cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPick {
    id: serde_spanned::Spanned<String>,
    pick: OneOrMany<String>,
    cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCharge {
    event: serde_spanned::Spanned<String>,
    pack: OneOrMany<String>,
    cite: String,
}

impl Settings {
    /// What the company decided for itself about the rules.
    pub fn company_rules(&self) -> Company<'_> {
        Company { params: &self.params, picks: &self.picks }
    }

    /// The ledger where nobody names another.
    pub fn ledger(&self) -> PathBuf {
        self.out.join("ledger.sqlite")
    }

    /// Reads `kesu.toml` in `folder`; without one, the defaults: `rules`, `data`, `out` beside the working directory.
    pub fn read(folder: &Path) -> Result<Self, Vec<Diag>> {
        let file = folder.join("kesu.toml");
        if !file.is_file() {
            return Self::check(Written::default(), folder, None);
        }
        let text = std::fs::read_to_string(&file).map_err(|e| {
            vec![
                Diag::error(Code::SettingsInvalid, format!("设置文件打不开：{e}"))
                    .in_file(&file)
                    .help("检查文件权限，或把文件另存为 UTF-8 编码"),
            ]
        })?;
        let written = toml::from_str(&text).map_err(|e| {
            vec![
                Diag::error(Code::SettingsInvalid, format!("设置文件写法有误：{}", e.message()))
                    .in_text(&file, e.span().unwrap_or(0..0))
                    .help("可用的键：company rules data out packs period formula_rows limits param form resolve charge"),
            ]
        })?;
        Self::check(written, folder, Some(file))
    }

    fn check(written: Written, folder: &Path, file: Option<PathBuf>) -> Result<Self, Vec<Diag>> {
        let under = |path: PathBuf| if folder == Path::new(".") { path } else { folder.join(path) };
        let mut problems = Vec::new();
        let mut params = Vec::new();
        for param in written.param {
            match checked_param(param, file.as_deref()) {
                Ok(param) => params.push(param),
                Err(problem) => problems.push(problem),
            }
        }
        let mut picks = Vec::new();
        for pick in written.resolve {
            match checked_pick(pick, file.as_deref()) {
                Ok(pick) => picks.push(pick),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let charges = written.charge.into_iter().map(|charge| Choice {
            place: place(file.as_deref(), charge.event.span()),
            event: charge.event.into_inner(),
            packs: charge.pack.many(),
            cite: charge.cite,
        });
        let charges = charges.collect();
        let forms = written.form.into_iter().map(|form| OwnForm {
            place: place(file.as_deref(), form.notice.span()),
            notice: form.notice.into_inner(),
            template: under(form.template),
        });
        let forms = forms.collect();
        let rules: Vec<PathBuf> = match written.rules {
            None => vec![under("rules".into())],
            Some(paths) => paths.many().into_iter().map(under).collect(),
        };
        Ok(Self {
            company: written.company.unwrap_or_default(),
            shared_rules: rules.clone(),
            rules,
            data: under(written.data.unwrap_or_else(|| "data".into())),
            out: under(written.out.unwrap_or_else(|| "out".into())),
            packs: written.packs,
            period: written.period,
            formula_rows: written.formula_rows.unwrap_or(FORMULA_ROWS),
            limits: written.limits,
            params,
            forms,
            picks,
            charges,
            file,
        })
    }
}

fn checked_param(written: WrittenParam, file: Option<&Path>) -> Result<Param, Diag> {
    let wrong = |message: String, help: &str| {
        let diag = Diag::error(Code::SettingsInvalid, message).help(help);
        match file {
            Some(file) => diag.in_text(file, written.rule.span()),
            None => diag,
        }
    };
    let Some((pack, rule)) = written.rule.get_ref().split_once('/') else {
        return Err(wrong(
            format!("参数所属规则「{}」要写成 规则包/规则", written.rule.get_ref()),
            "例如 rule = \"kesu-banfa/bumen-fakou\"",
        ));
    };
    let from = written
        .from
        .date
        .and_then(|d| chrono::NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
        .ok_or_else(|| wrong(format!("参数「{}」的生效日读不懂", written.name), "例如 from = 2026-01-01"))?;
    Ok(Param {
        pack: pack.to_owned(),
        rule: rule.to_owned(),
        name: written.name,
        value: written.value,
        from,
        cite: written.cite,
        place: place(file, written.rule.span()),
    })
}

fn checked_pick(written: WrittenPick, file: Option<&Path>) -> Result<Pick, Diag> {
    let place = place(file, written.id.span());
    let Some((pack, id)) = written.id.get_ref().split_once('/') else {
        let message = format!("取舍「{}」要写成 规则包/编号", written.id.get_ref());
        return Err(Diag::error(Code::SettingsInvalid, message).at(place).help("例如 id = \"kesu-banfa/X01\""));
    };
    let pick = written.pick.many();
    Ok(Pick { pack: pack.to_owned(), id: id.to_owned(), pick, cite: written.cite, place })
}

fn place(file: Option<&Path>, span: std::ops::Range<usize>) -> Place {
    file.map_or(Place::Nowhere, |file| Place::Text { file: file.to_path_buf(), span })
}
