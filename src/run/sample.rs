//! Samples that packs describe themselves.

use std::path::Path;

use crate::calendar::Calendars;
use crate::diag::{Code, Diag, Diags, nearest};
use crate::rules::{self, Pack, RuleSet};
use crate::sample::{Report, plan};

use super::{Settings, month};

/// Writes the sample of one pack into `dir`.
///
/// # Errors
/// What is wrong with the rules or the pack's `sample.toml`, that it has none, and what cannot be written.
pub fn write(settings: &Settings, id: &str, dir: &Path, seed: u64) -> Result<Report, Diags> {
    let wanted = Settings { packs: vec![id.to_owned()], ..settings.clone() };
    let (rules, calendars, _, _) = month::rules_and_calendars(&wanted)?;
    let found = rules.packs.iter().find_map(|pack| Some((pack, plan::file(pack)?, calendars.get(&pack.calendar)?)));
    let Some((pack, file, calendar)) = found else { return Err(without(settings, id).into()) };
    plan::write(dir, &file, pack, &rules, calendar, seed)
}

/// What is wrong with the `sample.toml` of each pack, where its calendar is known.
pub fn check(settings: &Settings, rules: &RuleSet) -> Diags {
    let described: Vec<(&Pack, _)> = rules.packs.iter().filter_map(|pack| Some((pack, plan::file(pack)?))).collect();
    let mut diags = Diags::default();
    if described.is_empty() {
        return diags;
    }
    let calendars: Vec<Calendars> = month::calendar_folders(settings).iter().map(|folder| Calendars::load(folder).0).collect();
    for (pack, file) in described {
        if let Some(calendar) = calendars.iter().find_map(|some| some.get(&pack.calendar)) {
            diags.extend(plan::check(&file, pack, rules, calendar).err().unwrap_or_default());
        }
    }
    diags
}

fn without(settings: &Settings, id: &str) -> Diag {
    let (rules, _) = rules::load_for(&settings.rules, &rules::pack_ids(&settings.rules), settings.company_rules());
    let with: Vec<&str> = rules.packs.iter().filter(|pack| plan::file(pack).is_some()).map(|pack| pack.id.as_str()).collect();
    let near = nearest(id, with.iter().copied()).map(|near| format!("是不是 {near}？")).unwrap_or_default();
    let help = format!("{near}有 sample.toml 的规则包：{}", if with.is_empty() { "一个也没有".to_owned() } else { with.join("、") });
    Diag::error(Code::FileUnreadable, format!("规则包「{id}」没有 {}，写不出示例", rules::SAMPLE)).help(help)
}
