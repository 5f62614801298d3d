//! Which format a file is: by its content first, by its name only where the content leaves it open.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::discover::extension;
use super::{Limits, package, problem};
use crate::diag::Diag;

/// A format with a reader of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Xlsb,
    Ods,
    Text,
}

impl Format {
    pub const ALL: [Format; 5] = [Format::Xlsx, Format::Xls, Format::Xlsb, Format::Ods, Format::Text];

    /// As on the child's command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Xlsb => "xlsb",
            Format::Ods => "ods",
            Format::Text => "text",
        }
    }

    fn usual(self, extension: &str) -> bool {
        match self {
            Format::Xlsx => matches!(extension, "xlsx" | "xlsm" | "xltx" | "xltm"),
            Format::Text => matches!(extension, "csv" | "txt" | "tsv"),
            other => extension == other.name(),
        }
    }
}

/// The format of a file and what was decided to find it.
pub struct Found {
    pub format: Format,
    /// To be read under a memory limit.
    pub suspicious: bool,
    pub choices: Vec<String>,
}

const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Recognises the format and refuses what is too large, encrypted or unknown.
pub fn detect(path: &Path, limits: &Limits) -> Result<Found, Diag> {
    let unreadable = |e: std::io::Error| problem::unreadable(path, &e);
    let mut file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size == 0 {
        return Err(problem::damaged(path, "文件是空的（0 字节）"));
    }
    if size > limits.file_bytes {
        let what = format!("文件有 {} MB，超过 {} MB", size >> 20, limits.file_bytes >> 20);
        return Err(problem::too_large(path, &what));
    }
    let mut head = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut head).map_err(unreadable)?;
    let extension = extension(path).unwrap_or_default();
    let (format, suspicious) = if head.starts_with(&OLE) {
        if mentions_encryption(path).map_err(unreadable)? {
            return Err(problem::encrypted(path));
        }
        (Format::Xls, false)
    } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let package = package::look(path, limits)?;
        (package.format, package.suspicious)
    } else {
        (text_or_nothing(path, &head, &extension)?, false)
    };
    let mut choices = Vec::new();
    if !format.usual(&extension) {
        let taken = if format == Format::Text { "文本" } else { format.name() };
        choices.push(format!("扩展名是「{extension}」，内容是 {taken}，按内容读"));
    }
    Ok(Found { format, suspicious, choices })
}

/// An encrypted workbook is an OLE container with a stream of this name in its directory.
fn mentions_encryption(path: &Path) -> std::io::Result<bool> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut file = BufReader::new(File::open(path)?);
    let mut window = vec![0; 1 << 20];
    let mut kept = 0;
    loop {
        let count = file.read(&mut window[kept..])?;
        if count == 0 {
            return Ok(false);
        }
        let filled = kept + count;
        if window[..filled].windows(name.len()).any(|piece| piece == name) {
            return Ok(true);
        }
        let overlap = filled.min(name.len() - 1);
        window.copy_within(filled - overlap..filled, 0);
        kept = overlap;
    }
}

fn text_or_nothing(path: &Path, head: &[u8], extension: &str) -> Result<Format, Diag> {
    let plain: String = String::from_utf8_lossy(head).chars().filter(|c| *c != '\0').collect();
    let start = plain.trim_start_matches(['\u{feff}', '\u{fffd}', ' ', '\t', '\r', '\n']).to_lowercase();
    if start.starts_with('<') && ["<html", "<table", "<!doctype html"].iter().any(|tag| start.contains(tag)) {
        return Err(problem::unsupported(path, "内容是网页（HTML）表格，只是取了表格的扩展名"));
    }
    if start.starts_with("mime-version:") {
        return Err(problem::unsupported(path, "内容是单个文件网页（MHT），只是取了表格的扩展名"));
    }
    if start.starts_with("<?xml") {
        return Err(problem::unsupported(path, "内容是 XML（例如「XML 表格 2003」），不是可读的工作簿"));
    }
    if start.starts_with("%pdf") || start.starts_with("{\\rtf") {
        return Err(problem::unsupported(path, "内容是文档（PDF 或 RTF），不是表格"));
    }
    if super::encoding::looks_binary(head) {
        return Err(if Format::Text.usual(extension) {
            problem::unsupported(path, "内容不是文字，也不是认识的表格格式")
        } else {
            problem::damaged(path, "开头不是表格文件应有的内容")
        });
    }
    Ok(Format::Text)
}
