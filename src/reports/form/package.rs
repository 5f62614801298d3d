//! The zip of a workbook: parts that change are packed anew, every other member is copied as it lies there.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::diag::{Code, Diag, unwritable};

/// A form is a page or two with a picture; what is larger is something else.
const FILE_BYTES: u64 = 32 << 20;
/// Of one part that is read; pictures are never inflated.
const PART_BYTES: u64 = 8 << 20;
const MEMBERS: usize = 10_000;
/// Begins an xls, and an xlsx that was encrypted.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const MAIN_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const SAVE_AGAIN: &str = "在 Excel 或 WPS 里打开模板，另存为「Excel 工作簿 (*.xlsx)」";

#[derive(Debug, Clone)]
pub struct Package {
    pub file: PathBuf,
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
}

impl Package {
    /// # Errors
    /// The file cannot be read, or is no plain xlsx.
    pub fn open(file: &Path) -> Result<Self, Diag> {
        let unreadable = |error: std::io::Error| {
            Diag::error(Code::FileUnreadable, format!("单据模板打不开：{error}")).in_file(file).help("检查 template 的路径和文件权限")
        };
        let size = std::fs::metadata(file).map_err(unreadable)?.len();
        if size > FILE_BYTES {
            return Err(too_large(file, &format!("文件有 {} MB，超过 {} MB", size >> 20, FILE_BYTES >> 20)));
        }
        let bytes: Arc<[u8]> = std::fs::read(file).map_err(unreadable)?.into();
        if bytes.starts_with(&COMPOUND_FILE) {
            let diag = Diag::error(Code::FileEncrypted, "单据模板有打开密码，或是旧的 .xls 格式").in_file(file);
            return Err(diag.help(format!("取消密码；{SAVE_AGAIN}")));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(file, &format!("压缩包不完整（{e}）")))?;
        let mut package = Self { file: file.to_path_buf(), archive };
        package.check_members()?;
        match package.text("[Content_Types].xml")? {
            Some(types) if types.contains("macroEnabled") => Err(package.unsupported("带宏，不能用")),
            Some(types) if types.contains(MAIN_TYPE) => Ok(package),
            _ => Err(package.unsupported("不是 xlsx 工作簿（可能是 .xltx、.xlsb 或别的文件）")),
        }
    }

    fn unsupported(&self, what: &str) -> Diag {
        Diag::error(Code::FileUnsupported, format!("单据模板{what}")).in_file(&self.file).help(SAVE_AGAIN)
    }

    /// Members that filling would break, or that are no workbook's.
    fn check_members(&self) -> Result<(), Diag> {
        if self.archive.len() > MEMBERS {
            return Err(too_large(&self.file, &format!("里面有 {} 个文件，超过 {MEMBERS} 个", self.archive.len())));
        }
        let mut names = BTreeSet::new();
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_data(index).map_err(|e| damaged(&self.file, &format!("压缩包目录有误（{e}）")))?;
            if entry.encrypted() {
                let diag = Diag::error(Code::FileEncrypted, "单据模板是加密的压缩包").in_file(&self.file);
                return Err(diag.help(SAVE_AGAIN));
            }
            let name = entry.name().map(|name| name.to_lowercase()).unwrap_or_default();
            if name.ends_with("vbaproject.bin") {
                return Err(self.unsupported("带宏，不能用"));
            }
            if name.starts_with("_xmlsignatures/") {
                return Err(self.unsupported("有数字签名，填写会使签名失效"));
            }
            if !names.insert(name) {
                return Err(damaged(&self.file, "压缩包里有两个同名的文件"));
            }
        }
        Ok(())
    }

    /// Names of the members in their order.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// One part; `None` where there is none of this name.
    ///
    /// # Errors
    /// It is too large, broken, or no UTF-8.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Diag> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let broken = |why: &dyn std::fmt::Display| damaged(&self.file, &format!("「{name}」读不出（{why}）"));
        let member = self.archive.by_index(index).map_err(|e| broken(&e))?;
        if member.size() > PART_BYTES {
            let what = format!("其中「{name}」解开有 {} MB，超过 {} MB", member.size() >> 20, PART_BYTES >> 20);
            return Err(too_large(&self.file, &what));
        }
        let mut bytes = Vec::new();
        member.take(PART_BYTES + 1).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
            Err(_) => Err(broken(&"不是 UTF-8")),
        }
    }

    /// Writes the workbook with some parts replaced; the others keep their packed bytes.
    ///
    /// # Errors
    /// The file cannot be written, or the template is broken where it was not read before.
    pub fn write(&self, parts: &BTreeMap<String, String>, path: &Path) -> Result<(), Diag> {
        let mut archive = self.archive.clone();
        let failed = |error: ZipError| match error {
            ZipError::Io(error) => unwritable(path, &error),
            other => damaged(&self.file, &other.to_string()),
        };
        crate::fault::point("单据存盘以前");
        let file = std::fs::File::create(path).map_err(|e| unwritable(path, &e))?;
        let mut writer = ZipWriter::new(std::io::BufWriter::new(file));
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(failed)?;
            let replaced = member.name().ok().and_then(|name| Some((name.to_string(), parts.get(&*name)?)));
            match replaced {
                None => writer.raw_copy_file(member).map_err(failed)?,
                Some((name, text)) => {
                    let at = member.last_modified().unwrap_or_default();
                    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(at);
                    writer.start_file(name, options).map_err(failed)?;
                    writer.write_all(text.as_bytes()).map_err(|e| unwritable(path, &e))?;
                }
            }
        }
        let mut file = writer.finish().map_err(failed)?;
        file.flush().map_err(|e| unwritable(path, &e))
    }
}

pub fn damaged(file: &Path, what: &str) -> Diag {
    Diag::error(Code::FileDamaged, format!("单据模板已损坏：{what}")).in_file(file).help(SAVE_AGAIN)
}

fn too_large(file: &Path, what: &str) -> Diag {
    Diag::error(Code::FileTooLarge, format!("单据模板超过限额：{what}"))
        .in_file(file)
        .help("模板只放版面和占位；压缩图片，删掉多余的工作表和空白格式")
}
