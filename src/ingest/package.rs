//! A look into the zip before a parser opens it. The zip crate enforces the declared sizes while inflating, so that they can
//! be relied upon.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::format::Format;
use super::{Limits, problem};
use crate::diag::Diag;

/// Members below this size are never suspicious, however well they are packed.
const SMALL: u64 = 16 << 20;
/// Sheets pack at about 10 : 1; text that packs much better is repeated by machine, and is read under a memory limit.
const SUSPICIOUS_RATIO: u64 = 200;
const MEGABYTE: u64 = 1 << 20;

/// What the zip's directory says.
pub struct Package {
    pub format: Format,
    pub suspicious: bool,
}

/// Checks sizes and finds out which kind of workbook the zip holds.
pub fn look(path: &Path, limits: &Limits) -> Result<Package, Diag> {
    let file = File::open(path).map_err(|e| problem::unreadable(path, &e))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| problem::damaged(path, &format!("压缩包不完整（{e}）")))?;
    let mut names = Vec::with_capacity(archive.len());
    let (mut total, mut suspicious, mut strings) = (0u64, false, None);
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|e| problem::damaged(path, &format!("压缩包目录有误（{e}）")))?;
        let name = entry.name().map(|n| n.replace('\\', "/").to_lowercase()).unwrap_or_default();
        if entry.encrypted() {
            return Err(problem::encrypted(path));
        }
        let (packed, size) = (entry.compressed_size().max(1), entry.size());
        if size > SMALL && size / packed >= limits.inflate_ratio {
            let what = format!(
                "其中「{name}」只有 {} KB，解开却有 {} MB，超过 {} 倍，像是恶意文件",
                packed >> 10,
                size / MEGABYTE,
                limits.inflate_ratio
            );
            return Err(problem::too_large(path, &what));
        }
        suspicious |= size > SMALL && size / packed > SUSPICIOUS_RATIO;
        total = total.saturating_add(size);
        if name.ends_with("sharedstrings.xml") {
            strings = Some(index);
        }
        names.push(name);
    }
    if total > limits.inflated_bytes {
        let what = format!("解开后有 {} MB，超过 {} MB", total / MEGABYTE, limits.inflated_bytes / MEGABYTE);
        return Err(problem::too_large(path, &what));
    }
    let format = kind(&names).ok_or_else(|| problem::unsupported(path, "这是一个压缩包，里面不是表格"))?;
    if let Some(index) = strings {
        check_strings(&mut archive, index, path, limits)?;
    }
    Ok(Package { format, suspicious })
}

fn kind(names: &[String]) -> Option<Format> {
    let has = |wanted: &str| names.iter().any(|n| n.ends_with(wanted));
    if has("workbook.bin") {
        Some(Format::Xlsb)
    } else if has("_rels/.rels") || has("[content_types].xml") {
        Some(Format::Xlsx)
    } else if has("content.xml") || has("mimetype") {
        Some(Format::Ods)
    } else {
        None
    }
}

/// The parser reserves room for as many strings as the file claims to hold.
fn check_strings(archive: &mut ZipArchive<BufReader<File>>, index: usize, path: &Path, limits: &Limits) -> Result<(), Diag> {
    let mut head = Vec::new();
    let member = archive.by_index(index).map_err(|e| problem::damaged(path, &format!("文字表打不开（{e}）")))?;
    member.take(8 << 10).read_to_end(&mut head).map_err(|e| problem::damaged(path, &format!("文字表读不出（{e}）")))?;
    let head = String::from_utf8_lossy(&head);
    let claimed = head.split_once("uniqueCount").and_then(|(_, rest)| {
        let digits = rest.trim_start_matches([' ', '=', '"', '\'']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        (end > 0).then(|| digits[..end].parse::<u64>().unwrap_or(u64::MAX))
    });
    match claimed {
        Some(count) if count > limits.shared_strings => {
            Err(problem::too_large(path, &format!("不同文字有 {count} 条，超过 {} 条", limits.shared_strings)))
        }
        _ => Ok(()),
    }
}
